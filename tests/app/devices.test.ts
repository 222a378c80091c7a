// Devices against a real server: revoking ends what is open, at once, and nothing else. Changes by the command line are audited with and without it.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readRunFile } from '../../src/config/run-file.ts';
import { tokenResponse } from '../../src/http/contract.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createAudit } from '../../src/security/audit.ts';
import { createKeyFiles } from '../../src/store/key-file.ts';
import { type CommandHome, openCommandHome } from './command-line.ts';

let here: CommandHome;
beforeEach(() => {
  here = openCommandHome({});
});
afterEach(() => here.close());

const json = async (...words: string[]) => {
  const { code, stdout } = await here.run(...words, '--json');
  return { code, answer: JSON.parse(stdout) };
};
const port = (): number => readRunFile(here.home)?.port ?? 0;
const ask = (path: string, token: string, init: RequestInit = {}) =>
  fetch(`http://127.0.0.1:${port()}${path}`, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } });
const kinds = () =>
  here.inStore(async (store) => {
    const audit = createAudit({ store: store.audit, keys: createKeyFiles(`${here.home}.secret`), clock: systemClock, redact: (text) => text });
    expect(await audit.verify()).toMatchObject({ ok: true });
    return (await store.audit.after(0, 100)).map(({ kind, detail }) => `${kind} ${detail.by ?? detail.actor ?? ''}`.trim());
  });

const add = async (name: string): Promise<{ token: string; device: { id: string } }> => {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name }) };
  const response = await ask('/api/tokens', readRunFile(here.home)?.token ?? '', init);
  return tokenResponse.parse(await response.json());
};

/** Reads a stream to its end. */
async function drained(response: Response): Promise<string> {
  return response.text();
}

describe('with a running server', { timeout: 90_000 }, () => {
  test('attack: a stolen token keeps a stream open after it was revoked', async () => {
    const server = await here.start();
    const phone = await add('phone');
    const laptop = await add('laptop');
    const stop = new AbortController();
    const streams = [
      await ask('/api/events', phone.token),
      await ask('/api/events', phone.token),
      await ask('/api/events', laptop.token, { signal: stop.signal }),
    ];
    expect(streams.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await json('devices', 'list')).answer.devices.map(({ name }: { name: string }) => name)).toEqual(['phone', 'laptop']);

    const ends = streams.slice(0, 2).map(drained);
    let laptopEnded = false;
    drained(streams[2] as Response).then(
      () => (laptopEnded = true),
      () => undefined,
    );
    expect(await json('devices', 'revoke', phone.device.id)).toMatchObject({ code: 0, answer: { revoked: phone.device.id } });
    for (const text of await Promise.all(ends)) expect(text).toContain(': connected');
    const after = await ask('/api/status', phone.token);
    expect(after.status).toBe(401);
    expect(await after.json()).toMatchObject({ error: { code: 'unauthenticated', rule: 'R6' } });
    expect((await ask('/api/status', laptop.token)).status).toBe(200);
    expect(laptopEnded).toBe(false);
    stop.abort();

    for (const id of [phone.device.id, 'run']) expect((await ask(`/api/devices/${id}`, laptop.token, { method: 'DELETE' })).status).toBe(404);
    await server.end('SIGTERM');
    expect(await kinds()).toEqual(expect.arrayContaining(['device-add api:run', 'device-revoke cli:run']));
  });

  test('a device revokes itself; configuration, models and secrets change through the server, audited', async () => {
    const server = await here.start();
    const { token, device } = await add('browser');
    const stream = await ask('/api/events', token);
    const current = await (await ask('/api/devices', token)).json();
    expect(current).toMatchObject({ current: device.id, devices: [{ id: device.id, name: 'browser' }] });
    expect(JSON.stringify(current)).not.toContain('Hash');
    expect((await ask(`/api/devices/${device.id}`, token, { method: 'DELETE' })).status).toBe(200);
    await drained(stream);
    expect((await ask('/api/status', token)).status).toBe(401);

    expect(await json('config', 'set', 'limits.dayCost', '3')).toMatchObject({ code: 0 });
    expect((await here.run('config', 'get', 'limits.dayCost')).stdout).toBe('3\n');
    expect(await json('config', 'set', 'limits.dayCost', '-3')).toMatchObject({ code: 3, answer: { error: { code: 'config-invalid' } } });
    expect(await json('config', 'unset', 'limits.dayCost')).toMatchObject({ code: 0 });
    await here.run('models', 'add', 'own', '--kind', 'openai', '--model', 'm', '--no-key');
    expect(await json('audit', 'verify')).toMatchObject({ code: 0, answer: { ok: true } });
    await server.end('SIGTERM');
    expect(await kinds()).toEqual(
      expect.arrayContaining([`device-revoke api:${device.id}`, 'config-change cli:run', 'config-change cli:run', 'config-change cli:run']),
    );
  });
});

test('without a server the same commands are audited, and their records can be read and exported once', { timeout: 90_000 }, async () => {
  const { token, device } = (await json('token', '--name', 'script')).answer;
  expect(device).toBeUndefined();
  expect(token).toMatch(/^copaw_/u);
  const { id } = (await json('devices', 'list')).answer.devices[0];
  expect(await json('devices', 'revoke', id)).toMatchObject({ code: 0 });
  expect(await json('config', 'set', 'limits.dayCost', '3')).toMatchObject({ code: 0 });
  await here.run('models', 'add', 'own', '--kind', 'openai', '--model', 'm', '--no-key');
  await here.run('models', 'remove', 'own');
  expect(await kinds()).toEqual(['device-add cli', 'device-revoke cli', 'config-change cli', 'config-change cli', 'config-change cli']);
  const tail = (await here.run('audit', 'tail', '-n', '2', '--json')).stdout.trim().split('\n');
  expect(tail.map((line) => JSON.parse(line).kind)).toEqual(['config-change', 'config-change']);
  expect((await here.run('audit', 'tail', '--kind', 'device-add')).stdout).toMatch(/^1 {2}\S+ {2}device-add {2}id=dev_\w+ {2}name=script {2}by=cli\n$/u);
  const file = join(here.home, '../audit.jsonl');
  expect(await json('audit', 'export', file)).toMatchObject({ code: 0, answer: { records: 5 } });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await json('audit', 'export', file)).toMatchObject({ code: 1, answer: { error: { code: 'conflict' } } });
});

test('which browser is told is listed, and ended, without a server too', { timeout: 90_000 }, async () => {
  await json('token', '--name', 'phone');
  const { id } = (await json('devices', 'list')).answer.devices[0];
  const keys = { endpoint: 'https://push.example/a', p256dh: 'p', auth: 'a', serverKey: 'k' };
  await here.inStore((store) => store.push.put({ deviceId: id, ...keys, kinds: ['approvals', 'failures'], text: true, language: 'en' }));
  const listed = await here.run('devices', 'list', '--json');
  expect(JSON.parse(listed.stdout).devices[0]).toMatchObject({ id, push: { kinds: ['approvals', 'failures'], text: true } });
  expect(listed.stdout).not.toContain('push.example');
  expect((await here.run('devices', 'list')).stdout).toContain('told approvals, failures with their text');
  expect(await json('devices', 'push', 'off', id)).toMatchObject({ code: 0, answer: { pushOff: id } });
  expect((await json('devices', 'list')).answer.devices[0]).not.toHaveProperty('push');
  expect(await json('devices', 'push', 'off', id)).toMatchObject({ code: 1, answer: { error: { code: 'not-found' } } });
  expect(await kinds()).toEqual(['device-add cli', 'push-off cli']);
});

// Where platforms call: the one way in without a credential of the operator (R12). It is as if it were not there, except for who can sign.
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect } from 'vitest';
import { attack } from './attack.ts';
import { openServerWorld, type ServerWorld } from './server-world.ts';

const secret = 'a secret of the webhook, long enough';
const account = { secret: { vault: 'hook' }, url: 'http://127.0.0.1:9/in', allow: ['ana'], senderPerMinute: 1_000, chatPerMinute: 1_000 };
let world: ServerWorld;
beforeAll(async () => {
  world = await openServerWorld({
    config: { channels: { webhook: { main: account, off: account, bare: { enabled: true } }, unheard: { main: { enabled: true } } } },
  });
  const stored = await world.asOperator('/api/channels/webhook/main', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ secrets: { secret: { value: secret } }, enable: true }),
  });
  expect(await stored.json()).toEqual({ faults: [] });
});
afterAll(() => world.close());

const event = (id: string): string => JSON.stringify({ id, sender: { id: 'ana' }, text: 'hello' });
const sign = (body: string, seconds: number, with_ = secret): Record<string, string> => ({
  'content-type': 'application/json',
  'x-copaw-timestamp': String(seconds),
  'x-copaw-signature': `sha256=${createHmac('sha256', with_).update(`${seconds}.${body}`).digest('hex')}`,
});
const now = (): number => Math.floor(Date.now() / 1_000);
const post = (path: string, body: string, headers: Record<string, string> = {}): Promise<Response> => world.call(path, { method: 'POST', body, headers });
const asked = (): number => world.model.requests.length;

attack('R12-08', 'an account that is not there, is switched off, is not set up, or is of no kind: each answers alike, however well it was signed', async () => {
  const before = asked();
  const answers: string[] = [];
  for (const path of ['/hooks/webhook/none', '/hooks/webhook/off', '/hooks/webhook/bare', '/hooks/unheard/main', '/hooks/none/none', '/hooks/console/local']) {
    const body = event(`alike-${path}`);
    for (const headers of [{}, sign(body, now())]) {
      const answer = await post(path, body, headers);
      answers.push(`${answer.status} ${await answer.text()}`);
    }
  }
  expect(new Set(answers).size).toBe(1);
  expect(answers[0]).toMatch(/^404 /u);
  expect(asked()).toBe(before);
});

attack('R12-09', 'a request that is not signed, or signed with something else, for another body, or long ago', async () => {
  const before = asked();
  const body = event('forged');
  for (const headers of [
    {},
    sign(body, now(), 'another secret, just as long as it'),
    sign(event('other'), now()),
    sign(body, now() - 3_600),
    sign(body, now() + 3_600),
    { ...sign(body, now()), 'x-copaw-signature': '' },
    { ...sign(body, now()), authorization: `Bearer ${world.token}`, 'x-copaw-signature': 'sha256=' },
  ])
    expect((await post('/hooks/webhook/main', body, headers)).status).toBe(401);
  expect(asked()).toBe(before);
});

attack('R12-11', 'a name in the address that is none, and other ways to ask', async () => {
  for (const path of ['/hooks/webhook/__proto__', '/hooks/__proto__/main', '/hooks/constructor/name', '/hooks/webhook/%2e%2e', '/hooks/webhook/main/more'])
    expect((await post(path, '{}', sign('{}', now()))).status, path).toBe(404);
  for (const method of ['GET', 'PUT', 'DELETE', 'HEAD']) expect([404, 405], method).toContain((await world.call('/hooks/webhook/main', { method })).status);
});

attack('R12-12', 'what was signed once is not taken twice, nor from a foreign host name', async () => {
  const body = event('once');
  const headers = sign(body, now());
  expect((await post('/hooks/webhook/main', body, headers)).status).toBe(202);
  expect((await post('/hooks/webhook/main', body, headers)).status).toBe(401);
  const raw = `POST /hooks/webhook/main HTTP/1.1\r\nhost: evil.example\r\ncontent-length: ${body.length}\r\n${Object.entries(sign(body, now()))
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n${body}`;
  expect(await world.raw(raw)).toMatch(/^HTTP\/1\.1 403 /u);
});

// Last: the server closes the connection.
attack('R12-10', 'a body longer than any platform sends is refused before it is read, with and without its length', async () => {
  const long = 'x'.repeat(1024 * 1024 + 1);
  expect((await post('/hooks/webhook/main', long, sign(long, now()))).status).toBe(413);
  const stream = new ReadableStream({
    pull(controller) {
      controller.enqueue(new TextEncoder().encode('x'.repeat(65_536)));
    },
  });
  const endless = await world.call('/hooks/webhook/main', { method: 'POST', body: stream, duplex: 'half' } as RequestInit).catch(() => undefined);
  expect([413, undefined]).toContain(endless?.status);
});

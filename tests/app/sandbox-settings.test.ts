// Settings of the sandbox through the whole app: switched off, folders of one agent, listed hosts.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { probeSandbox } from '../../src/security/process.ts';
import { type CommandHome, openCommandHome } from './command-line.ts';
import { only } from './events.ts';
import { openWorld, type World } from './harness.ts';
import { createScriptedModel } from './scripted-model.ts';

const sandboxed = (await probeSandbox()).kind !== 'none';
let world: World | undefined;
let here: CommandHome | undefined;
afterEach(async () => {
  await world?.close();
  await here?.close();
  world = undefined;
  here = undefined;
});
const model = createScriptedModel();
const run = async (input: object, answer: 'once' | 'deny' = 'deny') => {
  model.play([['run_command', input]]);
  const events = await world?.ask('run', answer);
  return { asked: only(events ?? [], 'approval-request'), end: only(events ?? [], 'tool-end')[0] };
};

test('switched off, every command asks, a yes runs it as the person, and status says so', async () => {
  world = await openWorld({ provider: model.provider, config: { sandbox: { dangerouslyOff: true } } });
  expect((await world.app.operator.status()).sandbox).toBe('off');
  const refused = await run({ argv: ['pwd'] });
  expect(refused.asked).toMatchObject([{ approval: { plan: { sandbox: 'none' } } }]);
  expect(refused.end).toMatchObject({ outcome: 'denied' });
  expect((await run({ argv: ['pwd'] }, 'once')).end?.text).toContain(world.workspace);
  expect((await (await world.app.permissions('cli')).table({})).sandbox.kind).toBe('off');
});

test('switched off and required: commands are refused, the stricter word counts', async () => {
  world = await openWorld({ provider: model.provider, config: { sandbox: { dangerouslyOff: true, mode: 'required' } } });
  expect(await run({ argv: ['pwd'] }, 'once')).toMatchObject({ asked: [], end: { outcome: 'denied', code: 'R16' } });
});

test('attack: switched off while it runs changes nothing until a restart', async () => {
  world = await openWorld({ provider: model.provider });
  await world.app.config.commit('cli', [{ path: ['sandbox', 'dangerouslyOff'], value: true }]);
  expect((await run({ argv: ['pwd'] })).asked).toHaveLength(sandboxed ? 0 : 1);
  expect((await world.app.operator.status()).sandbox).not.toBe('off');
});

test('doctor says that it is switched off, and which folders are never bound', async () => {
  here = openCommandHome({ sandbox: { dangerouslyOff: true, writable: ['/etc'] } });
  const { stdout } = await here.run('doctor', '--json');
  const findings: { id: string; state: string; detail: string }[] = JSON.parse(stdout).findings;
  expect(findings.find(({ id }) => id === 'sandbox')).toMatchObject({ state: 'warning', detail: expect.stringContaining('dangerouslyOff') });
  expect(findings.find(({ id }) => id === 'sandbox-folders')).toMatchObject({ state: 'warning', detail: expect.stringContaining('/etc') });
});

test.skipIf(!sandboxed)('folders are of one agent, and reach the command', async () => {
  world = await openWorld({ provider: model.provider });
  const cache = join(world.folder, 'cache');
  mkdirSync(cache);
  const command = `echo x > ${cache}/x`;
  expect((await run({ command })).end?.text).not.toContain('Exit code 0');
  await world.app.config.commit('cli', [{ path: ['agents', 'main', 'sandbox'], value: { writable: [cache] } }]);
  expect(await run({ command })).toMatchObject({ asked: [], end: { outcome: 'ok' } });
  expect(readFileSync(join(cache, 'x'), 'utf8')).toBe('x\n');
});

test.skipIf(!sandboxed)('listed hosts: the question shows them, the command has no other way, a refusal is written down', async () => {
  world = await openWorld({ provider: model.provider, config: { sandbox: { network: { hosts: ['listed.example'] } } } });
  const call = { command: 'env | grep -i ^https_proxy; cat /etc/resolv.conf; curl -sS -m 5 http://other.example/ || true', network: true };
  const { asked, end } = await run(call, 'once');
  expect(asked).toMatchObject([
    { approval: { plan: { place: { network: { hosts: ['listed.example'], privateHosts: [] } } }, reason: expect.stringContaining('listed hosts') } },
  ]);
  expect(end?.text).toContain('127.0.0.1:3128');
  expect(end?.text).not.toContain('nameserver');
  expect(end?.text).toContain('R18: other.example:80 is not on the list');
  const records = (await world.app.store.audit.after(0, 200)).filter(({ kind }) => kind === 'egress-refused');
  expect(records).toMatchObject([{ detail: { rule: 'R18', host: 'http://other.example/' } }]);
  await world.app.config.commit('cli', [{ path: ['sandbox', 'network', 'unasked'], value: true }]);
  expect((await run({ argv: ['true'], network: true })).asked).toEqual([]);
});

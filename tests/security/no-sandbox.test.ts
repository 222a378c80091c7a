// R16 on a machine without a sandbox: every command is put to a person first, in whatever spelling, and a no runs nothing.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { only } from '../app/events.ts';
import type { Call } from '../app/scripted-model.ts';
import { attack } from './attack.ts';
import { type HostileWorld, openHostileWorld } from './hostile-world.ts';
import { forbiddenReads } from './shell-spellings.ts';

vi.mock('../../src/security/process.ts', async (original) => ({
  ...(await original<typeof import('../../src/security/process.ts')>()),
  probeSandbox: async () => ({ kind: 'none', reason: 'none in this test' }),
}));

let world: HostileWorld;
beforeAll(async () => {
  world = await openHostileWorld();
});
afterAll(() => world.close());

attack('R16-30', 'the forbidden read in every spelling: each asks, and a no runs none', async () => {
  const reads = forbiddenReads.filter((one) => one !== null);
  for (let at = 0; at < reads.length; at += 30) {
    const calls = reads.slice(at, at + 30).map((spelling): Call => ['run_command', { command: `touch ran; ${spelling.replaceAll('@', world.at.ssh)}` }]);
    const events = await world.strike(calls, { together: true });
    expect(only(events, 'approval-request')).toHaveLength(calls.length);
    expect(new Set(only(events, 'tool-end').map(({ outcome }) => outcome))).toEqual(new Set(['denied']));
  }
  expect(existsSync(join(world.workspace, 'ran'))).toBe(false);
});
attack('R16-31', 'an argument list, one in the background, one that claims to need no network', async () => {
  for (const input of [
    { argv: ['true'] },
    { argv: ['true'], background: true },
    { argv: ['true'], network: false },
    { command: 'true' },
    { argv: ['date'], timeoutSeconds: 1 },
  ])
    expect(await world.try(['run_command', input])).toMatchObject({ asked: true, outcome: 'denied' });
});
attack('R16-32', 'always for a program of the workspace, or one that follows it, is not to be had', async () => {
  for (const argv of [['./x'], ['sh', 'x'], ['git', 'status'], ['make']])
    await world.strike([['run_command', { argv }]], {
      answer: (approval) => {
        expect(approval.scopes).not.toContain('always');
        return world.app.operator.answer(approval.id, 'deny', 'test');
      },
    });
});
attack('R16-33', 'where a sandbox is required, a command is refused and nobody is asked', async () => {
  await world.app.config.commit('cli', [{ path: ['sandbox', 'mode'], value: 'required' }]);
  expect(await world.try(['run_command', { command: 'touch ran' }], { answer: 'once' })).toMatchObject({ asked: false, outcome: 'denied', code: 'R16' });
  await world.app.config.commit('cli', [{ path: ['sandbox', 'mode'], value: 'auto' }]);
});
attack('R16-34', 'the model is told, and what CoPaw says of itself is true', async () => {
  expect((await world.app.operator.status()).sandbox).toBe('none');
  await world.strike([['current_time', {}]]);
  expect(JSON.stringify(world.model.requests.at(-1))).toContain('no sandbox');
});
attack('R16-35', 'what a yes lets run does not get the environment of CoPaw', async () => {
  process.env.COPAW_TEST_SECRET = 'canary-environment-77aa01';
  try {
    world.model.play([['run_command', { command: 'env > environment.txt' }]]);
    await world.ask('go', 'once');
    expect(readFileSync(join(world.workspace, 'environment.txt'), 'utf8')).not.toContain('77aa01');
  } finally {
    delete process.env.COPAW_TEST_SECRET;
  }
});

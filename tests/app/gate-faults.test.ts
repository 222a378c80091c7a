// The gate on the real path when it hangs or fails, and approvals that are mixed up below the app: the tool does not run.
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Store } from '../../src/core/store.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { probeSandbox } from '../../src/security/process.ts';
import { createFakeClock } from '../../src/testing/fake-clock.ts';
import { only } from './events.ts';
import { type GateWorldOptions, openGateWorld } from './gate-world.ts';
import type { Call } from './scripted-model.ts';

const sandboxed = (await probeSandbox()).kind !== 'none';
const write: Call = ['write_file', { path: 'ran.txt', content: 'ran' }];
const networked: Call = ['run_command', { command: 'echo ran > ran.txt', network: true }];

let world: Awaited<ReturnType<typeof openGateWorld>> | undefined;
afterEach(async () => {
  const opened = world;
  world = undefined;
  await opened?.close();
  expect(opened?.faults ?? []).toEqual([]);
});

async function open(options: Partial<GateWorldOptions> = {}) {
  world = await openGateWorld({ clock: systemClock, ...options });
  const { workspace } = world;
  return { ...world, ran: () => existsSync(join(workspace, 'ran.txt')) };
}
const grants = (list: () => Promise<never>) => (store: Store) => ({ approvals: store.approvals, grants: { ...store.grants, list } });

test('nothing in the way: the call runs', async () => {
  const { model, ask, ran } = await open();
  model.play([write]);
  expect(only(await ask('s'), 'tool-end')).toMatchObject([{ outcome: 'ok' }]);
  expect(ran()).toBe(true);
});

describe('the gate', () => {
  test('hangs: after its patience the call is denied', async () => {
    const clock = createFakeClock();
    let reached = (): void => undefined;
    const hanging = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const { model, ask, ran, audit } = await open({
      clock,
      gateStore: grants(() => {
        reached();
        return new Promise<never>(() => undefined);
      }),
    });
    model.play([write]);
    const done = ask('s');
    await hanging;
    await clock.advance(60_000);
    const events = await done;
    expect(only(events, 'tool-end')).toMatchObject([{ outcome: 'denied', code: 'R14' }]);
    expect(only(events, 'turn-end')).toMatchObject([{ outcome: 'answered' }]);
    expect(ran()).toBe(false);
    expect(await audit.verify()).toMatchObject({ ok: true });
  });

  test('cannot read what it needs: the call is denied', async () => {
    const { model, ask, ran } = await open({ gateStore: grants(() => Promise.reject(new Error('the disk is gone'))) });
    model.play([write]);
    expect(only(await ask('s'), 'tool-end')).toMatchObject([{ outcome: 'denied', code: 'R14' }]);
    expect(ran()).toBe(false);
  });

  test.each(['check', 'confirm'] as const)('throws in %s: the call is denied', async (member) => {
    const { model, ask, ran, operator } = await open({ wrapGate: (gate) => ({ ...gate, [member]: () => Promise.reject(new Error('broken')) }) });
    model.play([networked]);
    const events = await ask('s', (event) => (event.type === 'approval-request' ? operator.answer(event.approval.id, 'once', 'test') : undefined));
    expect(only(events, 'tool-end')).toMatchObject([{ outcome: 'denied' }]);
    expect(only(events, 'turn-end')).toMatchObject([{ outcome: 'answered' }]);
    expect(ran()).toBe(false);
  });
});

describe.skipIf(!sandboxed)('a yes', () => {
  test('that belongs to another approval does not count', async () => {
    let earlier = '';
    const { model, ask, ran, operator } = await open({
      wrapAsk: (really) => async (turn, asked, io) => {
        const answer = await really(turn, asked, io);
        if (earlier === '') earlier = answer.approvalId;
        return { ...answer, approvalId: earlier };
      },
    });
    const yes = (event: Parameters<NonNullable<Parameters<typeof ask>[1]>>[0]) =>
      event.type === 'approval-request' ? operator.answer(event.approval.id, 'once', 'test') : undefined;
    model.play([['run_command', { command: 'true', network: true }]]);
    expect(only(await ask('s', yes), 'tool-end')).toMatchObject([{ outcome: 'ok' }]);
    model.play([networked]);
    expect(only(await ask('s', yes), 'tool-end')).toMatchObject([{ outcome: 'denied', code: 'R15' }]);
    expect(ran()).toBe(false);
  });

  test('that was never given does not count, whatever the asking says', async () => {
    const { model, ask, ran } = await open({ wrapAsk: () => async () => ({ decision: 'once', approvalId: 'appr_made_up' }) });
    model.play([networked]);
    expect(only(await ask('s'), 'tool-end')).toMatchObject([{ outcome: 'denied', code: 'R15' }]);
    expect(ran()).toBe(false);
  });

  test('for a plan that is not the one it was given for does not count', async () => {
    const { model, ask, ran, operator } = await open({
      wrapGate: (gate) => ({
        check: (request) => gate.check(request),
        confirm: (plan, id) =>
          gate.confirm({ ...plan, effects: plan.effects.map((effect) => (effect.kind === 'run' ? { ...effect, sandboxed: false } : effect)) }, id),
      }),
    });
    model.play([networked]);
    const events = await ask('s', (event) => (event.type === 'approval-request' ? operator.answer(event.approval.id, 'once', 'test') : undefined));
    expect(only(events, 'tool-end')).toMatchObject([{ outcome: 'denied', code: 'R15' }]);
    expect(ran()).toBe(false);
  });

  test('does not cover a program that is swapped after it was checked', async () => {
    const script = (words: string): void => {
      const path = join(world?.workspace ?? '', 'job.sh');
      writeFileSync(path, `#!/bin/sh\n${words}\n`);
      chmodSync(path, 0o755);
    };
    const { model, ask, ran, operator } = await open({
      wrapGate: (gate) => ({
        check: (request) => gate.check(request),
        async confirm(plan, id) {
          const verdict = await gate.confirm(plan, id);
          expect(verdict.verdict).toBe('allow');
          script('echo ran > ran.txt');
          return verdict;
        },
      }),
    });
    script('true');
    model.play([['run_command', { argv: ['./job.sh'], network: true }]]);
    const events = await ask('s', (event) => (event.type === 'approval-request' ? operator.answer(event.approval.id, 'once', 'test') : undefined));
    expect(only(events, 'tool-end')).toMatchObject([{ outcome: 'denied', code: 'R15' }]);
    expect(ran()).toBe(false);
  });
});

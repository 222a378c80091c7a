// When people are asked and when not, through the whole app: the operator's column of the verdict table, and every way a yes can go wrong.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Approval } from '../../src/core/policy.ts';
import { secretUse } from '../../src/core/secret.ts';
import type { Effect, Tool } from '../../src/core/tool.ts';
import { type EffectRow, verdictTable } from '../../src/core/verdict-table.ts';
import { probeSandbox } from '../../src/security/process.ts';
import { createFakeClock } from '../../src/testing/fake-clock.ts';
import { only } from './events.ts';
import { openWorld, type World } from './harness.ts';
import { type Call, createScriptedModel, type ScriptedModel } from './scripted-model.ts';

const sandboxed = (await probeSandbox()).kind !== 'none';
const elsewhere = { channel: 'console', account: 'local', chat: 'another' };
const origin = 'https://api.example';
const ran: string[] = [];

/** A tool for a row that no built-in tool has: as a plugin would bring it. */
function extraTool(name: string, effects: () => readonly Effect[]): Tool {
  return {
    name,
    description: name,
    input: z.strictObject({}),
    sideEffect: 'outside',
    effects,
    run: async () => {
      ran.push(name);
      return { text: 'ran' };
    },
  };
}
const extraTools = [
  extraTool('use_secret', () => [{ kind: 'secret', ref: 'token', origin }]),
  extraTool('be_opaque', () => [{ kind: 'opaque', what: 'a server of somebody' }]),
  extraTool('send_elsewhere', () => [{ kind: 'send', to: elsewhere }]),
  extraTool('make_schedule', () => [{ kind: 'schedule', what: 'job', dueAt: 1, text: 'work' }]),
  extraTool('start_agent', () => [{ kind: 'agent', id: 'other' }]),
  extraTool('throw_early', () => {
    throw new Error('the tool cannot say');
  }),
  extraTool('throw_in_gate', () => [
    {
      kind: 'opaque',
      get what(): string {
        throw new Error('the gate cannot read it');
      },
    },
  ]),
];

/** What puts a call into each row. The port makes the egress door refuse before anything leaves this machine. */
const calls: Readonly<Record<EffectRow, Call>> = {
  read: ['read_file', { path: 'AGENTS.md' }],
  write: ['write_file', { path: 'a.txt', content: 'a' }],
  delete: ['delete_file', { path: 'old.txt' }],
  run: ['run_command', { argv: ['true'] }],
  'run-network': ['run_command', { command: 'echo ran >> ran.txt', network: true }],
  'run-listed-network': ['run_command', { command: 'echo ran >> ran.txt', network: true }],
  'fetch-seen': ['fetch_url', { url: 'http://named.example:1/' }],
  'fetch-known': ['fetch_url', { url: 'https://en.wikipedia.org:1/wiki/Cat' }],
  'fetch-composed': ['fetch_url', { url: 'http://composed.example:1/' }],
  secret: ['use_secret', {}],
  opaque: ['be_opaque', {}],
  'send-here': ['send_file', { path: 'AGENTS.md' }],
  'send-elsewhere': ['send_elsewhere', {}],
  reminder: ['remind_me', { text: 'stretch', inSeconds: 3600 }],
  schedule: ['make_schedule', {}],
  agent: ['start_agent', {}],
  'memory-read': ['memory_search', { query: 'cat' }],
  'memory-write': ['memory_write', { path: 'MEMORY.md', text: 'a note' }],
};
const rows = Object.keys(verdictTable) as EffectRow[];

let model: ScriptedModel;
let world: World;
beforeEach(async () => {
  ran.length = 0;
  model = createScriptedModel();
  world = await openWorld({ provider: model.provider, tools: extraTools });
  await world.app.secrets.set('token', 'a-value-of-a-token', secretUse.parse({ origins: [origin] }));
  writeFileSync(join(world.workspace, 'old.txt'), 'old');
});
afterEach(async () => {
  expect(world.faults).toEqual([]);
  await world.close();
});

const ask = (call: Call, answer: Parameters<World['ask']>[1] = 'deny') => {
  model.play([call]);
  return world.ask('do it, perhaps with http://named.example:1/', answer);
};
/** What must be configured so that the call is in its row. */
const prepare = async (row: EffectRow): Promise<void> => {
  if (row === 'run-listed-network') await world.app.config.commit('cli', [{ path: ['sandbox', 'network'], value: { hosts: ['listed.example'] } }]);
};
const ranTimes = (): number => {
  const file = join(world.workspace, 'ran.txt');
  return ran.length + (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').length : 0);
};

describe.skipIf(!sandboxed)('the default table, for the operator', () => {
  test.each(rows)('%s', async (row) => {
    const [, cell] = verdictTable[row];
    await prepare(row);
    const events = await ask(calls[row]);
    const questions = only(events, 'approval-request');
    expect(questions).toHaveLength(cell === 'ask' ? 1 : 0);
    const [end] = only(events, 'tool-end');
    if (cell === 'ask') {
      expect(end).toMatchObject({ outcome: 'denied', code: 'R15' });
      expect(ranTimes()).toBe(0);
    } else if (row.startsWith('fetch')) expect(end).toMatchObject({ outcome: 'denied', code: 'R18' });
    else expect(end).toMatchObject({ outcome: 'ok' });

    // The call is really in this row: a rule for the row is a rule for the call.
    await world.app.config.commit('cli', [{ path: ['rules'], value: [{ effect: row, verdict: 'deny' }] }]);
    const refused = await ask(calls[row], 'once');
    expect(only(refused, 'approval-request')).toEqual([]);
    expect(only(refused, 'tool-end')).toMatchObject([{ outcome: 'denied', code: 'R14' }]);
    expect(only(refused, 'turn-end')).toMatchObject([{ outcome: 'answered' }]);
  });

  test('a yes lets the call of an ask cell run, once', async () => {
    for (const row of rows.filter((name) => verdictTable[name][1] === 'ask' && !name.startsWith('fetch'))) {
      const before = ranTimes();
      await prepare(row);
      const events = await ask(calls[row], 'once');
      expect(only(events, 'tool-end'), row).toMatchObject([{ outcome: 'ok' }]);
      expect(ranTimes() - before, row).toBe(1);
    }
  });
});

describe('a gate that cannot judge', () => {
  test.each(['throw_early', 'throw_in_gate'])('%s: the tool does not run', async (name) => {
    const events = await ask([name, {}], 'once');
    expect(only(events, 'approval-request')).toEqual([]);
    expect(only(events, 'tool-end')).toMatchObject([{ outcome: 'denied' }]);
    expect(only(events, 'turn-end')).toMatchObject([{ outcome: 'answered' }]);
    expect(ran).toEqual([]);
  });
});

describe.skipIf(!sandboxed)('a yes that must not count', () => {
  const networked = calls['run-network'];
  const run = (argv: readonly string[]): Call => ['run_command', { argv, network: true }];
  const writeScript = (name: string, words: string): void => {
    writeFileSync(join(world.workspace, name), `#!/bin/sh\n${words}\n`);
    chmodSync(join(world.workspace, name), 0o755);
  };
  const yes = (approval: Approval) => world.app.operator.answer(approval.id, 'once', 'test');

  test('a no', async () => {
    const events = await ask(networked, 'deny');
    expect(only(events, 'approval-answer')).toMatchObject([{ decision: 'deny' }]);
    expect(only(events, 'tool-end')).toMatchObject([{ outcome: 'denied', code: 'R15' }]);
    expect(ranTimes()).toBe(0);
  });

  test('an answer that never comes', async () => {
    const clock = createFakeClock();
    const waiting = createScriptedModel();
    const other = await openWorld({ provider: waiting.provider, clock });
    try {
      waiting.play([networked]);
      let asked: Approval | undefined;
      const events = await other.ask('do it', async (approval) => {
        asked = approval;
        expect(approval.expiresAt - clock.now()).toBe(30 * 60_000);
        await clock.advance(approval.expiresAt - clock.now());
      });
      expect(only(events, 'approval-answer')).toMatchObject([{ decision: 'expired' }]);
      expect(only(events, 'tool-end')).toMatchObject([{ outcome: 'denied', code: 'R15' }]);
      expect(existsSync(join(other.workspace, 'ran.txt'))).toBe(false);
      await expect(other.app.operator.answer(asked?.id ?? '', 'once', 'test')).rejects.toMatchObject({ code: 'conflict' });
      expect(other.faults).toEqual([]);
    } finally {
      await other.close();
    }
  });

  // What an argument list runs from the workspace: the program itself, and the script an interpreter is given.
  test.each([
    ['a program', ['./job.sh']],
    ['a script', ['bash', 'job.sh']],
    ['a script behind an option', ['bash', '-e', 'job.sh']],
    ['a script behind the name of another file', ['bash', '-O', 'extglob', 'job.sh']],
    ['a script inside an option', ['sed', '-n', '--file=job.sh', 'AGENTS.md']],
  ])('%s that was changed between the question and the yes', async (_what, argv) => {
    const [before, after] = argv[0] === 'sed' ? ['p', '1e echo ran >> ran.txt'] : ['true', 'echo ran >> ran.txt'];
    writeFileSync(join(world.workspace, 'extglob'), 'a decoy');
    writeScript('job.sh', before);
    const events = await ask(run(argv), (approval) => {
      writeScript('job.sh', after);
      return yes(approval);
    });
    expect(only(events, 'approval-answer')).toMatchObject([{ decision: 'once' }]);
    expect(ranTimes()).toBe(0);
    expect(only(events, 'tool-end')).toMatchObject([{ outcome: 'denied', code: 'R15' }]);
  });

  test('an unchanged script runs', async () => {
    writeScript('job.sh', 'echo ran >> ran.txt');
    expect(only(await ask(run(['bash', 'job.sh']), 'once'), 'tool-end')).toMatchObject([{ outcome: 'ok' }]);
    expect(ranTimes()).toBe(1);
  });

  test('a yes under other rules than it was asked under', async () => {
    const events = await ask(networked, async (approval) => {
      await world.app.config.commit('cli', [{ path: ['rules'], value: [{ tool: 'delete_file', verdict: 'ask' }] }]);
      await yes(approval);
    });
    expect(only(events, 'tool-end')).toMatchObject([{ outcome: 'denied', code: 'R15' }]);
    expect(ranTimes()).toBe(0);
  });

  test('a yes for another approval', async () => {
    const { operator } = world.app;
    model.play([networked]);
    const first = await operator.submit({ channel: 'cli', sessionId: 'first', text: 'do it' });
    const stop = new AbortController();
    let waiting: Approval | undefined;
    for await (const event of operator.events({ turnId: first.turnId, after: '0' }, stop.signal)) {
      if (event.type !== 'approval-request') continue;
      waiting = event.approval;
      stop.abort();
    }
    await expect(operator.answer('appr_unknown', 'once', 'test')).rejects.toMatchObject({ code: 'not-found' });
    // The same command of another conversation is answered yes: that one runs, the first still waits.
    const events = await ask(networked, 'once');
    expect(only(events, 'tool-end')).toMatchObject([{ outcome: 'ok' }]);
    expect(ranTimes()).toBe(1);
    expect((await operator.approvals()).map(({ id }) => id)).toEqual([waiting?.id]);
    await operator.answer(waiting?.id ?? '', 'deny', 'test');
    for await (const event of operator.events({ turnId: first.turnId, after: '0' }, new AbortController().signal)) {
      if (event.type === 'tool-end') expect(event).toMatchObject({ outcome: 'denied', code: 'R15' });
    }
    expect(ranTimes()).toBe(1);
  });

  test('a second answer', async () => {
    const events = await ask(networked, async (approval) => {
      const both = await Promise.allSettled([yes(approval), yes(approval)]);
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      await expect(world.app.operator.answer(approval.id, 'deny', 'test')).rejects.toMatchObject({ code: 'conflict' });
    });
    expect(only(events, 'approval-answer')).toHaveLength(1);
    expect(ranTimes()).toBe(1);
  });

  test('a scope that was not offered', async () => {
    const events = await ask(networked, async (approval) => {
      expect(approval.scopes).not.toContain('always');
      await expect(world.app.operator.answer(approval.id, 'always', 'test')).rejects.toMatchObject({ code: 'invalid' });
      await world.app.operator.answer(approval.id, 'deny', 'test');
    });
    expect(only(events, 'tool-end')).toMatchObject([{ outcome: 'denied', code: 'R15' }]);
    expect(ranTimes()).toBe(0);
  });
});

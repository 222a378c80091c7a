// Agents on the command line: listed, given a name or a model, and their persona written where it still is what was read.
import { expect, test } from 'vitest';
import type { AgentReport, AgentsAdmin } from '../core/agents.ts';
import { CoPawError } from '../core/error.ts';
import { list, set, show, write } from './agents.ts';
import type { Context } from './context.ts';

const agent: AgentReport = {
  ...{ id: 'main', name: 'Ada\u001b[2J', isDefault: true, model: 'local/small' },
  files: [
    { path: 'SOUL.md', bytes: 7_000, modifiedAt: 5, seenBy: ['private'], cut: true },
    { path: 'BOOTSTRAP.md', seenBy: ['private'], cut: false },
  ],
  sandbox: { kind: 'none', reason: 'no bwrap', readOnly: [], writable: [] },
};
const page = { agentId: 'main', path: 'SOUL.md', text: 'x', hash: 'aa', modifiedAt: 5, tainted: false };

function setUp() {
  const calls: unknown[] = [];
  const admin: AgentsAdmin = {
    list: async () => ({ agents: [agent], models: [] }),
    async change(...given) {
      calls.push(['change', ...given]);
      return agent;
    },
    async show(_, path) {
      if (path === 'PROFILE.md') throw new CoPawError('path-missing', 'No.');
      if (path === 'notes.txt') throw new CoPawError('path-refused', 'No.');
      return page;
    },
    async save(...given) {
      calls.push(['save', ...given]);
      return { hash: 'bb', undoId: 'edit_1' };
    },
  };
  const printed = { out: '', error: '' };
  const context = {
    parts: { homePath: () => '/home', homeState: () => 'ours', accepted: () => true, agents: async () => admin },
    terminal: {
      readAll: async () => 'new\n',
      out: (text: string) => {
        printed.out += text;
      },
      error: (text: string) => {
        printed.error += text;
      },
    },
  } as unknown as Context;
  return { context, calls, printed };
}

test('the list says who answers, with what, where, and what the prompt cuts', async () => {
  const { context, printed } = setUp();
  expect(await list(context, {})).toBe(0);
  for (const part of ['(main)  answers where nothing else is said', 'local/small  (the default)', 'none: no bwrap', 'SOUL.md 7000 bytes, cut in the prompt'])
    expect(printed.out).toContain(part);
  expect(printed.out).not.toContain('\u001b');
  expect(printed.out).not.toContain('BOOTSTRAP.md');
});

test('a name and a model are changed; what says nothing or two things is refused', async () => {
  const { context, calls } = setUp();
  await set(context, 'main', { name: ' Ada ', model: 'local/small' });
  await set(context, 'main', { defaultModel: true });
  expect(calls).toEqual([
    ['change', 'main', { name: 'Ada', model: 'local/small' }],
    ['change', 'main', { model: null }],
  ]);
  for (const options of [{}, { name: ' ' }, { model: 'a/b', defaultModel: true }])
    await expect(set(context, 'main', options)).rejects.toMatchObject({ code: 'usage' });
});

test('a file is printed, and written where it is the one that is there, or absent', async () => {
  const { context, calls, printed } = setUp();
  expect(await show(context, 'main', 'SOUL.md', {})).toBe(0);
  expect(printed.out).toBe('x\n');
  await write(context, 'main', 'SOUL.md', {});
  await write(context, 'main', 'PROFILE.md', {});
  await write(context, 'main', 'SOUL.md', { hash: 'cc' });
  expect(calls).toEqual([
    ['save', 'main', { path: 'SOUL.md', text: 'new\n', hash: 'aa' }],
    ['save', 'main', { path: 'PROFILE.md', text: 'new\n', hash: 'absent' }],
    ['save', 'main', { path: 'SOUL.md', text: 'new\n', hash: 'cc' }],
  ]);
  expect(printed.error).toContain('copaw undo edit_1');
  await expect(write(context, 'main', 'notes.txt', {})).rejects.toMatchObject({ code: 'path-refused' });
});

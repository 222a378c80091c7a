// `copaw undo` in front of a made-up UndoAdmin: which turn is taken, what is printed, and how it ends.
import { expect, test } from 'vitest';
import type { ChangedTurn, UndoAdmin, UndoReport } from '../core/undo.ts';
import type { Context } from './context.ts';
import { undo } from './undo.ts';

const turn = (turnId: string, more: Partial<ChangedTurn> = {}): ChangedTurn => ({
  turnId,
  agentId: 'main',
  sessionId: 's1',
  at: 0,
  paths: ['a.md'],
  files: 1,
  ...more,
});

function setUp(turns: readonly ChangedTurn[], files: UndoReport['files'] = [], more: Partial<UndoReport> = {}) {
  const calls: unknown[] = [];
  const admin: UndoAdmin = {
    async recent(filter) {
      calls.push(['recent', filter]);
      return turns;
    },
    async undo(turnId, options) {
      calls.push(['undo', turnId, options]);
      return { turnId, agentId: 'main', sessionId: 's1', dryRun: options.dryRun, files, commands: false, ...more };
    },
  };
  const printed = { out: '', error: '' };
  const context = {
    parts: { homePath: () => '/home', homeState: () => 'ours', accepted: () => true, undo: async () => admin },
    terminal: {
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

test('without a turn the newest one that is no undo and not undone', async () => {
  const { context, calls } = setUp([turn('undo_1', { undoes: 't3' }), turn('t3', { undoneBy: 'undo_1' }), turn('t2'), turn('t1')]);
  expect(await undo(context, undefined, { session: 's1' })).toBe(0);
  expect(calls).toEqual([
    ['recent', { sessionId: 's1', limit: 1000 }],
    ['undo', 't2', { force: false, dryRun: false }],
  ]);
  await expect(undo(setUp([turn('t1', { undoneBy: 'x' })]).context, undefined, {})).rejects.toMatchObject({ code: 'not-found' });
});

test('says of each path what became of it, in words that move no cursor, and fails when one was left', async () => {
  const { context, calls, printed } = setUp(
    [],
    [
      { path: 'a\n\u001b[2J.md', result: 'restored' },
      { path: 'b', result: 'removed' },
      { path: 'c', result: 'same' },
      { path: 'd', result: 'left', why: 'changed-since', detail: 'It was changed since.' },
    ],
    { undoId: 'undo_1', commands: true },
  );
  expect(await undo(context, 't1', {})).toBe(1);
  expect(calls).toEqual([['undo', 't1', { force: false, dryRun: false }]]);
  expect(printed.out.split('\n')).toEqual([
    'restored: a\\n\\u{1b}[2J.md',
    'moved to the trash: b',
    'as it was: c',
    'left alone: d (It was changed since.)',
    '',
  ]);
  for (const words of ['copaw undo t1 --force', 'commands did to files is not undone', 'copaw undo undo_1']) expect(printed.error).toContain(words);
});

test('a preview only says it, and is no failure', async () => {
  const { context, calls, printed } = setUp([turn('t1')], [{ path: 'a', result: 'left', why: 'not-kept', detail: 'Too large.' }]);
  expect(await undo(context, undefined, { dryRun: true, force: true })).toBe(0);
  expect(calls[1]).toEqual(['undo', 't1', { force: true, dryRun: true }]);
  expect(printed).toEqual({ out: 'would leave alone: a (Too large.)\n', error: '' });
});

test('the list names turns, what took them back, and how many paths there are beside those it shows', async () => {
  const { context, printed } = setUp([turn('undo_1', { undoes: 't1' }), turn('t1', { undoneBy: 'undo_1', files: 4 })]);
  expect(await undo(context, undefined, { list: true })).toBe(0);
  expect(printed.out.split('\n')).toEqual([
    'undo_1  1970-01-01T00:00:00Z  s1  takes back t1  a.md',
    't1  1970-01-01T00:00:00Z  s1  undone by undo_1  a.md, and 3 more',
    '',
  ]);
  const json = setUp([turn('t1')]);
  await undo(json.context, undefined, { list: true, json: true });
  expect(JSON.parse(json.printed.out)).toEqual({ turns: [turn('t1')] });
});

test('a turn and a search for one do not go together', async () => {
  for (const options of [{ list: true }, { session: 's1' }]) await expect(undo(setUp([]).context, 't1', options)).rejects.toMatchObject({ code: 'usage' });
});

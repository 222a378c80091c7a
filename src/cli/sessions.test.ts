// `copaw sessions …` in front of a made-up SessionsAdmin: what is asked of it, what is printed, and what is not even asked.
import { expect, test } from 'vitest';
import type { SessionSummary } from '../core/operator.ts';
import type { SessionsAdmin } from '../core/sessions.ts';
import type { Context } from './context.ts';
import { change, exportTo, fork, importFrom, list, remove, search, show } from './sessions.ts';

const session = (more: Partial<SessionSummary> = {}): SessionSummary => ({
  ...{ id: 's1', agentId: 'main', address: { channel: 'cli', account: 'local', chat: 's1' }, title: 'Title', createdAt: 0, updatedAt: 7, running: false },
  ...more,
});

function setUp(more: Partial<SessionsAdmin> = {}, terminal: object = {}) {
  const calls: unknown[] = [];
  const note = <T>(what: readonly unknown[], answer: T): T => {
    calls.push(what);
    return answer;
  };
  const never = () => Promise.reject(new Error('not asked for here'));
  const admin: SessionsAdmin = {
    list: async (page) => note(['list', page], [session({ pinned: true, title: 'a\u001b[2Jb\nc' })]),
    get: async (id) => note(['get', id], session({ id })),
    read: async (...asked) =>
      note(
        ['read', ...asked],
        [
          { seq: 4, turnId: 't1', at: 0, role: 'user', sender: { id: 'ana' }, text: 'one\n\u001btwo', files: ['x\n.txt'] },
          { seq: 5, turnId: 't2', at: 0, role: 'assistant', text: 'three', files: [] },
        ],
      ),
    search: async (query) =>
      note(['search', query], { titled: [session()], hits: [{ sessionId: 's1', title: 'T', seq: 4, turnId: 't1', at: 0, role: 'user', excerpt: '…\u202e' }] }),
    change: async (...asked) => note(['change', ...asked], session(asked[1].archived ? { archived: true } : {})),
    remove: async (...asked) => note(['remove', ...asked], undefined),
    fork: async (...asked) => note(['fork', ...asked], session({ copiedFrom: { kind: 'fork', sessionId: 's1', turnId: 't2' } })),
    regenerate: never,
    say: async (id, { text }) => note(['say', id, text], { sessionId: id, messageId: 'm1', turnId: 't3', duplicate: false, to: session().address }),
    async *export(id, format) {
      yield* note(['export', id, format], [`${id} as ${format}\u001b`]);
    },
    async importLines(lines) {
      const read: string[] = [];
      for await (const line of lines) read.push(line);
      return note(['import', read], { sessions: [{ session: session(), messages: 2 }], lines: read.length });
    },
    ...more,
  };
  const printed = { out: '', error: '' };
  const written: string[] = [];
  const context = {
    parts: {
      ...{ homePath: () => '/home', homeState: () => 'ours', accepted: () => true, sessions: async () => admin },
      async *readLines() {
        yield* ['first', 'second'];
      },
      async writeLines(_path: string, lines: AsyncIterable<string>) {
        for await (const line of lines) written.push(line);
        return written.length;
      },
    },
    terminal: {
      interactive: false,
      out: (text: string) => {
        printed.out += text;
      },
      error: (text: string) => {
        printed.error += text;
      },
      ...terminal,
    },
  } as unknown as Context;
  return { context, calls, printed, written };
}

test('lists, reads and finds, in words that move no cursor, and says how to go on', async () => {
  const { context, calls, printed } = setUp();
  await list(context, { show: 'active', lines: '1', before: '9' });
  await show(context, 's1', { lines: '5', around: '4' });
  await search(context, ['two', 'words'], { lines: '1' });
  expect(calls).toEqual([
    ['list', { limit: 1, show: 'active', before: 9 }],
    ['get', 's1'],
    ['read', 's1', { limit: 5, around: 4 }],
    ['search', { text: 'two words', limit: 1 }],
  ]);
  expect(printed.out).toBe(
    [
      '1970-01-01T00:00:00Z  s1  cli/local  pinned  a\\u{1b}[2Jb\\nc',
      '1970-01-01T00:00:00Z  ana  event 4\n  one\n  two\n  file: x\\n.txt',
      '1970-01-01T00:00:00Z  CoPaw  event 5\n  three',
      '1970-01-01T00:00:00Z  s1  cli/local  Title',
      '1970-01-01T00:00:00Z  s1  event 4  T\n  You: …\\u{202e}',
      '',
    ].join('\n'),
  );
  expect(printed.error).toContain('Older ones: --before 7\n');
  expect(printed.error).toContain('Older ones: --before 4\n');
});

test('changes, forks from the last turn where none is named, and takes lines in and out', async () => {
  const { context, calls, printed, written } = setUp();
  await change(context, 's1', {}, { archived: true });
  await fork(context, 's1', undefined, {});
  await fork(context, 's1', 't1', {});
  await exportTo(context, 's1', {});
  await exportTo(context, undefined, { all: true, out: 'file' });
  await importFrom(context, 'file', {});
  expect(calls).toEqual([
    ['change', 's1', { archived: true }],
    ['read', 's1', { limit: 1 }],
    ['fork', 's1', 't2'],
    ['fork', 's1', 't1'],
    ['get', 's1'],
    ['export', 's1', 'markdown'],
    ['list', { limit: 200, before: Number.MAX_SAFE_INTEGER, show: 'all' }],
    ['export', 's1', 'jsonl'],
    ['import', ['first', 'second']],
  ]);
  expect(written).toEqual(['s1 as jsonl\u001b']);
  expect(printed.out).toContain('s1 as markdown\n1 lines are in file.\n');
  expect(printed.out).toContain('archived');
  expect(printed.error).toContain('copaw taint list');
});

test('a delete asks, and without anybody to ask wants --yes', async () => {
  const asked: string[] = [];
  const answers = ['n', 'yes'];
  const ask = async (question: string) => {
    asked.push(question);
    return answers.shift();
  };
  const { context, calls } = setUp({}, { interactive: true, ask });
  await expect(remove(context, 's1', {})).rejects.toMatchObject({ code: 'cancelled' });
  await remove(context, 's1', { reminders: true });
  await remove(context, 's1', { yes: true });
  expect(asked).toHaveLength(2);
  expect(calls).toEqual([
    ['get', 's1'],
    ['get', 's1'],
    ['remove', 's1', { reminders: true }],
    ['remove', 's1', { reminders: false }],
  ]);
  await expect(remove(setUp().context, 's1', {})).rejects.toMatchObject({ code: 'usage', next: 'Say --yes.' });
});

test('what is not well asked is a mistake of use, and nothing is done', async () => {
  const { context, calls } = setUp();
  for (const wrong of [
    () => list(context, { show: 'some', lines: '1' }),
    () => list(context, { show: 'all', lines: '0' }),
    () => search(context, ['x'], { lines: '201' }),
    () => search(context, ['x'], { lines: '1', before: 'y' }),
    () => exportTo(context, undefined, {}),
    () => exportTo(context, 's1', { all: true }),
    () => exportTo(context, 's1', { format: 'pdf' }),
    () => exportTo(context, undefined, { all: true, format: 'markdown' }),
  ])
    await expect(wrong()).rejects.toMatchObject({ code: 'usage' });
  expect(calls).toEqual([]);
});

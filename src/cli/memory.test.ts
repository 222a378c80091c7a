// `copaw memory …` in front of a made-up MemoryAdmin: what is asked, what is printed, and how it ends.
import { expect, test } from 'vitest';
import type { MemoryAdmin } from '../core/memory-admin.ts';
import type { Context } from './context.ts';
import { forget, list, search, sees, show, stats } from './memory.ts';

function setUp(admin: Partial<MemoryAdmin>) {
  const printed = { out: '', error: '' };
  const context = {
    parts: { homePath: () => '/home', homeState: () => 'ours', accepted: () => true, memory: async () => admin },
    terminal: {
      out: (text: string) => {
        printed.out += text;
      },
      error: (text: string) => {
        printed.error += text;
      },
    },
  } as unknown as Context;
  return { context, printed };
}

test('the list says what no search looks into', async () => {
  const files = [
    { path: 'MEMORY.md', bytes: 3, modifiedAt: 0, state: 'indexed' },
    { path: 'memory/a\u001b.md', bytes: 9, modifiedAt: 0, state: 'too-large' },
  ] as const;
  const { context, printed } = setUp({ list: async () => ({ agentId: 'main', files }) });
  expect(await list(context, {})).toBe(0);
  expect(printed.out.split('\n')).toEqual([
    'MEMORY.md  3 bytes  1970-01-01T00:00:00Z',
    'memory/a\\u{1b}.md  9 bytes  1970-01-01T00:00:00Z  not searched: too-large',
    '',
  ]);
  const json = setUp({ list: async () => ({ agentId: 'main', files }) });
  await list(json.context, { json: true });
  expect(JSON.parse(json.printed.out)).toEqual({ agentId: 'main', files });
});

test('a search prints place, day and source, and says so when nothing fits', async () => {
  const hit = {
    path: 'MEMORY.md',
    lines: [3, 4],
    text: 'tea\n\u001b[2J',
    score: 1,
    headings: ['A', 'B'],
    day: '2026-01-01',
    superseded: '2026-02-01',
  } as const;
  const asked: unknown[] = [];
  const { context, printed } = setUp({
    search: async (...given) => {
      asked.push(given);
      return { hits: [{ ...hit, source: { by: 'agent', at: 0, sessionId: 's1' } }], left: [{ path: 'memory/big.md', bytes: 9, why: 'too-large' }] };
    },
  });
  expect(await search(context, ['green', 'tea'], { lines: '3', agent: 'other' })).toBe(0);
  expect(asked).toEqual([['green tea', 3, 'other']]);
  expect(printed.out).toBe('MEMORY.md:3-4  B; 2026-01-01; replaced on 2026-02-01; by agent at 1970-01-01T00:00:00Z in s1\ntea\n\\u{1b}[2J\n\n');
  expect(printed.error).toBe('Not searched: memory/big.md (9 bytes, too-large)\n');
  const none = setUp({ search: async () => ({ hits: [], read: { days: ['2026-01-01', '2026-01-02'], corrected: { tee: 'tea' } } }) });
  expect(await search(none.context, ['tee'], { lines: '10' })).toBe(0);
  expect(none.printed).toEqual({ out: '', error: 'Nothing in memory fits.\nLooked at 2026-01-01 to 2026-01-02.\nRead tee as tea.\n' });
  for (const lines of ['0', '101', 'x']) await expect(search(none.context, ['tea'], { lines })).rejects.toMatchObject({ code: 'usage' });
});

test('a file is shown without what could move the cursor, and with what is to be known of it', async () => {
  const page = { agentId: 'main', path: 'MEMORY.md', text: 'a\u001b', hash: 'h', modifiedAt: 0, tainted: true, fixed: 'secret' } as const;
  const { context, printed } = setUp({ show: async () => page });
  expect(await show(context, 'MEMORY.md', {})).toBe(0);
  expect(printed.out).toBe('a\\u{1b}\n');
  expect(printed.error).toMatch(/secret[\s\S]*strangers/u);
});

test('forgetting needs a note or --all, and says the way back', async () => {
  const asked: unknown[] = [];
  const { context, printed } = setUp({
    forget: async (...given) => {
      asked.push(given);
      return { path: 'MEMORY.md', text: '- tea', lines: [1, 1], trash: 'trash_1', undoId: 'edit_1' };
    },
  });
  expect(await forget(context, 'MEMORY.md', 'tea', {})).toBe(0);
  expect(await forget(context, 'MEMORY.md', undefined, { all: true })).toBe(0);
  expect(asked).toEqual([
    ['MEMORY.md', 'tea', undefined],
    ['MEMORY.md', '*', undefined],
  ]);
  expect(printed.error).toContain('trash_1');
  expect(printed.error).toContain('copaw undo edit_1');
  for (const [note, options] of [
    [undefined, {}],
    ['tea', { all: true }],
    ['*', {}],
  ] as const)
    await expect(forget(context, 'MEMORY.md', note, options)).rejects.toMatchObject({ code: 'usage' });
});

test('numbers and sights are words', async () => {
  const digest = { bytes: 10, most: 2048, leftNotes: 2, leftBytes: 30 };
  const left = [{ path: 'memory/big.md', bytes: 9, why: 'too-large' }] as const;
  const numbers = setUp({ stats: async () => ({ agentId: 'main', files: 2, bytes: 40, left, followed: false, digest }) });
  expect(await stats(numbers.context, {})).toBe(0);
  expect(numbers.printed.out.split('\n')).toEqual([
    'Memory of main: 2 files, 40 bytes',
    'In the prompt: 10 of at most 2048 bytes of MEMORY.md',
    'No room in the prompt: 2 notes, 30 bytes; a search finds them',
    'Not searched: memory/big.md (9 bytes, too-large)',
    'Files are compared at each search',
    '',
  ]);
  const sight = { sessionId: 's1', agentId: 'main', title: 'Team', memory: 'deny', files: 'own', commands: 'ask', why: 'group' } as const;
  const ruled = { ...sight, sessionId: 's2', title: 'Ana', memory: 'ask', files: 'allow', commands: 'allow', why: { rule: 'rules.0' } } as const;
  const { context, printed } = setUp({ sight: async () => sight, sights: async () => [sight, ruled] });
  expect(await sees(context, undefined, {})).toBe(0);
  expect(printed.out.split('\n')).toEqual([
    's1  private memory: no (a group); files: of the group alone; commands: after your yes  Team',
    's2  private memory: after your yes (by rules.0 in config.json); files: yes; commands: yes  Ana',
    '',
  ]);
  const one = setUp({ sight: async () => sight });
  await sees(one.context, 's1', { json: true });
  expect(JSON.parse(one.printed.out)).toEqual(sight);
});

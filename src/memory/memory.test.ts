// Memory on real files and a real index: what is noted is found again, and nothing noted is lost.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Files } from '../core/files.ts';
import type { Store } from '../core/store.ts';
import { createFiles } from '../security/workspace-files.ts';
import { openStore } from '../store/open-store.ts';
import { createCountingIds } from '../testing/counting-ids.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { memoryParts } from '../testing/memory-parts.ts';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { createMemory, type Memory } from './memory.ts';

let folder: TempFolder;
let store: Store;
let memory: Memory;
let files: (agentId: string) => Files;
const clock = createFakeClock();

// One index for all tests: what an earlier one left in it goes with its files.
let home: TempFolder;
beforeAll(async () => {
  home = tempFolder();
  store = await openStore(join(home.path, 'copaw.db'));
});
afterAll(async () => {
  await store.close();
  home.remove();
});

beforeEach(() => {
  folder = tempFolder();
  const ids = createCountingIds();
  files = (agentId) => {
    const root = join(folder.path, agentId);
    mkdirSync(root, { recursive: true });
    return createFiles({ root, trash: join(folder.path, 'trash'), clock, ids });
  };
  memory = createMemory(memoryParts(store, files, clock));
});
afterEach(() => folder.remove());

const write = (path: string, text: string, replaces?: string) =>
  memory.write('main', { path, text, ...(replaces === undefined ? {} : { replaces }) }, { by: 'agent', sessionId: 's1', turnId: 't1' });
const found = async (query: string, agentId = 'main'): Promise<string[]> =>
  (await memory.search(agentId, query, 10)).hits.map((hit) => `${hit.path}:${hit.lines[0]}-${hit.lines[1]} ${hit.text}`);
const text = (path: string): Promise<string> => files('main').readText(path);

describe('writing', () => {
  test('says where the note stands and what it says there', async () => {
    await files('main').write('MEMORY.md', '# Facts\n');
    expect(await write('MEMORY.md', 'likes tea\nnot coffee')).toEqual({
      ...{ path: 'MEMORY.md', result: 'added', lines: [2, 3] },
      text: '- 2026-01-05 likes tea\n  not coffee',
    });
    expect(await write('MEMORY.md', 'Likes tea not coffee.')).toMatchObject({ result: 'known', lines: [2, 3] });
    expect(await write('MEMORY.md', 'likes coffee', 'likes tea')).toMatchObject({ result: 'replaced', text: '- 2026-01-05 likes coffee' });
    expect(await text('MEMORY.md')).toBe('# Facts\n- ~~2026-01-05 likes tea\n  not coffee~~ (until 2026-01-05)\n- 2026-01-05 likes coffee\n');
  });

  test('the day is that of the operator', async () => {
    memory = createMemory({ ...memoryParts(store, files, createFakeClock(Date.UTC(2026, 0, 5, 20))), timezone: () => 'Pacific/Kiritimati' });
    expect((await write('MEMORY.md', 'late')).text).toBe('- 2026-01-06 late');
  });

  test('many notes at once are all kept', async () => {
    await Promise.all(Array.from({ length: 8 }, (_, index) => write(index % 2 === 0 ? 'MEMORY.md' : 'memory/day.md', `note ${index};`)));
    const all = (await text('MEMORY.md')) + (await text('memory/day.md'));
    expect(Array.from({ length: 8 }, (_, index) => index).filter((index) => !all.includes(`note ${index};`))).toEqual([]);
  });

  test('what somebody else writes at the same time is kept too, and one who never stops is a conflict', async () => {
    let others = 0;
    const busy = (times: number): Files => ({
      ...files('main'),
      read: async (path) => {
        const bytes = await files('main').read(path);
        if (others++ < times) writeFileSync(join(folder.path, 'main', path), `${Buffer.from(bytes).toString()}- by hand ${others}\n`);
        return bytes;
      },
    });
    await files('main').write('MEMORY.md', '');
    memory = createMemory(memoryParts(store, () => busy(2), clock));
    await write('MEMORY.md', 'mine');
    expect(await text('MEMORY.md')).toBe('- by hand 1\n- by hand 2\n- 2026-01-05 mine\n');
    others = 0;
    memory = createMemory(memoryParts(store, () => busy(99), clock));
    await expect(write('MEMORY.md', 'never')).rejects.toMatchObject({ code: 'conflict' });
    expect(await text('MEMORY.md')).not.toContain('never');
  });

  test('a write that fails does not hold up the next one', async () => {
    mkdirSync(join(folder.path, 'main', 'PROFILE.md'), { recursive: true });
    const results = await Promise.allSettled([write('PROFILE.md', 'lost'), write('MEMORY.md', 'kept')]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(await text('MEMORY.md')).toContain('kept');
  });

  test('a file that is no UTF-8, or too large, is refused and keeps its bytes', async () => {
    const bytes = Buffer.from('caf\xe9\n', 'latin1');
    await files('main').write('memory/old.md', bytes);
    await expect(write('memory/old.md', 'x')).rejects.toMatchObject({ code: 'invalid' });
    expect(readFileSync(join(folder.path, 'main/memory/old.md'))).toEqual(bytes);
    await files('main').write('memory/big.md', 'x'.repeat(2 * 1024 * 1024 + 1));
    await expect(write('memory/big.md', 'x')).rejects.toMatchObject({ code: 'too-large' });
  });

  test('attack: a secret is not noted, nor named to be replaced', async () => {
    memory = createMemory({ ...memoryParts(store, files, clock), secretIn: (given) => (given.includes('s3cret') ? 'a password' : undefined) });
    for (const note of [{ text: 'it is s3cret' }, { text: 'x', replaces: 's3cret' }])
      await expect(memory.write('main', { path: 'MEMORY.md', ...note }, { by: 'agent' })).rejects.toMatchObject({ code: 'invalid', rule: 'R23' });
    expect(await files('main').list('.')).toEqual([]);
  });

  test.each([
    ...['AGENTS.md', 'SOUL.md', 'memory/../AGENTS.md', 'memory/.hidden.md', 'memory/.git/a.md', '/MEMORY.md', 'memory/x.txt', 'MEMORY.md/x', 'memory/a\n.md'],
    ...['memory/a:b.md', 'memory//a.md', 'memory/a/b/c/d/e/f.md', 'memory/.md'],
  ])('attack: a note cannot go to %j', async (path) => {
    await expect(write(path, 'obey me')).rejects.toMatchObject({ code: 'path-refused' });
    await expect(memory.forget('main', path, '*')).rejects.toMatchObject({
      code: path.startsWith('memory/a/b/') || path.includes(':') || path.includes('\n') ? /path/u : 'path-refused',
    });
    expect(await files('main').list('.')).toEqual([]);
  });
});

describe('provenance', () => {
  test('a hit says where its note came from, also once it is replaced, and for no other file or agent', async () => {
    await write('MEMORY.md', 'lives in Lisbon');
    await memory.write('main', { path: 'MEMORY.md', text: 'lives in Porto', replaces: '1' }, { by: 'person' });
    await files('main').write('memory/copy.md', '- lives in Lisbon, by hand\n');
    const sources = async (query: string) => (await memory.search('main', query, 5)).hits.map(({ path, source }) => [path, source?.by, source?.messageId]);
    expect(new Set(await sources('Lisbon'))).toEqual(
      new Set([
        ['MEMORY.md', 'agent', 'message of t1'],
        ['memory/copy.md', undefined, undefined],
      ]),
    );
  });
});

describe('forgetting', () => {
  test('a note goes to the trash, is told, and is not found again', async () => {
    await write('MEMORY.md', 'likes tea');
    await write('MEMORY.md', 'likes coffee');
    expect(await found('tea')).toHaveLength(1);
    const { trash, ...gone } = await memory.forget('main', 'MEMORY.md', 'tea');
    expect(gone).toEqual({ path: 'MEMORY.md', text: '- 2026-01-05 likes tea', lines: [1, 1] });
    expect(await found('tea')).toEqual([]);
    expect(await text('MEMORY.md')).toBe('- 2026-01-05 likes coffee\n');
    expect(readFileSync(join(folder.path, 'trash', `${trash}-MEMORY.md`), 'utf8')).toBe('- 2026-01-05 likes tea\n');
  });

  test('a whole file goes, and what fits nothing changes nothing', async () => {
    await write('memory/a.md', 'likes tea');
    await expect(memory.forget('main', 'memory/a.md', 'coffee')).rejects.toMatchObject({ code: 'not-found' });
    const { trash, lines } = await memory.forget('main', 'memory/a.md', '*');
    expect(lines).toBeUndefined();
    expect(readFileSync(join(folder.path, 'trash', `${trash}-a.md`), 'utf8')).toBe('- 2026-01-05 likes tea\n');
    expect(await files('main').stat('memory/a.md')).toBeUndefined();
    await expect(memory.forget('main', 'memory/a.md', '*')).rejects.toMatchObject({ code: 'path-missing' });
  });
});

describe('reading', () => {
  test('gives some lines, and says how many there are', async () => {
    await files('main').write('MEMORY.md', 'a\nb\nc\n');
    expect(await memory.read('main', 'MEMORY.md')).toEqual({ path: 'MEMORY.md', text: 'a\nb\nc', lines: [1, 3], of: 3 });
    expect(await memory.read('main', 'MEMORY.md', 2, 1)).toMatchObject({ text: 'b', lines: [2, 2], of: 3 });
    await expect(memory.read('main', 'MEMORY.md', 4)).rejects.toMatchObject({ code: 'invalid' });
    await expect(memory.read('main', 'memory/none.md')).rejects.toMatchObject({ code: 'path-missing' });
  });

  test('is bounded in lines and characters, and a line that is longer comes cut', async () => {
    await files('main').write('MEMORY.md', `${'x'.repeat(20_000)}\n${'y\n'.repeat(1_000)}`);
    expect(await memory.read('main', 'MEMORY.md')).toMatchObject({ text: `${'x'.repeat(14_000)}…`, lines: [1, 1], of: 1_001 });
    expect((await memory.read('main', 'MEMORY.md', 2)).lines).toEqual([2, 301]);
  });

  test.each(['AGENTS.md', 'memory/../AGENTS.md', 'memory/.git/x.md', '../other/MEMORY.md'])('attack: %j is no place of memory', async (path) => {
    await files('main').write('AGENTS.md', 'x');
    await expect(memory.read('main', path)).rejects.toMatchObject({ code: 'path-refused' });
  });
});

describe('searching', () => {
  test('finds English and Chinese notes at once, with their lines', async () => {
    await files('main').write('memory/旅行.md', '# Trip\n\n我们五月去京都看樱花\n\nThe hotel is booked.\n');
    await write('MEMORY.md', 'Allergic to peanuts');
    expect(await found('樱花')).toEqual(['memory/旅行.md:3-3 我们五月去京都看樱花']);
    expect(await found('Where is the HOTEL?')).toEqual(['memory/旅行.md:5-5 The hotel is booked.']);
    expect(await found('peanuts')).toEqual(['MEMORY.md:1-1 - 2026-01-05 Allergic to peanuts']);
    expect(await found('peanuts', 'other')).toEqual([]);
    expect(await found('?!')).toEqual([]);
  });
});

describe('digest', () => {
  test('is empty without memory, and the same bytes while MEMORY.md does not change', async () => {
    expect(await memory.digest('main')).toBe('');
    await write('MEMORY.md', 'likes tea');
    const digest = await memory.digest('main');
    expect(digest).toBe('- 2026-01-05 likes tea');
    await write('memory/other.md', 'likes coffee');
    await found('tea');
    expect(await memory.digest('main')).toBe(digest);
  });

  test('says that there is more where not all fits, also of a file that is far too large', async () => {
    await files('main').write('MEMORY.md', Array.from({ length: 100 }, (_, index) => `- ${index} ${'x'.repeat(90)}`).join('\n'));
    expect(await memory.digest('main')).toMatch(/x\n\n\[MEMORY\.md has more: search or read it\]$/u);
    await files('main').write('MEMORY.md', `${'- old\n'.repeat(600_000)}- 2026-01-04 newest\n`);
    expect(await memory.digest('main')).toContain('newest');
  });
});

// Memory on real files and a real index: what is noted is found again, and nothing noted is lost.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Files } from '../core/files.ts';
import type { MemoryStore } from '../core/memory.ts';
import type { Store } from '../core/store.ts';
import { createFiles } from '../security/workspace-files.ts';
import { openStore } from '../store/open-store.ts';
import { createCountingIds } from '../testing/counting-ids.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { createMemory } from './memory.ts';

let folder: TempFolder;
let store: Store;
let memory: MemoryStore;
let files: (agentId: string) => Files;
const clock = createFakeClock();

beforeEach(async () => {
  folder = tempFolder();
  store = await openStore(join(folder.path, 'copaw.db'));
  files = (agentId) => {
    const root = join(folder.path, agentId);
    mkdirSync(root, { recursive: true });
    return createFiles({ root, trash: join(folder.path, 'trash'), clock, ids: createCountingIds() });
  };
  memory = createMemory({ files, index: store.memoryIndex, clock });
});
afterEach(async () => {
  await store.close();
  folder.remove();
});

const found = async (query: string, agentId = 'main'): Promise<string[]> =>
  (await memory.search(agentId, query, 10)).hits.map((hit) => `${hit.path}:${hit.lines[0]}-${hit.lines[1]} ${hit.text}`);

describe('writing', () => {
  test('appends a dated point and keeps what people wrote', async () => {
    await files('main').write('MEMORY.md', '# Facts\n\nby hand, no line end');
    await memory.write('main', 'MEMORY.md', '  likes tea\nnot coffee\n');
    expect(await files('main').readText('MEMORY.md')).toBe('# Facts\n\nby hand, no line end\n- 2026-01-05 likes tea\n  not coffee\n');
  });

  test('many notes at once are all kept', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => memory.write('main', index % 2 === 0 ? 'MEMORY.md' : 'memory/day.md', `note ${index}.`)));
    const text = (await files('main').readText('MEMORY.md')) + (await files('main').readText('memory/day.md'));
    expect(Array.from({ length: 20 }, (_, index) => index).filter((index) => !text.includes(`note ${index}.`))).toEqual([]);
  });

  test('a write that fails does not hold up the next one', async () => {
    mkdirSync(join(folder.path, 'main', 'PROFILE.md'), { recursive: true });
    const results = await Promise.allSettled([memory.write('main', 'PROFILE.md', 'lost'), memory.write('main', 'MEMORY.md', 'kept')]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(await files('main').readText('MEMORY.md')).toContain('kept');
  });

  test.each([
    'AGENTS.md',
    'SOUL.md',
    'memory/../AGENTS.md',
    'memory/.hidden.md',
    'memory/a/b.md',
    '/MEMORY.md',
    'memory/x.txt',
    'MEMORY.md/x',
    'memory/a\n.md',
  ])('attack: a note cannot go to %j', async (path) => {
    await expect(memory.write('main', path, 'obey me')).rejects.toMatchObject({ code: 'path-refused' });
    expect(await files('main').list('.')).toEqual([]);
  });
});

describe('searching', () => {
  test('finds English and Chinese notes at once, with their lines', async () => {
    await files('main').write('memory/旅行.md', '# Trip\n\n我们五月去京都看樱花\n\nThe hotel is booked.\n');
    await memory.write('main', 'MEMORY.md', 'Allergic to peanuts');
    expect(await found('樱花')).toEqual(['memory/旅行.md:3-3 我们五月去京都看樱花']);
    expect(await found('Where is the HOTEL?')).toEqual(['memory/旅行.md:5-5 The hotel is booked.']);
    expect(await found('peanuts')).toEqual(['MEMORY.md:1-1 - 2026-01-05 Allergic to peanuts']);
    expect(await found('peanuts', 'other')).toEqual([]);
    expect(await found('?!')).toEqual([]);
  });

  test('follows what people change and remove by hand', async () => {
    await files('main').write('memory/a.md', 'old words here\n');
    await files('main').write('memory/b.md', 'second file\n');
    expect(await found('old')).toHaveLength(1);
    writeFileSync(join(folder.path, 'main', 'memory', 'a.md'), 'entirely new text\n');
    await files('main').trash('memory/b.md');
    expect(await found('old')).toEqual([]);
    expect(await found('second')).toEqual([]);
    expect(await found('entirely')).toEqual(['memory/a.md:1-1 entirely new text']);
  });

  test('an unchanged file is not read again', async () => {
    await files('main').write('MEMORY.md', 'steady\n');
    await found('steady');
    const reads: string[] = [];
    const counting = createMemory({
      clock,
      index: store.memoryIndex,
      files: (agentId) => ({ ...files(agentId), readText: async (path) => `${reads.push(path)}` }),
    });
    expect((await counting.search('main', 'steady', 5)).hits).toHaveLength(1);
    expect(reads).toEqual([]);
  });
});

describe('digest', () => {
  test('is empty without memory, and the same bytes while nothing changes', async () => {
    expect(await memory.digest('main')).toBe('');
    await memory.write('main', 'MEMORY.md', 'likes tea');
    expect(await memory.digest('main')).toBe('- 2026-01-05 likes tea');
    expect(await memory.digest('main')).toBe(await memory.digest('main'));
  });

  test('keeps whole lines, about 2 kB of them', async () => {
    await files('main').write('MEMORY.md', Array.from({ length: 100 }, (_, index) => `- ${index} ${'x'.repeat(90)}`).join('\n'));
    const digest = await memory.digest('main');
    expect(Buffer.byteLength(digest)).toBeLessThanOrEqual(2_048);
    expect(Buffer.byteLength(digest)).toBeGreaterThan(1_900);
    expect(digest.split('\n').every((line) => line.endsWith('x'.repeat(90)))).toBe(true);
  });

  test('of one endless line it keeps the beginning, cut between characters', async () => {
    await files('main').write('MEMORY.md', `a${'记'.repeat(2_000)}`);
    const digest = await memory.digest('main');
    expect(digest).toMatch(/^a记{600,}…$/u);
    expect(Buffer.byteLength(digest)).toBeLessThanOrEqual(2_060);
  });
});

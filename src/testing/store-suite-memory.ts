// What every store must do about the index of memory.
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import type { FoundChunk, IndexedChunk } from '../core/memory.ts';
import type { Store } from '../core/store.ts';

const chunk = (line: number, text: string, more: Partial<IndexedChunk> = {}): IndexedChunk => ({
  ...{ lines: [line, line] as const, text, segmented: text.toLowerCase(), headings: [], hash: `hash of ${text}` },
  ...more,
});
const places = (found: readonly FoundChunk[]): string[] => found.map(({ path, lines }) => `${path}:${lines[0]}`);

export function testMemoryIndex(name: string, held: (title: string, body: (opened: { readonly store: Store }) => Promise<void>) => void): void {
  describe(`${name}: memory index`, () => {
    held('finds segmented words, Chinese too, best first, for one agent', async ({ store: { memoryIndex: index } }) => {
      await index.replace('main', 'MEMORY.md', 's1', [
        chunk(1, '我喜欢咖啡', { segmented: '我 喜欢 咖啡' }),
        chunk(2, 'Tea and coffee and coffee', { headings: ['Drinks', 'Hot'], day: '2026-01-05', superseded: '2026-02-01' }),
        chunk(3, 'Tea only'),
      ]);
      await index.replace('other', 'MEMORY.md', 's1', [chunk(1, 'coffee')]);
      expect(await index.find('main', ['咖啡'], { limit: 5 })).toEqual([
        { ...chunk(1, '我喜欢咖啡', { segmented: '我 喜欢 咖啡' }), id: expect.any(Number), path: 'MEMORY.md' },
      ]);
      const found = await index.find('main', ['tea', 'coffee'], { limit: 5 });
      expect(places(found)).toEqual(['MEMORY.md:2', 'MEMORY.md:3']);
      expect(found[0]).toMatchObject({ headings: ['Drinks', 'Hot'], day: '2026-01-05', superseded: '2026-02-01' });
      expect(await index.find('main', ['tea', 'coffee'], { limit: 1 })).toHaveLength(1);
      expect(await index.find('main', [], { limit: 5 })).toEqual([]);
    });

    held('finds what is of a span of days, newest first', async ({ store: { memoryIndex: index } }) => {
      await index.replaceAll('main', [
        { path: 'a.md', stamp: '1', chunks: [chunk(1, 'tea', { day: '2026-01-01' }), chunk(2, 'tea', { day: '2026-01-03' }), chunk(3, 'tea')] },
        { path: 'b.md', stamp: '1', chunks: [chunk(1, 'milk', { day: '2026-01-02' })] },
      ]);
      expect(places(await index.ofDays('main', ['2026-01-01', '2026-01-02'], 5))).toEqual(['b.md:1', 'a.md:1']);
      expect(places(await index.ofDays('main', ['2026-01-01', '2026-01-03'], 2))).toEqual(['a.md:2', 'b.md:1']);
      expect(places(await index.find('main', ['tea'], { limit: 5, days: ['2026-01-02', '9999-12-31'] }))).toEqual(['a.md:2']);
      expect(await index.ofDays('other', ['0000-01-01', '9999-12-31'], 5)).toEqual([]);
    });

    held('replacing a file forgets what it said, and no chunks forget the file', async ({ store: { memoryIndex: index } }) => {
      await index.replace('main', 'a.md', 's1', [chunk(1, 'old')]);
      await index.replace('main', 'b.md', 's1', [chunk(1, 'old')]);
      await index.replace('main', 'a.md', 's2', [chunk(1, 'new')]);
      expect(places(await index.find('main', ['old'], { limit: 5 }))).toEqual(['b.md:1']);
      await index.replace('main', 'b.md', '', []);
      expect([...(await index.stamps('main'))]).toEqual([['a.md', 's2']]);
      expect(await index.find('main', ['old'], { limit: 5 })).toEqual([]);
      await index.replace('main', 'a.md', 's3', []);
      expect([...(await index.stamps('main'))], 'an empty file is known, or it would be read again and again').toEqual([['a.md', 's3']]);
    });

    held('knows the words of an agent and in how many chunks they stand, and none that is gone', async ({ store: { memoryIndex: index } }) => {
      await index.replace('main', 'a.md', '1', [chunk(1, 'porto porto lisbon'), chunk(2, 'porto 2024'), chunk(3, '咖啡')]);
      await index.replace('other', 'a.md', '1', [chunk(1, 'portofino secret')]);
      expect(await index.counts('main', ['porto', 'lisbon', '2024', 'secret', '咖啡'])).toEqual(
        new Map([
          ['porto', 2],
          ['lisbon', 1],
          ['2024', 1],
          ['咖啡', 1],
        ]),
      );
      expect([...(await index.alike('main', { start: 'por', length: [5, 9] }))]).toEqual([['porto', 2]]);
      expect([...(await index.alike('main', { start: '', length: [6, 6] }))]).toEqual([['lisbon', 1]]);
      expect(await index.totals('main')).toEqual({ chunks: 3, words: 6 });
      await index.replace('main', 'a.md', '2', [chunk(1, 'porto')]);
      expect([...(await index.counts('main', ['porto', 'lisbon', '2024']))]).toEqual([['porto', 1]]);
      expect([...(await index.alike('main', { start: 'l', length: [1, 9] }))]).toEqual([]);
      await index.clear('main');
      expect(await index.totals('main')).toEqual({ chunks: 0, words: 0 });
      expect([
        (await index.stamps('main')).size,
        (await index.counts('main', ['porto'])).size,
        (await index.find('main', ['porto'], { limit: 1 })).length,
      ]).toEqual([0, 0, 0]);
      expect(await index.find('other', ['secret'], { limit: 5 })).toHaveLength(1);
    });

    held('a note keeps where it came from through a new index', async ({ store: { memoryIndex: index } }) => {
      const source = { by: 'agent' as const, at: 7, sessionId: 's1' };
      await index.noteSource('main', 'a.md', 'hash of tea', source);
      for (const _ of [1, 2]) {
        await index.clear('main');
        await index.replace('main', 'a.md', '1', [chunk(1, 'tea'), chunk(2, 'milk')]);
        expect((await index.find('main', ['tea', 'milk'], { limit: 5 })).map((found) => found.source)).toEqual(expect.arrayContaining([source, undefined]));
      }
    });

    held('keeps vectors with what they are of, for one model at a time', async ({ store: { memoryIndex: index } }) => {
      await index.replace('main', 'a.md', '1', [chunk(1, 'tea'), chunk(2, 'milk')]);
      expect((await index.withoutVector('main', 'p/m', 5)).map(({ text }) => text).sort()).toEqual(['milk', 'tea']);
      const vector = Int8Array.of(-128, 0, 127);
      await index.putVectors('main', 'p/m', [
        { hash: 'hash of tea', vector },
        { hash: 'hash of what is gone', vector },
      ]);
      expect(await index.withoutVector('main', 'p/m', 5)).toEqual([{ hash: 'hash of milk', text: 'milk' }]);
      expect(await index.vectors('main', 'p/m', { after: '', limit: 5 })).toEqual([{ hash: 'hash of tea', vector }]);
      expect(await index.vectors('main', 'p/m', { after: 'hash of tea', limit: 5 })).toEqual([]);
      expect(places(await index.byHash('main', ['hash of tea', 'unknown']))).toEqual(['a.md:1']);
      await index.putVectors('main', 'p/other', []);
      expect(await index.vectors('main', 'p/m', { after: '', limit: 5 })).toEqual([]);
    });

    held('attack: no search term is read as query language', async ({ store }) => {
      const index = store.memoryIndex;
      await index.replace('main', 'a.md', 's1', [chunk(1, 'plain words')]);
      for (const term of ['"', '""', 'plain"', '*', 'NOT', 'path : a', 'plain AND absent', '(', 'a\u0000b', '-', '^plain', "'; DROP TABLE entries; --"]) {
        expect(await index.find('main', ['words', term], { limit: 5 }), term).toHaveLength(1);
        await index.counts('main', [term]);
        await index.alike('main', { start: term, length: [0, 99] });
      }
      await fc.assert(
        fc.asyncProperty(fc.array(fc.string(), { maxLength: 4 }), async (terms) => void (await index.find('main', terms, { limit: 5 }))),
        { numRuns: 50 },
      );
      expect(await index.find('main', ['absent AND plain'], { limit: 5 })).toEqual([]);
      expect(await store.entries.lastSeq()).toBe(0);
    });
  });
}

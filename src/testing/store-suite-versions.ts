// What every store must do with changes of files and with what was there before.
import { describe, expect } from 'vitest';
import type { Store } from '../core/store.ts';
import type { FileChange } from '../core/undo.ts';
import { sha256 } from '../lib/canonical-json.ts';

/** A test on a fresh store. */
type Held = (title: string, body: (opened: { readonly store: Store; readonly reopen: () => Promise<Store> }) => Promise<void>) => void;

const keep = { days: 30, megabytes: 1 };
const dayMs = 24 * 60 * 60 * 1000;
/** Without the methods a Buffer has. */
const plain = async (found: Promise<Uint8Array | undefined>) => Uint8Array.from((await found) ?? []);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const change = (turnId: string, path: string, before: string, more: Partial<FileChange> = {}): Omit<FileChange, 'seq'> => ({
  agentId: 'main',
  sessionId: 's1',
  turnId,
  callId: `call-${path}`,
  path,
  before,
  after: 'absent',
  at: 1,
  ...more,
});
/** Does not shrink when it is packed: a generator's output, the same each time. */
function noise(seed: number, length: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 24;
  });
}

export function testVersions(name: string, held: Held): void {
  describe(`${name}: versions of files`, () => {
    held('a change and what was there come back as they were, also after opening again', async ({ store, reopen }) => {
      const content = Uint8Array.from([0, 255, 10, 13, 0xed, 0xa0]);
      const given = change('t1', 'a/b.bin', sha256(content), { mark: 's9', at: 7, undoes: 't0' });
      const added = await store.versions.add(given, content, keep);
      expect(added).toEqual({ ...given, seq: expect.any(Number) });
      await store.versions.settle(added.seq, { after: 'f'.repeat(64), trash: 'trash_1' });
      const again = await reopen();
      expect(await again.versions.ofTurn('t1')).toEqual([{ ...added, after: 'f'.repeat(64), trash: 'trash_1' }]);
      expect(await plain(again.versions.content(sha256(content)))).toEqual(content);
      expect(await again.versions.content(sha256('never kept'))).toBeUndefined();
      expect(await again.versions.content('../../copaw.db')).toBeUndefined();
      expect(await again.versions.ofTurn('none')).toEqual([]);
    });

    held('turns are listed newest first, by session, with their paths', async ({ store }) => {
      for (const [turnId, path, sessionId] of [
        ['t1', 'b', 's1'],
        ['t2', 'x', 's2'],
        ['t1', 'a', 's1'],
        ['t1', 'b', 's1'],
        ['t3', 'y', 's1'],
      ] as const)
        await store.versions.add(change(turnId, path, 'absent', { sessionId }), undefined, keep);
      const turns = await store.versions.turns({ limit: 10 });
      expect(turns.map(({ turnId }) => turnId)).toEqual(['t3', 't1', 't2']);
      expect(turns[1]).toEqual({ turnId: 't1', agentId: 'main', sessionId: 's1', at: 1, paths: ['a', 'b'], files: 2 });
      expect((await store.versions.turns({ sessionId: 's2', limit: 10 })).map(({ turnId }) => turnId)).toEqual(['t2']);
      expect((await store.versions.turns({ limit: 1 })).map(({ turnId }) => turnId)).toEqual(['t3']);
      for (let path = 0; path < 30; path++) await store.versions.add(change('t4', String(path), 'absent'), undefined, keep);
      expect(await store.versions.turns({ limit: 1 })).toMatchObject([{ files: 30, paths: { length: 20 } }]);
    });

    held('undone, and counting again once the undo is undone', async ({ store }) => {
      await store.versions.add(change('t1', 'a', 'absent'), undefined, keep);
      await store.versions.add(change('u1', 'a', 'absent', { undoes: 't1' }), undefined, keep);
      await store.versions.setUndone('t1', 'u1');
      const of = async () => (await store.versions.turns({ limit: 9 })).map(({ turnId, undoes, undoneBy }) => [turnId, undoes, undoneBy]);
      expect(await of()).toEqual([
        ['u1', 't1', undefined],
        ['t1', undefined, 'u1'],
      ]);
      await store.versions.setUndone('u1', 'u2');
      expect(await of()).toEqual([
        ['u1', 't1', 'u2'],
        ['t1', undefined, undefined],
      ]);
    });

    held('the oldest turns leave for their age, whole, when something new comes; what a newer one names too stays', async ({ store }) => {
      const [shared, own] = [bytes('shared'), bytes('own')];
      await store.versions.add(change('t1', 'a', sha256(shared)), shared, keep);
      await store.versions.add(change('t1', 'b', sha256(own)), own, keep);
      await store.versions.add(change('t2', 'a', sha256(shared), { at: 20 * dayMs }), shared, keep);
      expect(await store.versions.turns({ limit: 9 })).toHaveLength(2);
      await store.versions.add(change('t3', 'c', 'absent', { at: 31 * dayMs }), undefined, keep);
      expect((await store.versions.turns({ limit: 9 })).map(({ turnId }) => turnId)).toEqual(['t3', 't2']);
      expect(await store.versions.ofTurn('t1')).toEqual([]);
      expect(await store.versions.content(sha256(own))).toBeUndefined();
      expect(await plain(store.versions.content(sha256(shared)))).toEqual(shared);
    });

    held('many aged turns leave a few at a time', async ({ store }) => {
      for (let turn = 0; turn < 50; turn++) await store.versions.add(change(`t${turn}`, 'a', 'absent'), undefined, keep);
      const left: number[] = [];
      for (let turn = 0; turn < 3; turn++) {
        await store.versions.add(change('new', `${turn}`, 'absent', { at: 40 * dayMs }), undefined, keep);
        left.push((await store.versions.turns({ limit: 99 })).length);
      }
      expect(left).toEqual([31, 11, 1]);
    });

    held('no more is kept than there is room for: the oldest turns make it, and where that is not enough it is said', async ({ store, reopen }) => {
      const contents = [1, 2, 3, 4].map((seed) => noise(seed, 300_000));
      const hash = (index: number): string => sha256(contents[index] ?? '');
      for (const index of [0, 1, 2]) await store.versions.add(change(`t${index}`, 'a', hash(index)), contents[index], keep);
      const again = await reopen();
      expect((await again.versions.add(change('t3', 'a', hash(3)), contents[3], keep)).before).toBe(hash(3));
      expect(await again.versions.content(hash(0))).toBeUndefined();
      expect(await plain(again.versions.content(hash(1)))).toEqual(contents[1]);
      expect((await again.versions.turns({ limit: 9 })).map(({ turnId }) => turnId)).toEqual(['t3', 't2', 't1']);
      const large = noise(5, 1_100_000);
      expect((await again.versions.add(change('t4', 'a', sha256(large)), large, keep)).before).toBe('unkept');
      expect((await again.versions.turns({ limit: 9 })).map(({ turnId }) => turnId)).toEqual(['t4', 't3', 't2', 't1']);
      // A turn never makes room by forgetting itself.
      for (const index of [0, 1, 2]) expect((await again.versions.add(change('t5', `${index}`, hash(index)), contents[index], keep)).before).toBe(hash(index));
      expect((await again.versions.add(change('t5', '3', hash(3)), contents[3], keep)).before).toBe('unkept');
      expect((await again.versions.turns({ limit: 9 })).map(({ turnId }) => turnId)).toEqual(['t5']);
    });

    held('a change that did not happen leaves nothing, unless another names the same content', async ({ store }) => {
      const content = bytes('x');
      const first = await store.versions.add(change('t1', 'a', sha256(content)), content, keep);
      const second = await store.versions.add(change('t1', 'b', sha256(content)), content, keep);
      await store.versions.remove(second.seq);
      expect(await store.versions.ofTurn('t1')).toEqual([first]);
      expect(await plain(store.versions.content(sha256(content)))).toEqual(content);
      await store.versions.remove(first.seq);
      expect(await store.versions.turns({ limit: 9 })).toEqual([]);
      expect(await store.versions.content(sha256(content))).toBeUndefined();
    });
  });
}

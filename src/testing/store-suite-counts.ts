// What every store must do with jobs, and what it counts without loading it.
import { describe, expect } from 'vitest';
import type { Store } from '../core/store.ts';
import { entry, job } from './store-rows.ts';

/** A test on a fresh store. */
type Held = (title: string, body: (opened: { readonly store: Store }) => Promise<void>) => void;

export function testCounts(name: string, held: Held): void {
  describe(`${name}: jobs and counts`, () => {
    held('jobs come when they are due and leave once', async ({ store }) => {
      expect(await store.jobs.nextDue()).toBeUndefined();
      await store.commit({ jobs: [job('late', 30), job('early', 10)] });
      expect(await store.jobs.nextDue()).toBe(10);
      expect(await store.jobs.due(9)).toEqual([]);
      expect((await store.jobs.due(30)).map(({ id }) => id)).toEqual(['early', 'late']);
      expect(await store.jobs.settle('early', 'fired')).toBe(true);
      expect(await store.jobs.settle('early', 'cancelled')).toBe(false);
      expect(await store.jobs.nextDue()).toBe(30);
      expect([await store.jobs.countScheduled('s1'), await store.jobs.countScheduled('none')]).toEqual([1, 0]);
      expect((await store.jobs.list()).map(({ id, state }) => `${id} ${state}`)).toEqual(['early fired', 'late scheduled']);
    });

    held('starts of a turn that came to nothing are counted: only those behind all else it holds', async ({ store }) => {
      expect(await store.turns.vainStarts('t1')).toBe(0);
      const start = (turnId: string, resumed: boolean) => ({
        ...entry('s1', turnId, ''),
        event: { type: 'turn-start', origin: 'operator', answerId: 'a', resumed } as const,
      });
      await store.commit({
        entries: [start('t1', false), entry('s1', 't1', '"type":"turn-start"'), entry('s1', 't1', 'x'.repeat(1_000_000)), start('t2', false)],
      });
      expect([await store.turns.vainStarts('t1'), await store.turns.vainStarts('t2')]).toEqual([0, 1]);
      await store.commit({ entries: [start('t1', true), start('t2', true), start('t1', true)] });
      expect([await store.turns.vainStarts('t1'), await store.turns.vainStarts('t2')]).toEqual([2, 2]);
      await store.commit({ entries: [entry('s1', 't1', 'said')] });
      expect(await store.turns.vainStarts('t1')).toBe(0);
    });
  });
}

// The part of the store suite about looking through the inbox and the outbox: pages by state, counts, and a change that has a condition.
import { describe, expect } from 'vitest';
import type { Store } from '../core/store.ts';
import { inboxRow, outboxRow, turn } from './store-rows.ts';

/** A test on a fresh store. */
type Held = (title: string, body: (opened: { readonly store: Store }) => Promise<void>) => void;

export function testPages(name: string, held: Held): void {
  describe(`${name}: pages and counts`, () => {
    held('messages come newest first, by state, and pages joined are the whole', async ({ store }) => {
      const states = ['answered', 'failed', 'accepted', 'failed', 'cancelled', 'answered', 'failed'] as const;
      for (const [index, state] of states.entries()) await store.commit({ inbox: [inboxRow(`k${index}`, { state, receivedAt: 100 - index })] });
      const all = await store.inbox.page({ limit: 10 });
      expect(all.map(({ key }) => key)).toEqual(['k6', 'k5', 'k4', 'k3', 'k2', 'k1', 'k0']);
      const { seq, ...row } = all[0] ?? { seq: 0 };
      expect(row).toEqual(inboxRow('k6', { state: 'failed', receivedAt: 94 }));
      const bad = { states: ['failed', 'cancelled'] as const, limit: 2 };
      const first = await store.inbox.page(bad);
      expect(first.map(({ key }) => key)).toEqual(['k6', 'k4']);
      const second = await store.inbox.page({ ...bad, before: first[1]?.seq ?? 0 });
      expect(second.map(({ key }) => key)).toEqual(['k3', 'k1']);
      expect(await store.inbox.page({ ...bad, before: second[1]?.seq ?? 0 })).toEqual([]);
      expect(await store.inbox.page({ states: [], limit: 5 })).toEqual([]);
      expect((await store.inbox.page({ limit: 5, before: seq })).map(({ key }) => key)).toEqual(['k5', 'k4', 'k3', 'k2', 'k1']);
      expect(new Map(await store.inbox.counts())).toEqual(
        new Map([
          ['answered', 2],
          ['failed', 3],
          ['accepted', 1],
          ['cancelled', 1],
        ]),
      );
    });

    held('parts come newest first, by state; a change with a condition happens once', async ({ store }) => {
      for (const [index, state] of (['sent', 'dead', 'unknown', 'dead'] as const).entries())
        await store.commit({ outbox: [outboxRow(`a${index}`, 0, { state })] });
      expect((await store.outbox.page({ states: ['dead', 'unknown'], limit: 2 })).map(({ answerId }) => answerId)).toEqual(['a3', 'a2']);
      const again = { state: 'pending', attempts: 0, nextAt: 7 } as const;
      expect(await store.outbox.update('a1', 0, again, 'dead')).toBe(true);
      expect(await store.outbox.update('a1', 0, again, 'dead')).toBe(false);
      expect(await store.outbox.update('none', 0, again)).toBe(false);
      expect(await store.outbox.ofAnswer('a1')).toEqual([outboxRow('a1', 0, { nextAt: 7 })]);
      expect((await store.outbox.page({ states: ['dead'], limit: 9 })).map(({ answerId }) => answerId)).toEqual(['a3']);
      expect([...(await store.outbox.counts())].sort()).toEqual([
        ['dead', 1],
        ['pending', 1],
        ['sent', 1],
        ['unknown', 1],
      ]);
    });

    held('only the states that are asked for are counted, and the space is told', async ({ store }) => {
      for (const [index, state] of (['sent', 'dead', 'sent', 'unknown'] as const).entries())
        await store.commit({ outbox: [outboxRow(`a${index}`, 0, { state })] });
      expect([...(await store.outbox.counts(['dead', 'unknown', 'pending']))].sort()).toEqual([
        ['dead', 1],
        ['unknown', 1],
      ]);
      expect([...(await store.outbox.counts([]))]).toEqual([]);
      const { bytes, free } = await store.space();
      expect(bytes).toBeGreaterThan(0);
      expect(free).toBeGreaterThan(0);
    });

    held('a turn is found by its answer, the latest come first, and ended turns are counted by how they ended', async ({ store }) => {
      for (const id of ['t1', 't2', 't3']) await store.commit({ turn: turn(id) });
      expect([...(await store.turns.counts())]).toEqual([]);
      for (const turnId of ['t1', 't3']) await store.commit({ turnEnd: { turnId, outcome: 'failed', at: 2 } });
      expect([...(await store.turns.counts())]).toEqual([['failed', 2]]);
      expect((await store.turns.byAnswer('ans-t2'))?.id).toBe('t2');
      expect(await store.turns.byAnswer('t2')).toBeUndefined();
      expect((await store.turns.latest(2)).map(({ id }) => id)).toEqual(['t3', 't2']);
    });
  });
}

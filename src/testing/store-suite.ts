// What every store must do, whatever it is made of. A second implementation starts from here.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Store } from '../core/store.ts';
import { approval, entry, inboxRow, job, notice, outboxRow, sampleAddress, session, step, turn, usageRow } from './store-rows.ts';
import { testCounts } from './store-suite-counts.ts';
import { testMemoryIndex } from './store-suite-memory.ts';
import { testPages } from './store-suite-pages.ts';
import { testRetention } from './store-suite-retention.ts';
import { testSenders } from './store-suite-senders.ts';
import { testSessions } from './store-suite-sessions.ts';
import { testUsage } from './store-suite-usage.ts';
import { testVersions } from './store-suite-versions.ts';

/** A store on its own fresh, empty place. */
export interface OpenedStore {
  readonly store: Store;
  /** Closes it and opens the same place again. */
  reopen(): Promise<Store>;
  /** Closes it and removes the place. */
  remove(): Promise<void>;
}

/** Runs the whole contract; `open` is called once for each test. */
export function testStore(name: string, open: () => Promise<OpenedStore>): void {
  const held = (title: string, body: (opened: OpenedStore) => Promise<void>): void =>
    test(title, async () => {
      const opened = await open();
      try {
        await body(opened);
      } finally {
        await opened.remove();
      }
    });

  describe(`${name}: commit`, () => {
    held('everything in a batch is there afterwards, and after opening again', async ({ store, reopen }) => {
      const [first] = await store.commit({
        inbox: [inboxRow('k1', { state: 'assigned', sessionId: 's1', turnId: 't1' })],
        session: session('s1'),
        turn: turn('t1'),
        entries: [entry('s1', 't1', 'hello'), entry('s1', 't1', '你好 "quoted" \u0000 \ud83d\ude00')],
        steps: [step('t1', 'c1', 'started')],
        outbox: [outboxRow('ans-t1', 0, { ref: 'r' })],
        usage: [usageRow('p/m', 5, { cost: 0.25 })],
        jobs: [job('j1', 9)],
      });
      expect(first).toEqual({ seq: expect.any(Number), ...entry('s1', 't1', 'hello') });
      const again = await reopen();
      expect(await again.inbox.get('k1')).toEqual(inboxRow('k1', { state: 'assigned', sessionId: 's1', turnId: 't1' }));
      expect(await again.sessions.get('s1')).toEqual(session('s1'));
      expect(await again.turns.get('t1')).toEqual(turn('t1'));
      expect((await again.entries.ofTurn('t1')).map(({ event }) => event)).toEqual([notice('hello'), notice('你好 "quoted" \u0000 \ud83d\ude00')]);
      expect(await again.turns.steps('t1')).toEqual([step('t1', 'c1', 'started')]);
      expect(await again.outbox.ofAnswer('ans-t1')).toEqual([outboxRow('ans-t1', 0, { ref: 'r' })]);
      expect(await again.jobs.list()).toEqual([job('j1', 9)]);
      expect([await again.jobs.get('j1'), await again.jobs.get('j2')]).toEqual([job('j1', 9), undefined]);
      expect((await again.usage.since(0))[0]?.cost).toBe(0.25);
      const [next] = await again.commit({ entries: [entry('s1', 't1', 'later')] });
      expect(next?.seq).toBeGreaterThan((first?.seq ?? 0) + 1);
    });

    held('a conflicting outbox row takes the whole batch back', async ({ store }) => {
      await store.commit({ outbox: [outboxRow('a', 0)] });
      const batch = {
        inbox: [inboxRow('k1')],
        session: session('s1'),
        turn: turn('t1'),
        entries: [entry('s1', 't1', 'lost')],
        steps: [step('t1', 'c1', 'started')],
        usage: [usageRow('p/m', 1)],
        jobs: [job('j1', 1)],
      };
      await expect(store.commit({ ...batch, outbox: [outboxRow('a', 1), outboxRow('a', 0)] })).rejects.toMatchObject({ name: 'CoPawError', code: 'conflict' });
      expect(await store.inbox.get('k1')).toBeUndefined();
      expect(await store.sessions.get('s1')).toBeUndefined();
      expect(await store.turns.get('t1')).toBeUndefined();
      expect(await store.entries.after({ after: 0, limit: 10 })).toEqual([]);
      expect(await store.turns.steps('t1')).toEqual([]);
      expect(await store.outbox.ofAnswer('a')).toEqual([outboxRow('a', 0)]);
      expect(await store.usage.since(0)).toEqual([]);
      expect(await store.jobs.list()).toEqual([]);
      await store.commit(batch);
      expect(await store.jobs.list()).toHaveLength(1);
    });

    held('the same message twice is a conflict and changes nothing', async ({ store }) => {
      await store.commit({ inbox: [inboxRow('k1')] });
      await expect(store.commit({ inbox: [inboxRow('k1', { state: 'answered' })] })).rejects.toMatchObject({ name: 'CoPawError', code: 'conflict' });
      expect(await store.inbox.get('k1')).toEqual(inboxRow('k1'));
    });
  });

  describe(`${name}: sessions, turns, inbox`, () => {
    held('a session is inserted once and then only tainted and updatedAt move, and the title where there was none', async ({ store }) => {
      await store.commit({ session: session('s1', { title: '' }) });
      await store.commit({ session: session('s1', { title: 'New' }) });
      await store.commit({ session: session('s1', { title: 'Newer', tainted: true, updatedAt: 7, createdAt: 99, agentId: 'other', key: 'other' }) });
      const moved = session('s1', { title: 'New', tainted: true, updatedAt: 7 });
      expect(await store.sessions.get('s1')).toEqual(moved);
      expect(await store.sessions.byKey('main:s1')).toEqual(moved);
      expect(await store.sessions.byKey('other')).toBeUndefined();
    });

    held('sessions are listed newest first, in pages', async ({ store }) => {
      for (const at of [2, 5, 3]) await store.commit({ session: session(`s${at}`, { updatedAt: at }) });
      expect((await store.sessions.list({ limit: 2 })).map(({ id }) => id)).toEqual(['s5', 's3']);
      expect((await store.sessions.list({ limit: 2, before: 3 })).map(({ id }) => id)).toEqual(['s2']);
    });

    held('a turn is open until its end', async ({ store }) => {
      await store.commit({ turn: turn('t2', { startedAt: 2 }) });
      await store.commit({ turn: turn('t1', { startedAt: 1 }) });
      expect((await store.turns.open()).map(({ id }) => id)).toEqual(['t1', 't2']);
      await store.commit({ turnEnd: { turnId: 't1', outcome: 'answered', at: 8 } });
      expect((await store.turns.open()).map(({ id }) => id)).toEqual(['t2']);
      expect(await store.turns.get('t1')).toEqual(turn('t1', { outcome: 'answered', endedAt: 8 }));
      expect(await store.turns.get('none')).toBeUndefined();
    });

    held('a step moves to its new state; kinds do not mix', async ({ store }) => {
      await store.commit({ steps: [step('t1', '0', 'started', { kind: 'model' }), step('t1', '0', 'started', { sideEffect: 'outside' })] });
      await store.commit({ steps: [step('t1', '0', 'finished', { sideEffect: 'outside', at: 4 })] });
      const steps = await store.turns.steps('t1');
      expect(steps).toHaveLength(2);
      expect(steps).toContainEqual(step('t1', '0', 'started', { kind: 'model' }));
      expect(steps).toContainEqual(step('t1', '0', 'finished', { sideEffect: 'outside', at: 4 }));
      expect(await store.turns.steps('t2')).toEqual([]);
    });

    held('open messages are those without a terminal state, oldest first', async ({ store }) => {
      await store.commit({ turn: turn('t1') });
      await store.commit({ inbox: [inboxRow('late', { receivedAt: 9 }), inboxRow('early'), inboxRow('done', { state: 'answered' })] });
      await store.commit({ inboxStates: [{ key: 'late', state: 'assigned', sessionId: 's1', turnId: 't1' }] });
      expect((await store.inbox.open()).map(({ key, state }) => `${key} ${state}`)).toEqual(['early accepted', 'late assigned']);
      await store.commit({ inboxStates: [{ key: 'late', state: 'cancelled' }] });
      expect(await store.inbox.ofTurn('t1')).toEqual([inboxRow('late', { receivedAt: 9, state: 'cancelled', sessionId: 's1', turnId: 't1' })]);
      expect((await store.inbox.open()).map(({ key }) => key)).toEqual(['early']);
    });
  });

  describe(`${name}: entries`, () => {
    held('keep their order and are found by session, by turn and over all', async ({ store }) => {
      for (const [sessionId, turnId] of [
        ['a', 't1'],
        ['b', 't2'],
        ['a', 't3'],
        ['a', 't1'],
      ] as const) {
        await store.commit({ entries: [entry(sessionId, turnId, `${sessionId} ${turnId}`)] });
      }
      const all = await store.entries.after({ after: 0, limit: 10 });
      expect(all.map(({ turnId }) => turnId)).toEqual(['t1', 't2', 't3', 't1']);
      expect(all.map(({ seq }) => seq)).toEqual(all.map(({ seq }) => seq).sort((a, b) => a - b));
      expect(await store.entries.lastSeq()).toBe(all.at(-1)?.seq);
      expect((await store.entries.after({ sessionId: 'a', after: all[0]?.seq ?? 0, limit: 1 })).map(({ turnId }) => turnId)).toEqual(['t3']);
      expect((await store.entries.after({ turnId: 't1', after: all[0]?.seq ?? 0, limit: 9 })).map(({ seq }) => seq)).toEqual([all[3]?.seq]);
      expect((await store.entries.ofTurn('t1')).map(({ seq }) => seq)).toEqual([all[0]?.seq, all[3]?.seq]);
      expect((await store.entries.tail('a', 2)).map(({ turnId }) => turnId)).toEqual(['t3', 't1']);
      expect((await store.entries.tail('a', 2, all[3]?.seq)).map(({ turnId }) => turnId)).toEqual(['t1', 't3']);
    });

    held('turns that were taken back are named, those of the session alone', async ({ store }) => {
      const undone = (sessionId: string, target: string) => ({ sessionId, turnId: 't9', at: 1, event: { type: 'turn-undone', target } as const });
      await store.commit({ entries: [entry('a', 't1', '"type":"turn-undone"'), undone('a', 't1'), undone('b', 't2'), undone('a', 't3')] });
      expect([await store.entries.undone('a'), await store.entries.undone('b'), await store.entries.undone('c')]).toEqual([
        new Set(['t1', 't3']),
        new Set(['t2']),
        new Set(),
      ]);
    });

    held('an empty store ends at 0', async ({ store }) => {
      expect(await store.entries.lastSeq()).toBe(0);
      expect(await store.entries.tail('a', 5)).toEqual([]);
    });

    held('pages joined are the whole, from either end, however they are cut', async ({ store }) => {
      let round = 0;
      const commits = fc.array(fc.array(fc.constantFrom('mine', 'other'), { minLength: 1, maxLength: 4 }), { maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(commits, fc.integer({ min: 1, max: 7 }), async (batches, limit) => {
          const mine = `mine ${++round}`;
          for (const batch of batches) await store.commit({ entries: batch.map((who) => entry(who === 'mine' ? mine : 'other', 't', who)) });
          const whole = await store.entries.tail(mine, 1_000);
          expect(whole).toHaveLength(batches.flat().filter((who) => who === 'mine').length);
          const forward: (typeof whole)[number][] = [];
          for (let page = await store.entries.after({ sessionId: mine, after: 0, limit }); page.length > 0; ) {
            forward.push(...page);
            page = await store.entries.after({ sessionId: mine, after: page.at(-1)?.seq ?? 0, limit });
          }
          expect(forward).toEqual(whole);
          const backward: (typeof whole)[number][] = [];
          for (let page = await store.entries.tail(mine, limit); page.length > 0; page = await store.entries.tail(mine, limit, page[0]?.seq))
            backward.unshift(...page);
          expect(backward).toEqual(whole);
        }),
        { numRuns: 15 },
      );
    });
  });

  describe(`${name}: outbox`, () => {
    held('rows come when they are due, in order, and nextDue says when', async ({ store }) => {
      const elsewhere = { ...sampleAddress, chat: 'elsewhere' };
      expect(await store.outbox.nextDue()).toBeUndefined();
      await store.commit({
        outbox: [outboxRow('b', 0, { nextAt: 20 }), outboxRow('a', 0, { nextAt: 10, address: elsewhere }), outboxRow('c', 0, { nextAt: 5, state: 'sent' })],
      });
      expect(await store.outbox.nextDue()).toBe(10);
      expect(await store.outbox.due(9, 10)).toEqual([]);
      expect((await store.outbox.due(20, 10)).map(({ answerId }) => answerId)).toEqual(['a', 'b']);
      expect((await store.outbox.due(20, 1)).map(({ answerId }) => answerId)).toEqual(['a']);
    });

    held('a part never comes before the parts in front of it are through', async ({ store }) => {
      await store.commit({ outbox: [outboxRow('a', 0, { nextAt: 50 }), outboxRow('a', 1, { nextAt: 1 })] });
      expect(await store.outbox.due(10, 10)).toEqual([]);
      expect(await store.outbox.nextDue()).toBe(50);
      await store.outbox.update('a', 0, { state: 'sending', attempts: 1 });
      expect(await store.outbox.due(60, 10)).toEqual([]);
      expect(await store.outbox.nextDue()).toBeUndefined();
      await store.outbox.update('a', 0, { state: 'sent', ref: 'r' });
      expect((await store.outbox.due(60, 10)).map(({ part }) => part)).toEqual([1]);
      expect(await store.outbox.nextDue()).toBe(1);
    });

    held('an update changes what it names and keeps the rest', async ({ store }) => {
      await store.commit({ outbox: [outboxRow('a', 0), outboxRow('b', 0)] });
      await store.outbox.update('a', 0, { state: 'sending', attempts: 3, nextAt: 40 });
      expect(await store.outbox.inFlight()).toEqual([outboxRow('a', 0, { state: 'sending', attempts: 3, nextAt: 40 })]);
      await store.outbox.update('a', 0, { state: 'sent', ref: 'receipt' });
      expect(await store.outbox.ofAnswer('a')).toEqual([outboxRow('a', 0, { state: 'sent', attempts: 3, nextAt: 40, ref: 'receipt' })]);
      expect(await store.outbox.ofAnswer('b')).toEqual([outboxRow('b', 0)]);
    });
  });

  describe(`${name}: approvals, grants, marks`, () => {
    held('an approval is settled once', async ({ store, reopen }) => {
      await store.approvals.add(approval('p2', 2));
      await store.approvals.add(approval('p1', 1));
      expect(await store.approvals.pending()).toEqual([approval('p1', 1), approval('p2', 2)]);
      expect(await store.approvals.settle('p1', { state: 'approved', decision: 'always', answeredBy: 'console:d' })).toBe(true);
      expect(await store.approvals.settle('p1', { state: 'denied', decision: 'deny', answeredBy: 'cli' })).toBe(false);
      expect(await store.approvals.settle('none', { state: 'denied' })).toBe(false);
      const again = await reopen();
      expect(await again.approvals.get('p1')).toEqual({ ...approval('p1', 1), state: 'approved', decision: 'always', answeredBy: 'console:d' });
      expect((await again.approvals.pending()).map(({ id }) => id)).toEqual(['p2']);
      await expect(again.approvals.add(approval('p2'))).rejects.toMatchObject({ name: 'CoPawError', code: 'conflict' });
    });

    held('grants belong to one agent and can be taken back', async ({ store }) => {
      const grant = { id: 'g1', agentId: 'main', scope: 'always', template: 'argv ["git","status"]', createdAt: 1 } as const;
      const task = { ...grant, id: 'g2', scope: 'task', turnId: 't1', createdAt: 2 } as const;
      for (const one of [grant, task]) await store.grants.add(one);
      expect(await store.grants.list('main')).toEqual([grant, task]);
      expect(await store.grants.list('other')).toEqual([]);
      expect(await store.grants.remove('g1')).toBe(true);
      expect(await store.grants.remove('g1')).toBe(false);
      expect(await store.grants.list('main')).toEqual([task]);
    });

    held('grants of every agent are listed where none is named', async ({ store }) => {
      for (const agentId of ['main', 'other']) await store.grants.add({ id: agentId, agentId, scope: 'always', template: 'host a', createdAt: 1 });
      expect((await store.grants.list()).map(({ id }) => id)).toEqual(['main', 'other']);
    });

    held('attack: a stale write does not take the mark off a session; clearing does, and it stays off', async ({ store, reopen }) => {
      await store.commit({ session: session('s1', { tainted: true }) });
      await store.commit({ session: session('s1', { tainted: false, updatedAt: 2 }) });
      expect((await store.sessions.tainted()).map(({ id }) => id)).toEqual(['s1']);
      const again = await reopen();
      expect(await again.sessions.get('s1')).toMatchObject({ tainted: true, updatedAt: 2 });
      expect([await again.sessions.clearTaint('s1'), await again.sessions.clearTaint('s1'), await again.sessions.clearTaint('none')]).toEqual([
        true,
        false,
        false,
      ]);
      expect(await again.sessions.tainted()).toEqual([]);
    });

    held('marks belong to one agent and path, and go with all below', async ({ store, reopen }) => {
      const mark = (agentId: string, path: string) => ({ agentId, path, sha256: 'aa', sessionId: 's1', at: 1 });
      for (const one of [
        mark('main', 'notes/b.md'),
        mark('main', 'notes/a.md'),
        mark('main', 'notes.md'),
        mark('main', 'no%es/c'),
        mark('other', 'notes/a.md'),
      ])
        await store.taint.put(one);
      await store.taint.put({ ...mark('main', 'notes/a.md'), at: 2 });
      const again = await reopen();
      expect((await again.taint.list('main')).map(({ path, at }) => `${path} ${at}`)).toEqual(['no%es/c 1', 'notes.md 1', 'notes/a.md 2', 'notes/b.md 1']);
      expect([await again.taint.remove('main', 'no_es'), await again.taint.remove('main', 'notes'), await again.taint.remove('main', 'notes')]).toEqual([
        false,
        true,
        false,
      ]);
      expect((await again.taint.list()).map(({ agentId, path }) => `${agentId} ${path}`)).toEqual(['main no%es/c', 'main notes.md', 'other notes/a.md']);
    });
  });

  testCounts(name, held);
  testPages(name, held);
  testRetention(name, held);
  testSenders(name, held);
  testSessions(name, held);
  testUsage(name, held);
  testVersions(name, held);
  testMemoryIndex(name, held);
}

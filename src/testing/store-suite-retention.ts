// What every store must do with what is old: it leaves by kind, oldest first and a few at a time, and what is under way or needed stays.
import { describe, expect } from 'vitest';
import type { AgedRows } from '../core/retention.ts';
import type { Store } from '../core/store.ts';
import { approval, entry, inboxRow, job, outboxRow, sampleAddress, session, step, turn, usageRow } from './store-rows.ts';

/** A test on a fresh store. */
type Held = (title: string, body: (opened: { readonly store: Store; reopen(): Promise<Store> }) => Promise<void>) => void;

const attachment = { name: 'a.txt', mediaType: 'text/plain', size: 1, path: 'a.txt' };
const withFile = (key: string) => {
  const { envelope } = inboxRow(key);
  return { ...envelope, inbound: { ...envelope.inbound, attachments: [attachment] } as typeof envelope.inbound };
};

export function testRetention(name: string, held: Held): void {
  describe(`${name}: what is old`, () => {
    held('words of ended messages leave; their rows, and messages that are open or young, stay', async ({ store }) => {
      await store.commit({
        inbox: [
          inboxRow('old', { state: 'answered', envelope: withFile('old'), sessionId: 's1', turnId: 't1', receivedAt: 1 }),
          inboxRow('failed', { state: 'failed', receivedAt: 2 }),
          inboxRow('waits', { state: 'accepted', receivedAt: 3 }),
          inboxRow('runs', { state: 'assigned', receivedAt: 4 }),
          inboxRow('young', { state: 'answered', receivedAt: 10 }),
        ],
      });
      expect(await store.retention.drop('messages', 10)).toBe(2);
      expect(await store.retention.drop('messages', 10)).toBe(0);
      const old = await store.inbox.get('old');
      expect(old).toMatchObject({ key: 'old', state: 'answered', sessionId: 's1', turnId: 't1', receivedAt: 1 });
      expect(old?.envelope.inbound).toEqual({ ...inboxRow('old').envelope.inbound, text: '', attachments: [] });
      for (const key of ['waits', 'runs', 'young']) expect((await store.inbox.get(key))?.envelope).toEqual(inboxRow(key).envelope);
      await expect(store.commit({ inbox: [inboxRow('old')] })).rejects.toMatchObject({ code: 'conflict' });
      // Ended later, it leaves later.
      await store.commit({ inboxStates: [{ key: 'waits', state: 'interrupted' }] });
      expect(await store.retention.drop('messages', 10)).toBe(1);
    });

    held('words of parts leave; receipts, and parts on their way, stay', async ({ store }) => {
      await store.commit({
        outbox: [
          outboxRow('sent', 0, { state: 'sent', ref: 'r1', nextAt: 1 }),
          outboxRow('dead', 0, { state: 'dead', nextAt: 2, outgoing: { text: '', files: [attachment] } }),
          outboxRow('pending', 0, { nextAt: 3 }),
          outboxRow('sending', 0, { state: 'sending', nextAt: 4 }),
          outboxRow('young', 0, { state: 'sent', ref: 'r2', nextAt: 10 }),
        ],
      });
      expect(await store.retention.drop('parts', 10)).toBe(2);
      expect(await store.retention.drop('parts', 10)).toBe(0);
      expect(await store.outbox.ofAnswer('sent')).toEqual([outboxRow('sent', 0, { state: 'sent', ref: 'r1', nextAt: 1, outgoing: { text: '' } })]);
      expect((await store.outbox.ofAnswer('dead'))[0]?.outgoing).toEqual({ text: '' });
      for (const id of ['pending', 'sending', 'young']) expect((await store.outbox.ofAnswer(id))[0]?.outgoing).toEqual(outboxRow(id, 0).outgoing);
      expect(await store.outbox.wasSent(sampleAddress, 'r1')).toBe(true);
    });

    held('the journal of ended turns, settled approvals, reminders that are over and usage leave; conversations do not', async ({ store }) => {
      await store.commit({ session: session('s1'), turn: turn('t1'), entries: [entry('s1', 't1', 'said')], steps: [step('t1', 'a', 'finished')] });
      await store.commit({ turn: turn('t2'), steps: [step('t2', 'a', 'started'), step('t2', 'b', 'finished')] });
      await store.commit({ turn: turn('t3'), steps: [step('t3', 'a', 'finished')], usage: [usageRow('p/m', 4), usageRow('p/m', 5)] });
      await store.commit({ turnEnd: { turnId: 't1', outcome: 'answered', at: 4 } });
      await store.commit({ turnEnd: { turnId: 't3', outcome: 'failed', at: 5 } });
      for (const id of ['settled', 'waits']) await store.approvals.add(approval(id, 4));
      await store.approvals.settle('settled', { state: 'expired' });
      await store.commit({ jobs: [job('fired', 4), job('late', 4)] });
      await store.jobs.settle('fired', 'fired');
      const kinds: readonly AgedRows[] = ['steps', 'approvals', 'jobs', 'usage'];
      const dropped = async () => Promise.all(kinds.map((kind) => store.retention.drop(kind, 5)));
      expect(await dropped()).toEqual([1, 1, 1, 1]);
      expect(await dropped()).toEqual([0, 0, 0, 0]);
      expect([await store.turns.steps('t1'), (await store.turns.steps('t2')).length, (await store.turns.steps('t3')).length]).toEqual([[], 2, 1]);
      expect([await store.approvals.get('settled'), (await store.approvals.pending()).length]).toEqual([undefined, 1]);
      expect((await store.jobs.list()).map(({ id }) => id)).toEqual(['late']);
      expect((await store.usage.since(0))[0]?.calls).toBe(1);
      expect([(await store.entries.ofTurn('t1')).length, (await store.turns.get('t1'))?.outcome, (await store.sessions.get('s1'))?.title]).toEqual([
        1,
        'answered',
        'Title of s1',
      ]);
    });

    held('however much is old, one call drops a bounded number, the oldest first', async ({ store }) => {
      await store.commit({ usage: Array.from({ length: 450 }, (_, at) => usageRow('p/m', 449 - at)) });
      const dropped: number[] = [];
      let most = 0;
      for (let last = 1; last > 0; ) {
        last = await store.retention.drop('usage', 440);
        dropped.push(last);
        most = Math.max(most, last);
        const left = (await store.usage.since(0))[0]?.calls ?? 0;
        expect((await store.usage.since(450 - left))[0]?.calls).toBe(left);
      }
      expect(most).toBeLessThanOrEqual(250);
      expect(dropped.reduce((sum, one) => sum + one, 0)).toBe(440);
    });

    held('it remembers its last sweep, and room that was given back is gone for good', async ({ store, reopen }) => {
      expect(await store.retention.lastSweep()).toBeUndefined();
      await store.retention.noteSweep(7);
      await store.retention.noteSweep(5); // the clock was set back
      const text = 'x'.repeat(40_000);
      await store.commit({
        session: session('big'),
        turn: turn('t9', { sessionId: 'big' }),
        entries: Array.from({ length: 300 }, () => entry('big', 't9', text)),
      });
      const full = (await store.space()).bytes;
      await store.commit({ drop: 'big' });
      let calls = 0;
      while (await store.retention.giveBack()) calls++;
      expect(calls).toBeGreaterThan(2); // by small steps
      const again = await reopen();
      expect((await again.space()).bytes).toBeLessThan(full / 3);
      expect(await again.retention.giveBack()).toBe(false);
      expect(await again.retention.lastSweep()).toBe(5);
    });
  });
}

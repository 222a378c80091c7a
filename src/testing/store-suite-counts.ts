// What every store must do with jobs, and what it counts without loading it.
import { describe, expect } from 'vitest';
import type { InboxRow } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import { entry, inboxRow, job, outboxRow, sampleAddress, session, turn, usageRow } from './store-rows.ts';

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

    held('a session is archived with all that is in it, or dropped for good; what is under way stays', async ({ store }) => {
      const say = (text: string) => entry('s1', 't1', text);
      await store.commit({
        session: session('s1', { title: 'Old', mode: 'collect' }),
        turn: turn('t1', { sessionId: 's1' }),
        entries: [say('one')],
        inbox: [inboxRow('k1', { state: 'answered', sessionId: 's1', turnId: 't1' })],
        outbox: [outboxRow('a1', 0, { sessionId: 's1', state: 'sent' })],
        usage: [usageRow('p/a', 1, { sessionId: 's1' })],
      });
      const change = { agentId: 'main', sessionId: 's1', turnId: 't1', callId: 'c1', path: 'a.md', before: 'absent', after: 'absent', at: 1 };
      await store.versions.add(change, undefined, { days: 30, megabytes: 1 });
      await store.commit({ archive: { sessionId: 's1', as: 'kept' }, session: session('s1', { title: 'New' }), entries: [say('two')] });
      expect(await store.sessions.get('kept')).toMatchObject({ title: 'Old', mode: 'collect' });
      expect(await store.sessions.get('s1')).toEqual(session('s1', { title: 'New' }));
      expect([(await store.entries.tail('kept', 9)).length, (await store.entries.tail('s1', 9)).length]).toEqual([1, 1]);
      expect(await store.inbox.get('k1')).toMatchObject({ sessionId: 'kept' });
      expect((await store.usage.ofSession('kept')).calls).toBe(1);
      expect((await store.versions.turns({ sessionId: 'kept', limit: 9 })).map(({ turnId }) => turnId)).toEqual(['t1']);
      await store.commit({ inbox: [inboxRow('k2', { state: 'assigned', sessionId: 'kept' })], outbox: [outboxRow('a2', 0, { sessionId: 'kept' })] });
      await store.commit({ drop: 'kept' });
      expect(await store.sessions.get('kept')).toBeUndefined();
      expect(await store.entries.tail('kept', 9)).toEqual([]);
      expect(await store.turns.get('t1')).toBeUndefined();
      const texts = await Promise.all(['k1', 'k2'].map(async (key) => (await store.inbox.get(key))?.envelope.inbound));
      expect(texts.map((inbound) => (inbound?.kind === 'message' ? inbound.text : undefined))).toEqual(['', 'text of k2']);
      expect((await store.outbox.ofAnswer('a1')).map(({ outgoing }) => outgoing.text)).toEqual(['']);
      expect((await store.outbox.ofAnswer('a2'))[0]?.outgoing).toEqual(outboxRow('a2', 0).outgoing);
      expect((await store.usage.ofSession('kept')).calls).toBe(1);
      // fault: what was under way kept its words for good
      await store.commit({ inboxStates: [{ key: 'k2', state: 'interrupted', turnId: 't1' }] });
      expect((await store.inbox.get('k2'))?.envelope.inbound).toMatchObject({ text: '' });
      await store.outbox.update('a2', 0, { state: 'sending' });
      expect((await store.outbox.ofAnswer('a2'))[0]?.outgoing).toEqual(outboxRow('a2', 0).outgoing);
      await store.outbox.update('a2', 0, { state: 'sent', ref: 'r' });
      expect(await store.outbox.ofAnswer('a2')).toMatchObject([{ state: 'sent', ref: 'r', outgoing: { text: '' } }]);
    });

    held('fault: edits in a chat kept their words when its session was dropped; those of another chat stay', async ({ store }) => {
      const edit = (key: string, chat: string): InboxRow => {
        const row = inboxRow(key, { state: 'refused', rule: 'recorded' });
        const { sender, at } = row.envelope.inbound;
        const inbound = { kind: 'edit', target: 'k', text: 'changed', id: key, chat: { id: chat, kind: 'direct' }, sender, at } as const;
        return { ...row, envelope: { ...row.envelope, inbound } };
      };
      // fault: a linked conversation has several chats, and only those in its first one went
      const linked = turn('t9', { address: { ...sampleAddress, chat: 's3' } });
      await store.commit({ session: session('s1'), turn: linked, inbox: [edit('e1', 's1'), edit('e2', 's2'), edit('e3', 's3')] });
      await store.commit({ drop: 's1' });
      const words = await Promise.all(['e1', 'e2', 'e3'].map(async (key) => (await store.inbox.get(key))?.envelope.inbound));
      expect(words).toMatchObject([
        { kind: 'edit', text: '' },
        { kind: 'edit', text: 'changed' },
        { kind: 'edit', text: '' },
      ]);
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

// The part of the store suite about senders: whom the door turned away, who asked to be let in, what was sent into which chat.
import { describe, expect } from 'vitest';
import type { Pairing } from '../core/people.ts';
import type { Store } from '../core/store.ts';
import { inboxRow, outboxRow } from './store-rows.ts';

/** A test on a fresh store. */
type Held = (title: string, body: (opened: { readonly store: Store; reopen(): Promise<Store> }) => Promise<void>) => void;

export function testSenders(name: string, held: Held): void {
  describe(`${name}: senders`, () => {
    const event = (sender: string, at: number, more: object = {}) => ({ channel: 'c', account: 'a', sender, rule: 'R9', at, ...more });
    const pairing = (sender: string, code: string, more: Partial<Pairing> = {}): Pairing => ({
      ...{ channel: 'c', account: 'a', sender, code, state: 'pending', createdAt: 1, expiresAt: 9, answeredAt: 1 },
      ...more,
    });

    held('whoever was turned away is counted; of each account the newest are kept', async ({ store, reopen }) => {
      for (const [sender, at] of [
        ['x', 1],
        ['y', 2],
        ['x', 3],
        ['z', 4],
      ] as const)
        await store.senders.turnAway(event(sender, at), 2);
      await store.senders.turnAway(event('y', 1, { account: 'b', rule: 'R11' }), 2);
      const again = await reopen();
      expect(await again.senders.turnedAway(10)).toEqual([
        { channel: 'c', account: 'a', sender: 'z', rule: 'R9', firstAt: 4, lastAt: 4, count: 1 },
        { channel: 'c', account: 'a', sender: 'x', rule: 'R9', firstAt: 1, lastAt: 3, count: 2 },
        { channel: 'c', account: 'b', sender: 'y', rule: 'R11', firstAt: 1, lastAt: 1, count: 1 },
      ]);
      expect(await again.senders.turnedAway(1)).toHaveLength(1);
    });

    held('a sender has one pairing request, a code one sender', async ({ store, reopen }) => {
      await store.senders.putPairing(pairing('x', 'AAAA'));
      await store.senders.putPairing(pairing('y', 'BBBB', { createdAt: 2 }));
      await expect(store.senders.putPairing(pairing('z', 'AAAA'))).rejects.toMatchObject({ name: 'CoPawError', code: 'conflict' });
      const later = pairing('x', 'CCCC', { state: 'denied', createdAt: 3, expiresAt: 99, answeredAt: 3 });
      await store.senders.putPairing(later);
      const again = await reopen();
      expect(await again.senders.pairing('c', 'a', 'x')).toEqual(later);
      for (const [channel, account, sender] of [
        ['c', 'b', 'x'],
        ['d', 'a', 'x'],
        ['c', 'a', 'X'],
      ] as const)
        expect(await again.senders.pairing(channel, account, sender)).toBeUndefined();
      expect((await again.senders.pairings()).map(({ code }) => code)).toEqual(['BBBB', 'CCCC']);
      expect(await again.senders.removePairing('c', 'a', 'x')).toBe(true);
      expect(await again.senders.removePairing('c', 'a', 'x')).toBe(false);
    });

    held('a receipt is known in its own chat alone', async ({ store }) => {
      const to = { channel: 'c', account: 'a', chat: 'g' };
      await store.commit({
        outbox: [outboxRow('one', 0, { address: { ...to, thread: 't' }, state: 'sent', ref: 'r1' }), outboxRow('two', 0, { state: 'sent', ref: 'log' })],
      });
      expect(await store.outbox.wasSent(to, 'r1')).toBe(true);
      for (const [where, ref] of [
        [{ ...to, chat: 'h' }, 'r1'],
        [{ ...to, account: 'b' }, 'r1'],
        [{ ...to, channel: 'd' }, 'r1'],
        [to, 'r2'],
        [to, ''],
        [outboxRow('two', 0).address, 'log'],
      ] as const)
        expect(await store.outbox.wasSent(where, ref)).toBe(false);
    });

    held('what shows an answer that is made is known by its receipt, and gone once the first part is sent', async ({ store }) => {
      const address = { channel: 'c', account: 'a', chat: 'g' };
      await store.previews.put({ answerId: 'one', address });
      expect(await store.previews.get('one')).toEqual({ answerId: 'one', address });
      expect(await store.outbox.wasSent(address, '')).toBe(false);
      await store.previews.put({ answerId: 'one', address, ref: 'r9' });
      await store.previews.put({ answerId: 'two', address });
      expect([await store.outbox.wasSent(address, 'r9'), await store.outbox.wasSent({ ...address, chat: 'h' }, 'r9')]).toEqual([true, false]);
      await store.commit({ outbox: [0, 1].map((part) => outboxRow('one', part, { address })) });
      await store.outbox.update('one', 1, { state: 'sent' });
      await store.outbox.update('one', 0, { state: 'unknown' });
      expect(await store.previews.list()).toEqual([
        { answerId: 'one', address, ref: 'r9' },
        { answerId: 'two', address },
      ]);
      await store.outbox.update('one', 0, { state: 'sent', ref: 'r9' });
      await store.previews.remove('two');
      expect(await store.previews.list()).toEqual([]);
    });

    held('what goes to a held account is not due, and only that', async ({ store }) => {
      const to = { channel: 'c', account: 'a', chat: 'x/y' };
      await store.commit({
        outbox: [
          outboxRow('one', 0, { address: to, nextAt: 1 }),
          outboxRow('two', 0, { address: { ...to, account: 'b' }, nextAt: 2 }),
          outboxRow('three', 0, { address: { ...to, channel: 'd' }, nextAt: 3 }),
        ],
      });
      const due = async (held?: readonly string[]) => (await store.outbox.due(5, 10, held)).map(({ answerId }) => answerId);
      expect([await due(), await due([]), await due(['c/a']), await due(['c/b', 'd/a', "c/a'"]), await due(['a/x', 'c'])]).toEqual([
        ['one', 'two', 'three'],
        ['one', 'two', 'three'],
        ['two', 'three'],
        ['one'],
        ['one', 'two', 'three'],
      ]);
      expect([await store.outbox.nextDue(['c/a']), await store.outbox.nextDue(['c/a', 'c/b', 'd/a'])]).toEqual([2, undefined]);
    });

    held("a refused stranger's words are not kept", async ({ store }) => {
      await store.commit({ inbox: [inboxRow('k1')] });
      await store.commit({ inboxStates: [{ key: 'k1', state: 'refused', rule: 'R9', dropText: true }] });
      const row = await store.inbox.get('k1');
      expect(row).toMatchObject({ state: 'refused', rule: 'R9', envelope: { key: 'k1', inbound: { id: 'k1', text: '' } } });
      expect(JSON.stringify(row)).not.toContain('text of k1');
    });

    held('new words reach only a message that still waits', async ({ store }) => {
      await store.commit({ inbox: [inboxRow('waits'), inboxRow('taken', { state: 'assigned' })] });
      await store.commit({
        inboxTexts: [
          { key: 'waits', text: 'new "words"' },
          { key: 'taken', text: 'new' },
          { key: 'none', text: 'new' },
        ],
      });
      expect(await store.inbox.get('waits')).toMatchObject({ state: 'accepted', envelope: { inbound: { text: 'new "words"' } } });
      expect(await store.inbox.get('taken')).toEqual(inboxRow('taken', { state: 'assigned' }));
    });
  });
}

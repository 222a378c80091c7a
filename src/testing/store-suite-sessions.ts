// Part of the contract of a store: what a person changes of sessions, copies that are there once they are whole, and the index of what was said.
import { describe, expect } from 'vitest';
import type { Session } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import type { DurableEvent } from '../core/turn-event.ts';
import { job, sampleAddress, session, turn } from './store-rows.ts';

type Held = (title: string, body: (opened: { readonly store: Store; reopen(): Promise<Store> }) => Promise<void>) => void;

const user = (text: string): DurableEvent => ({
  type: 'message',
  message: { role: 'user', id: `m-${text}`, text, attachments: [], sender: { id: 'operator' }, origin: 'operator' },
});
const start = (command?: string): DurableEvent => ({
  type: 'turn-start',
  origin: 'operator',
  answerId: 'a',
  resumed: false,
  ...(command === undefined ? {} : { command }),
});
const said = (sessionId: string, turnId: string, ...events: readonly DurableEvent[]) => events.map((event) => ({ sessionId, turnId, at: 1, event }));

/** Takes what comes after the mark as it is: its words are its words. */
async function follow({ said: index }: Store, limit = 3): Promise<number> {
  let steps = 0;
  for (let next = await index.next(limit, 20); next; next = await index.next(limit, 20), steps++)
    await index.add(
      next.upTo,
      next.messages.map(({ seq, text }) => ({ seq, words: text })),
    );
  return steps;
}

export function testSessions(name: string, held: Held): void {
  describe(`${name}: sessions`, () => {
    held('a change is of what it names alone, and no commit takes it back', async ({ store, reopen }) => {
      await store.commit({ session: session('s1', { title: '' }) });
      await store.commit({ session: session('s1', { title: 'First words', updatedAt: 2 }) });
      expect(await store.sessions.change('s1', { title: 'Named' })).toEqual(session('s1', { title: 'Named', updatedAt: 2 }));
      expect(await store.sessions.change('s1', { pinned: true })).toMatchObject({ title: 'Named', pinned: true });
      expect(await store.sessions.change('s1', { archived: true })).toMatchObject({ pinned: true, archived: true });
      await store.commit({ session: session('s1', { title: 'First words', updatedAt: 2, tainted: true }) });
      const again = await reopen();
      expect(await again.sessions.get('s1')).toEqual(session('s1', { title: 'Named', updatedAt: 2, tainted: true, pinned: true, archived: true }));
      expect(await again.sessions.change('none', { pinned: true })).toBeUndefined();
    });

    held('what is said in an archived one brings it back; lists show the asked ones', async ({ store }) => {
      for (const [index, id] of ['a', 'b', 'c'].entries()) await store.commit({ session: session(id, { updatedAt: index + 1 }) });
      await store.sessions.change('a', { pinned: true });
      await store.sessions.change('b', { archived: true });
      const ids = async (show: 'all' | 'active' | 'pinned' | 'archived'): Promise<string> =>
        (await store.sessions.list({ limit: 9, show })).map(({ id }) => id).join('');
      expect([await ids('all'), await ids('active'), await ids('pinned'), await ids('archived')]).toEqual(['cba', 'ca', 'a', 'b']);
      await store.commit({ session: session('b', { updatedAt: 9 }) });
      expect([await ids('active'), await ids('archived')]).toEqual(['bca', '']);
      expect((await store.sessions.titled('TITLE of', 2)).map(({ id }) => id)).toEqual(['b', 'c']);
      expect(await store.sessions.titled('%', 2)).toEqual([]);
    });

    held('a copy is nowhere to be seen before it is whole, and is named until then', async ({ store, reopen }) => {
      const copy: Session = session('copy', { copiedFrom: { kind: 'fork', sessionId: 's1', turnId: 't1' } });
      await store.commit({
        copying: 'copy',
        turns: [turn('t2', { sessionId: 'copy', outcome: 'answered' })],
        entries: said('copy', 't2', start(), user('words')),
      });
      await follow(store);
      const again = await reopen();
      expect(await again.sessions.unfinished()).toEqual(['copy']);
      expect(await again.sessions.get('copy')).toBeUndefined();
      expect(await again.said.find({ terms: ['words'], match: 'all', limit: 9 })).toEqual([]);
      await again.commit({ copied: [copy] });
      expect(await again.sessions.unfinished()).toEqual([]);
      expect(await again.sessions.get('copy')).toEqual(copy);
      expect(await again.learning.through('copy')).toBe(await again.entries.lastSeq());
      expect(await again.said.find({ terms: ['words'], match: 'all', limit: 9 })).toHaveLength(1);
      await again.commit({ copying: 'half', turns: [turn('t3', { sessionId: 'half' })], entries: said('half', 't3', start()) });
      await again.commit({ drop: 'half' });
      expect([await again.sessions.unfinished(), await again.turns.get('t3'), await again.entries.ofTurn('t3')]).toEqual([[], undefined, []]);
    });

    held('reminders stay with a session that is dropped, unless they are named', async ({ store }) => {
      await store.commit({ session: session('s1'), jobs: [job('j1', 5)] });
      await store.commit({ drop: 's1' });
      expect(await store.jobs.countScheduled('s1')).toBe(1);
      await store.commit({ dropReminders: 's1' });
      expect(await store.jobs.list()).toEqual([]);
    });
  });

  describe(`${name}: what was said`, () => {
    held('messages are found by their words once the index followed, newest first, of one agent or of all', async ({ store, reopen }) => {
      await store.commit({ session: session('s1'), entries: said('s1', 't1', start(), user('red apple'), user('green apple')) });
      await store.commit({ session: session('s2', { agentId: 'other', key: 'other:s2' }), entries: said('s2', 't2', start(), user('red apples')) });
      const find = async (terms: readonly string[], more: object = {}): Promise<readonly string[]> =>
        (await store.said.find({ terms, match: 'all', limit: 9, ...more })).map(({ entry, session: { id } }) =>
          entry.event.type === 'message' ? `${id} ${entry.event.message.text}` : '',
        );
      expect(await find(['apple'])).toEqual([]);
      expect(await follow(store)).toBe(2);
      expect(await follow(store)).toBe(0);
      expect(await find(['apple'])).toEqual(['s2 red apples', 's1 green apple', 's1 red apple']);
      expect(await find(['apple', 'red'])).toEqual(['s1 red apple']);
      expect(await find(['red', 'apple'])).toEqual(['s2 red apples', 's1 red apple']);
      expect(await find(['apple'], { agentId: 'main', limit: 1 })).toEqual(['s1 green apple']);
      expect(await find(['blue', 'green'], { match: 'any' })).toEqual(['s1 green apple']);
      const [last] = await store.said.find({ terms: ['apple'], match: 'all', limit: 1 });
      expect(await find(['apple'], { before: last?.entry.seq })).toEqual(['s1 green apple', 's1 red apple']);
      expect(await find(['"', 'OR', 'a\0b', '*', 'NEAR('])).toEqual([]);
      const again = await reopen();
      expect(await again.said.next(9, 9)).toBeUndefined();
      expect(await again.said.find({ terms: ['green'], match: 'all', limit: 9 })).toHaveLength(1);
    });

    held('commands and other events are none; of a long message the beginning counts', async ({ store }) => {
      await store.commit({ session: session('s1'), entries: said('s1', 't1', start('history'), user('hidden')) });
      await store.commit({ entries: said('s1', 't2', start(), user(`shown ${'x'.repeat(20)} tail`), { type: 'turn-undone', target: 't1' }) });
      await follow(store, 100);
      const found = async (term: string): Promise<number> => (await store.said.find({ terms: [term], match: 'all', limit: 9 })).length;
      expect([await found('hidden'), await found('shown'), await found('tail')]).toEqual([0, 1, 0]);
    });

    held('words of a dropped session are found no more at once, those of an archived one under its new id', async ({ store }) => {
      await store.commit({ session: session('s1'), turn: turn('t1'), entries: said('s1', 't1', start(), user('secret plan')) });
      await follow(store);
      await store.commit({ archive: { sessionId: 's1', as: 'kept' }, session: session('s1', { address: sampleAddress }) });
      const where = async (): Promise<readonly string[]> =>
        (await store.said.find({ terms: ['plan'], match: 'all', limit: 9 })).map(({ session: { id } }) => id);
      expect(await where()).toEqual(['kept']);
      await store.commit({ drop: 'kept' });
      expect(await where()).toEqual([]);
      await store.commit({ session: session('s1'), entries: said('s1', 't3', start(), user('another plan')) });
      await follow(store);
      expect(await where()).toEqual(['s1']);
    });
  });
}

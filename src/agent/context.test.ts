import { describe, expect, test } from 'vitest';
import type { DurableEvent, Entry } from '../core/turn-event.ts';
import { ContextWindows } from './context.ts';
import { DaySpending, startOfDay } from './day-spending.ts';
import { History } from './history.ts';

const user = (text: string): DurableEvent => ({
  type: 'message',
  message: { role: 'user', id: text, text, attachments: [], sender: { id: 'operator' }, origin: 'operator' },
});
const assistant = (text: string): DurableEvent => ({ type: 'message', message: { role: 'assistant', id: 'a', step: 0, text, toolCalls: [] } });
const start: DurableEvent = { type: 'turn-start', origin: 'operator', answerId: 'a', resumed: false };
const log = (turns: readonly (readonly [string, readonly DurableEvent[]])[]): Entry[] =>
  turns
    .flatMap(([turnId, events]) => events.map((event) => ({ turnId, event })))
    .map((entry, index) => ({ ...entry, seq: index + 1, sessionId: 's', at: Date.UTC(2026, 0, 5, 8) }));
const noImage = async (): Promise<undefined> => undefined;
const shown = (running?: string, timezone = 'UTC') => ({ timezone, loadImage: noImage, running });

function storeOf(entries: readonly Entry[]) {
  return {
    entries: {
      tail: async (_session: string, limit: number, before = Number.POSITIVE_INFINITY) => entries.filter((entry) => entry.seq < before).slice(-limit),
      after: async (filter: { after: number; limit: number }) => entries.filter((entry) => entry.seq > filter.after).slice(0, filter.limit),
      ofTurn: async () => [],
      undone: async () => new Set<string>(),
      lastSeq: async () => entries.length,
    },
  };
}

describe('context', () => {
  test('a message reads the same in every later request, with its own time and place', async () => {
    const entries = log([['t1', [start, user('hello')]]]);
    const history = new History();
    const once = await history.messages(entries, shown('t1', 'Asia/Shanghai'));
    expect(once).toEqual([{ role: 'user', text: '<context>Monday 2026-01-05 16:00 Asia/Shanghai</context>\nhello' }]);
    const later = await history.messages([...entries, ...log([['t2', [start, assistant('hi')]]])], shown('t2', 'Asia/Shanghai'));
    expect(later[0]).toEqual(once[0]);
    expect((await history.messages(entries, shown('t1')))[0]).toMatchObject({ text: '<context>Monday 2026-01-05 08:00 UTC</context>\nhello' });
  });

  test('a reminder in the middle of a turn does not come between a call and its result', async () => {
    const call: DurableEvent = { type: 'message', message: { role: 'assistant', id: 'a', step: 0, text: '', toolCalls: [{ id: 'c', name: 'x', input: {} }] } };
    const result: DurableEvent = { type: 'tool-end', callId: 'c', name: 'x', outcome: 'ok', text: 'done' };
    const entries = log([
      ['t1', [start, user('go'), call]],
      ['r', [start, assistant('reminder')]],
      ['t1', [result]],
    ]);
    expect((await new History().messages(entries, shown('later'))).map((message) => message.role)).toEqual(['user', 'assistant', 'tool', 'assistant']);
    // To the turn that runs, the reminder is something said before.
    const seen = await new History().messages(entries, shown('t1'));
    expect(seen.map((message) => message.role)).toEqual(['assistant', 'user', 'assistant', 'tool']);
  });

  test('attack: words that are dropped while somebody looks at the context do not come back with the next message', async () => {
    const windows = new ContextWindows();
    const entries = log([
      ['t1', [start, user('my old password was swordfish'), assistant('ok')]],
      ['t2', [start, user('hello')]],
    ]);
    await windows.load(storeOf(entries.slice(0, 3)), 's'); // after /clear let go of it, before its commit
    expect((await windows.load(storeOf(entries.slice(3)), 's')).entries).toEqual(entries.slice(3));
    expect((await windows.load(storeOf([]), 's')).entries).toEqual([]);
  });

  test('a long session without a compaction is read whole', async () => {
    const entries = log(Array.from({ length: 4_000 }, (_, index) => [`t${index}`, [start, user(`q${index}`), assistant('a')]] as const));
    const window = await new ContextWindows().load(storeOf(entries), 's');
    expect([window.entries.length, window.cut]).toEqual([12_000, false]);
  });

  test('one that is longer than memory should hold is read to a bound, from the beginning of a turn, and says so', async () => {
    const text = 'word '.repeat(20_000);
    const entries = log(Array.from({ length: 400 }, (_, index) => [`t${index}`, [start, user(text), assistant('a')]] as const));
    const window = await new ContextWindows().load(storeOf(entries), 's');
    expect([window.entries.length < entries.length, window.entries.length > 300, window.cut]).toEqual([true, true, true]);
    expect(window.entries[0]?.event.type).toBe('turn-start');
    expect(window.entries.at(-1)).toBe(entries.at(-1));
  });

  test('only what is new is read, and many large sessions do not stay in memory', async () => {
    const read: string[] = [];
    const entries = log([['t1', [start, user('x'.repeat(400_000))]]]);
    const store = storeOf(entries);
    const counted = {
      entries: {
        ...store.entries,
        tail: async (session: string, limit: number, before?: number) => {
          read.push(`tail ${session}`);
          return store.entries.tail(session, limit, before);
        },
      },
    };
    const windows = new ContextWindows();
    await windows.load(counted, 's0');
    await windows.load(counted, 's0');
    expect(read).toEqual(['tail s0']);
    for (let index = 1; index < 60; index++) await windows.load(counted, `s${index}`);
    await windows.load(counted, 's59');
    await windows.load(counted, 's0');
    expect(read.slice(-2)).toEqual(['tail s59', 'tail s0']);
  });

  test('a picture goes to the model while its turn is the newest, and not after', async () => {
    const picture: DurableEvent = {
      type: 'tool-end',
      callId: 'c',
      name: 'view_image',
      outcome: 'ok',
      text: 'a.png',
      images: [{ path: 'a.png', mediaType: 'image/png' }],
    };
    const history = new History();
    const loadImage = async (): Promise<Uint8Array> => new Uint8Array([1]);
    const entries = log([['t1', [start, user('look'), picture]]]);
    expect((await history.messages(entries, { ...shown('t1'), loadImage }))[1]).toMatchObject({ images: [{ mediaType: 'image/png' }] });
    const later = [...entries, ...log([['t2', [start, user('next')]]])];
    expect((await history.messages(later, { ...shown('t2'), loadImage }))[1]).not.toHaveProperty('images');
  });
});

describe('budget', () => {
  test('the day begins at local midnight', () => {
    expect(startOfDay(Date.UTC(2026, 0, 5, 8, 30, 1, 250), 'UTC')).toBe(Date.UTC(2026, 0, 5));
    expect(startOfDay(Date.UTC(2026, 0, 5, 17), 'Asia/Shanghai')).toBe(Date.UTC(2026, 0, 5, 16));
  });

  test('the day is read once, counted along, and begins anew at midnight', async () => {
    const asked: number[] = [];
    const spending = new DaySpending({
      since: async (at) => {
        asked.push(at);
        return asked.length === 1 ? [{ model: 'm', calls: 1, input: 5, cachedInput: 0, output: 2, cost: 0.5 }] : [];
      },
    });
    const noon = Date.UTC(2026, 0, 5, 12);
    expect(await spending.today(noon, 'UTC')).toEqual({ tokens: 7, cost: 0.5 });
    spending.add({ input: 10, cachedInput: 0, output: 1, reasoning: 0 }, 0.25);
    expect(await spending.today(noon + 3_600_000, 'UTC')).toEqual({ tokens: 18, cost: 0.75 });
    expect(await spending.today(Date.UTC(2026, 0, 6, 0, 0, 1), 'UTC')).toEqual({ tokens: 0, cost: 0 });
    expect(asked).toEqual([Date.UTC(2026, 0, 5), Date.UTC(2026, 0, 6)]);
  });
});

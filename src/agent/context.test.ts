import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DurableEvent, Entry } from '../core/turn-event.ts';
import { startOfDay } from './budget.ts';
import { ContextWindows, toModelMessages } from './context.ts';

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

function storeOf(entries: readonly Entry[]) {
  return {
    entries: {
      tail: async (_session: string, limit: number) => entries.slice(-limit),
      after: async (filter: { after: number; limit: number }) => entries.filter((entry) => entry.seq > filter.after).slice(0, filter.limit),
      ofTurn: async () => [],
      lastSeq: async () => entries.length,
    },
  };
}

describe('context', () => {
  test('a message reads the same in every later request, with its own time and place', async () => {
    const entries = log([['t1', [start, user('hello')]]]);
    const once = await toModelMessages(entries, 'Asia/Shanghai', noImage);
    expect(once).toEqual([{ role: 'user', text: '<context>Monday 2026-01-05 16:00 Asia/Shanghai</context>\nhello' }]);
    const later = await toModelMessages([...entries, ...log([['t2', [start, assistant('hi')]]])], 'Asia/Shanghai', noImage);
    expect(later[0]).toEqual(once[0]);
  });

  test('a reminder in the middle of a turn does not come between a call and its result', async () => {
    const call: DurableEvent = { type: 'message', message: { role: 'assistant', id: 'a', step: 0, text: '', toolCalls: [{ id: 'c', name: 'x', input: {} }] } };
    const result: DurableEvent = { type: 'tool-end', callId: 'c', name: 'x', outcome: 'ok', text: 'done' };
    const entries = log([
      ['t1', [start, user('go'), call]],
      ['r', [start, assistant('reminder')]],
      ['t1', [result]],
    ]);
    expect((await toModelMessages(entries, 'UTC', noImage)).map((message) => message.role)).toEqual(['user', 'assistant', 'tool', 'assistant']);
  });

  test('a long session keeps a bounded window that begins at a turn and moves in steps', async () => {
    const entries = log(Array.from({ length: 1_000 }, (_, index) => [`t${index}`, [start, user(`q${index}`), assistant('a')]] as const));
    const windows = new ContextWindows();
    const first = await windows.load(storeOf(entries), 's');
    expect(first.length).toBeLessThanOrEqual(400);
    expect(first[0]?.event.type).toBe('turn-start');
    const more = [...entries, ...log([['new', [start, user('next')]]]).map((entry) => ({ ...entry, seq: entry.seq + entries.length }))];
    const second = await windows.load(storeOf(more), 's');
    expect(second.length).toBeLessThanOrEqual(400);
    expect(second.at(-1)?.turnId).toBe('new');
  });

  test('fitting keeps the newest turn whole, whatever the sizes', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2_000), { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 5_000 }), (sizes, budget) => {
        const entries = log(sizes.map((size, index) => [`t${index}`, [start, user('x'.repeat(size))]] as const));
        const kept = new ContextWindows().fit('s', entries, budget);
        const newest = entries.at(-1)?.turnId;
        expect(kept.filter((entry) => entry.turnId === newest)).toEqual(entries.filter((entry) => entry.turnId === newest));
        expect(kept[0]?.event.type).toBe('turn-start');
      }),
    );
  });
});

describe('budget', () => {
  test('the day begins at local midnight', () => {
    expect(startOfDay(Date.UTC(2026, 0, 5, 8, 30, 1, 250), 'UTC')).toBe(Date.UTC(2026, 0, 5));
    expect(startOfDay(Date.UTC(2026, 0, 5, 17), 'Asia/Shanghai')).toBe(Date.UTC(2026, 0, 5, 16));
  });
});

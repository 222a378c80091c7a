import { describe, expect, test } from 'vitest';
import type { Entry, PlacedEvent } from '../core/turn-event.ts';
import { systemClock } from '../lib/clock.ts';
import { TurnBus } from './turn-bus.ts';

function memoryLog() {
  const entries: Entry[] = [];
  return {
    commit: async (batch: { entries?: readonly Omit<Entry, 'seq'>[] }) => {
      const added = (batch.entries ?? []).map((entry) => ({ ...entry, seq: entries.length + 1 + (batch.entries ?? []).indexOf(entry) }));
      entries.push(...added);
      return added;
    },
    entries: {
      after: async (filter: { sessionId?: string; turnId?: string; after: number; limit: number }) =>
        entries
          .filter(
            (entry) =>
              entry.seq > filter.after && (filter.sessionId ?? entry.sessionId) === entry.sessionId && (filter.turnId ?? entry.turnId) === entry.turnId,
          )
          .slice(0, filter.limit),
      tail: async () => [],
      ofTurn: async () => [],
      undone: async () => new Set<string>(),
      lastSeq: async () => entries.length,
    },
  };
}

const end = { type: 'turn-end', outcome: 'answered', answerId: 'a', usage: { input: 0, cachedInput: 0, output: 0, reasoning: 0 } } as const;
const start = { type: 'turn-start', origin: 'operator', answerId: 'a', resumed: false } as const;
const said = (text: string) => ({ type: 'message', message: { role: 'assistant', id: 'a', step: 0, text, toolCalls: [] } }) as const;

async function collect(events: AsyncIterable<PlacedEvent>): Promise<PlacedEvent[]> {
  const all: PlacedEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

const shown = (events: readonly PlacedEvent[]): string[] => events.map((event) => (event.type === 'text-delta' ? `+${event.text}` : event.type));

describe('turn bus', () => {
  test('a subscriber sees durable and passing events in order and ends with its turn', async () => {
    const bus = await TurnBus.open(memoryLog(), systemClock, (text) => text);
    const seen = collect(bus.subscribe({ turnId: 't' }, new AbortController().signal));
    await bus.commit('s', 't', [start], {});
    bus.pass('s', 't', { type: 'text-delta', step: 0, text: 'hel' });
    bus.pass('s', 'other', { type: 'text-delta', step: 0, text: 'nobody asked' });
    bus.pass('s', 't', { type: 'text-delta', step: 0, text: 'lo' });
    await bus.commit('s', 't', [said('hello'), end], {});
    const events = await seen;
    expect(shown(events)).toEqual(['turn-start', '+hel', '+lo', 'message', 'turn-end']);
    expect(events.map((event) => event.id)).toEqual(['1', '1.1', '1.3', '2', '3']);
  });

  test('a late joiner gets the log and the running draft whole, then what follows, nothing twice', async () => {
    const bus = await TurnBus.open(memoryLog(), systemClock, (text) => text);
    await bus.commit('s', 't', [start], {});
    bus.pass('s', 't', { type: 'text-delta', step: 0, text: 'hel' });
    const late = collect(bus.subscribe({ sessionId: 's', turnId: 't', after: '0' }, new AbortController().signal));
    await new Promise((resolve) => setImmediate(resolve));
    bus.pass('s', 't', { type: 'text-delta', step: 0, text: 'lo' });
    await bus.commit('s', 't', [said('hello'), end], {});
    expect(shown(await late)).toEqual(['turn-start', 'draft-reset', '+hel', '+lo', 'message', 'turn-end']);
  });

  test('resuming after the last id replays only what follows', async () => {
    const bus = await TurnBus.open(memoryLog(), systemClock, (text) => text);
    await bus.commit('s', 't', [start, said('one'), end], {});
    expect(shown(await collect(bus.subscribe({ turnId: 't', after: '1.7' }, new AbortController().signal)))).toEqual(['message', 'turn-end']);
  });

  test('secrets are replaced before anything is stored or shown', async () => {
    const log = memoryLog();
    const bus = await TurnBus.open(log, systemClock, (text) => text.replaceAll('canary-value', '[redacted]'));
    const seen = collect(bus.subscribe({ turnId: 't' }, new AbortController().signal));
    bus.pass('s', 't', { type: 'text-delta', step: 0, text: 'canary-value' });
    await bus.commit('s', 't', [said('it is canary-value'), end], {});
    const all = JSON.stringify([await seen, await log.entries.after({ after: 0, limit: 9 })]);
    expect(all).toContain('[redacted]');
    expect(all).not.toContain('canary-value');
  });

  test('abort ends a subscription', async () => {
    const bus = await TurnBus.open(memoryLog(), systemClock, (text) => text);
    const abort = new AbortController();
    const seen = collect(bus.subscribe({}, abort.signal));
    await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    expect(await seen).toEqual([]);
  });
});

// The last turn of a conversation that a person asked for and that still counts.
import type { Turn } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import type { DurableEvent, Entry } from '../core/turn-event.ts';

/** Entries that are looked through. */
const looked = 2_000;

export interface LastTurn {
  readonly turn: Turn;
  readonly entries: readonly Entry[];
  /** Ids of those that count and speak of it. */
  readonly compactions: readonly string[];
}

/**
 * Without commands, reminders, and what was taken back; undefined where there is none. `compactions`: those that count and speak of it: each that was
 * made since it began, if it covers none of it, has what it asks as the goal.
 */
export async function lastTurn(store: Pick<Store, 'entries' | 'turns'>, sessionId: string): Promise<LastTurn | undefined> {
  const entries = await store.entries.tail(sessionId, looked);
  const undone = new Set(entries.flatMap(({ event }) => (event.type === 'turn-undone' ? [event.target] : [])));
  // A reminder is said without being asked.
  const asked = new Set(entries.flatMap(({ event, turnId }) => (event.type === 'message' && event.message.role === 'user' ? [turnId] : [])));
  const start = entries.findLast(({ event, turnId }) => event.type === 'turn-start' && event.command === undefined && asked.has(turnId) && !undone.has(turnId));
  const turn = start && (await store.turns.get(start.turnId));
  if (!turn) return undefined;
  const uncompacted = new Set(entries.flatMap(({ event }) => (event.type === 'compaction-undone' ? [event.target] : [])));
  const compactions = entries.flatMap(({ seq, event }) =>
    event.type === 'compaction' && seq > start.seq && !uncompacted.has(event.compactionId) ? [event.compactionId] : [],
  );
  return { turn, entries: await store.entries.ofTurn(turn.id), compactions };
}

/** What says that it is taken back; the summaries that speak of it go with it. */
export function takenBack({ turn, compactions }: LastTurn): readonly DurableEvent[] {
  return [{ type: 'turn-undone', target: turn.id }, ...compactions.map((target): DurableEvent => ({ type: 'compaction-undone', target }))];
}

// The last turn of a conversation that a person asked for and that still counts.
import type { Turn } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import type { DurableEvent, Entry } from '../core/turn-event.ts';

/** Entries that are read at once. */
const page = 500;

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
  const undone = new Set<string>();
  const uncompacted = new Set<string>();
  // A reminder is said without being asked.
  const asked = new Set<string>();
  const compactions: string[] = [];
  // Backwards: what takes something back stands behind it, and what a turn was asked behind its beginning, however long it is.
  for (let before: number | undefined; ; ) {
    const entries = await store.entries.tail(sessionId, page, before);
    for (const { turnId, event } of entries.toReversed()) {
      if (event.type === 'turn-undone') undone.add(event.target);
      if (event.type === 'compaction-undone') uncompacted.add(event.target);
      if (event.type === 'compaction' && !uncompacted.has(event.compactionId)) compactions.unshift(event.compactionId);
      if (event.type === 'message' && event.message.role === 'user') asked.add(turnId);
      if (event.type !== 'turn-start' || event.resumed || event.command !== undefined || !asked.has(turnId) || undone.has(turnId)) continue;
      const turn = await store.turns.get(turnId);
      return turn && { turn, entries: await store.entries.ofTurn(turnId), compactions };
    }
    if (entries.length < page) return undefined;
    before = entries[0]?.seq;
  }
}

/** What says that it is taken back; the summaries that speak of it go with it. */
export function takenBack({ turn, compactions }: LastTurn): readonly DurableEvent[] {
  return [{ type: 'turn-undone', target: turn.id }, ...compactions.map((target): DurableEvent => ({ type: 'compaction-undone', target }))];
}

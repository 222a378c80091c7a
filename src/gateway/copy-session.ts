// A session that is written from copies, for forks and imports: in steps, and there only once it is whole. Ids are new; nothing of the original changes.
import type { Session, Turn } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import type { DurableEvent } from '../core/turn-event.ts';
import type { Ids } from '../lib/ids.ts';

/** What one commit writes: entries, and their characters. */
const most = { entries: 200, characters: 500_000 } as const;

export interface CopiedEntry {
  readonly turnId: string;
  readonly at: number;
  readonly event: DurableEvent;
}

export interface SessionCopy {
  /** A turn that ended; before its entries. */
  turn(turn: Turn): void;
  /** Leaves out what has no meaning in a copy, and what belongs to no turn of it. Resolves with whether something is said in it. */
  entry(entry: CopiedEntry): Promise<boolean>;
  /** Writes down what is not yet. Afterwards a commit that names the session as `copied` makes it be there. */
  flush(): Promise<void>;
  /** Nothing of it is left. */
  abandon(): Promise<void>;
}

export async function copySession(parts: { readonly store: Pick<Store, 'commit'>; readonly ids: Ids }, session: Session): Promise<SessionCopy> {
  const { store, ids } = parts;
  const turns = new Map<string, { readonly id: string; readonly answerId: string }>();
  let rows: { newTurns: Turn[]; entries: (CopiedEntry & { sessionId: string })[]; characters: number } = { newTurns: [], entries: [], characters: 0 };
  const write = async (): Promise<void> => {
    const { newTurns, entries } = rows;
    rows = { newTurns: [], entries: [], characters: 0 };
    await store.commit({ transition: 'session-copied', copying: session.id, turns: newTurns, entries });
  };
  await write();
  return {
    turn(turn) {
      const copy = { id: ids('turn'), answerId: ids('ans') };
      turns.set(turn.id, copy);
      rows.newTurns.push({ ...turn, ...copy, sessionId: session.id, agentId: session.agentId, address: session.address });
    },
    async entry({ turnId, at, event }) {
      const turn = turns.get(turnId);
      const copied = turn && copyOf(event, turn.answerId, turns, ids);
      if (!turn || !copied) return false;
      rows.entries.push({ sessionId: session.id, turnId: turn.id, at, event: copied });
      rows.characters += JSON.stringify(copied).length;
      if (rows.entries.length >= most.entries || rows.characters >= most.characters) await write();
      return copied.type === 'message' && copied.message.text !== '';
    },
    flush: write,
    abandon: () => dropUnfinished(store, session.id),
  };
}

/** Copies that a crash left half written. */
export async function dropUnfinishedCopies(store: Pick<Store, 'commit' | 'sessions'>): Promise<void> {
  for (const id of await store.sessions.unfinished()) await dropUnfinished(store, id);
}

async function dropUnfinished(store: Pick<Store, 'commit'>, sessionId: string): Promise<void> {
  await store.commit({ transition: 'session-dropped', drop: sessionId });
}

/** An approval is of one turn, and so are the files that an undo gives back. A compaction is of one log: the copy is compacted anew where it has to be. */
function copyOf(event: DurableEvent, answerId: string, turns: ReadonlyMap<string, { readonly id: string }>, ids: Ids): DurableEvent | undefined {
  switch (event.type) {
    case 'approval-request':
    case 'approval-answer':
    case 'compaction':
    case 'compaction-undone':
      return undefined;
    case 'turn-undone': {
      const target = turns.get(event.target)?.id;
      return target === undefined ? undefined : { ...event, target };
    }
    case 'turn-start':
    case 'turn-end':
      return { ...event, answerId };
    case 'message':
      return { ...event, message: { ...event.message, id: event.message.role === 'user' ? ids('msg') : answerId } };
    case 'tool-end': {
      const { changed: _, ...end } = event;
      return end;
    }
    default:
      return event;
  }
}

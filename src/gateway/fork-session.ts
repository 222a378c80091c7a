// A fork: a new conversation of the operator's own that begins with all that was said up to one turn of another.
import { CoPawError } from '../core/error.ts';
import type { Session } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import type { Entry } from '../core/turn-event.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import { copySession } from './copy-session.ts';
import { ownSession } from './own-session.ts';

export interface ForkParts {
  readonly store: Pick<Store, 'commit' | 'sessions' | 'entries' | 'turns'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
}

/** Entries read at once. */
const pageSize = 200;

/** Turns that began no later and had ended when this one ended; what was under way then is left out. */
export async function forkSession({ store, clock, ids }: ForkParts, source: Session, turnId: string): Promise<Session> {
  const turn = await store.turns.get(turnId);
  if (!turn || turn.sessionId !== source.id) throw new CoPawError('not-found', `There is no turn ${turnId} in this conversation.`);
  if (turn.outcome === undefined) throw new CoPawError('conflict', `The turn ${turnId} still goes on.`, { next: 'Wait for its end, or stop it.' });
  const own = await store.entries.ofTurn(turnId);
  const begin = own.find(({ event }) => event.type === 'turn-start')?.seq ?? 0;
  const end = own.findLast(({ event }) => event.type === 'turn-end')?.seq ?? 0;

  const begun = new Set<string>();
  const ended = new Set<string>();
  for await (const { seq, turnId: id, event } of entriesUntil(store, source.id, end)) {
    if (event.type === 'turn-start' && seq <= begin) begun.add(id);
    if (event.type === 'turn-end' && begun.has(id)) ended.add(id);
  }

  const session: Session = {
    ...ownSession(ids, source.agentId, clock.now()),
    title: source.title,
    tainted: source.tainted,
    copiedFrom: { kind: 'fork', sessionId: source.id, turnId },
    ...(source.model === undefined ? {} : { model: source.model }),
    ...(source.mode === undefined ? {} : { mode: source.mode }),
  };
  const copy = await copySession({ store, ids }, session);
  try {
    const known = new Set<string>();
    // What others said there is passed on by the copy.
    let others = false;
    for await (const entry of entriesUntil(store, source.id, end)) {
      if (!ended.has(entry.turnId)) continue;
      const first = known.has(entry.turnId) ? undefined : await store.turns.get(entry.turnId);
      if (first) copy.turn(first);
      others ||= first?.origin === 'direct' || first?.origin === 'group';
      known.add(entry.turnId);
      await copy.entry(entry);
    }
    await copy.flush();
    const now = await store.sessions.get(source.id);
    if (!now || (await store.turns.get(turnId))?.sessionId !== source.id) throw new CoPawError('conflict', 'The conversation began anew meanwhile.');
    const whole = { ...session, tainted: source.tainted || now.tainted || others };
    await store.commit({ transition: 'session-copied', copied: [whole] });
    return whole;
  } catch (error) {
    await copy.abandon();
    throw error;
  }
}

async function* entriesUntil(store: Pick<Store, 'entries'>, sessionId: string, last: number): AsyncGenerator<Entry> {
  for (let after = 0; ; ) {
    const page = await store.entries.after({ sessionId, after, limit: pageSize });
    for (const entry of page) {
      if (entry.seq > last) return;
      yield entry;
    }
    if (page.length < pageSize) return;
    after = page.at(-1)?.seq ?? after;
  }
}

// Sessions out of JSON lines, each line checked. They are strangers' words, whoever exported them: nothing here proves who did.
import { type ZodType, z } from 'zod';
import { origins } from '../core/address.ts';
import { CoPawError } from '../core/error.ts';
import { noUsage } from '../core/model.ts';
import type { Session, Turn } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import type { DurableEvent, PlacedEvent, TurnOutcome } from '../core/turn-event.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import { copySession, type SessionCopy } from './copy-session.ts';
import { exportVersion } from './export-session.ts';
import { ownSession } from './own-session.ts';

export interface ImportParts {
  readonly store: Pick<Store, 'commit' | 'sessions'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
  /** Whose they become. */
  readonly agentId: string;
  /** Of one event as the API writes it. */
  readonly placedEvent: ZodType<PlacedEvent>;
}

export interface Imported {
  readonly session: Session;
  readonly messages: number;
}

const id = z.string().min(1).max(200);
const time = z.number().int().nonnegative();
const turnLine = z.object({
  id,
  origin: z.enum(origins),
  sender: z.object({ id: z.string().max(300), name: z.string().max(300).exactOptional() }),
  outcome: z.enum(['answered', 'cancelled', 'refused', 'interrupted', 'failed']),
  startedAt: time,
  endedAt: time.exactOptional(),
});
/** Longest title that is kept, in characters. */
const longestTitle = 200;
/** Turns of one session. */
const mostTurns = 200_000;
/** Sessions of one file. */
const mostSessions = 10_000;

function lineSchema(placedEvent: ZodType<PlacedEvent>) {
  return z.union([
    z.object({ copaw: z.literal('session'), version: z.literal(exportVersion) }),
    z.object({ session: z.object({ id, title: z.string(), createdAt: time, updatedAt: time, archived: z.literal(true).exactOptional() }) }),
    z.object({ turn: turnLine }),
    z.object({ event: placedEvent }),
    z.object({ end: z.object({ entries: z.number() }) }),
  ]);
}

interface Open {
  readonly session: Session;
  readonly copy: SessionCopy;
  /** How each ended, and whether something was said in it behind which no end was read. */
  readonly turns: Map<string, { readonly outcome: TurnOutcome; open: boolean }>;
  entries: number;
  messages: number;
}

/** All sessions or none. Resolves with them and the number of lines. */
export async function importSessions(
  parts: ImportParts,
  lines: AsyncIterable<string>,
): Promise<{ readonly sessions: readonly Imported[]; readonly lines: number }> {
  const schema = lineSchema(parts.placedEvent);
  const now = parts.clock.now();
  const written: Open[] = [];
  let open: Open | undefined;
  let number = 0;
  let known = false;
  const wrong = (what: string): CoPawError =>
    new CoPawError('invalid', `Line ${number}: ${what} Nothing was imported.`, {
      next: 'The file has to be as `copaw sessions export --format jsonl` wrote it.',
    });
  try {
    for await (const text of lines) {
      number++;
      if (text.trim() === '') continue;
      const line = schema.safeParse(readJson(text, wrong));
      if (!line.success)
        throw wrong(known ? 'it is not a line of an exported session.' : 'it does not begin like an exported session of a version known here.');
      const { data } = line;
      if ('copaw' in data) known = true;
      if (!known) throw wrong('it does not begin like an exported session.');
      if ('session' in data) {
        if (open) throw wrong('the session before it has no end.');
        if (written.length >= mostSessions) throw wrong(`there are more than ${mostSessions} sessions.`);
        const { title, createdAt, updatedAt, archived } = data.session;
        const session: Session = {
          ...ownSession(parts.ids, parts.agentId, Math.min(createdAt, now)),
          title: title.slice(0, longestTitle).toWellFormed(),
          tainted: true,
          updatedAt: Math.min(updatedAt, now),
          copiedFrom: { kind: 'import', sessionId: data.session.id },
          ...(archived ? { archived } : {}),
        };
        open = { session, copy: await copySession(parts, session), turns: new Map(), entries: 0, messages: 0 };
        written.push(open);
      } else if ('turn' in data) {
        if (!open || open.turns.has(data.turn.id)) throw wrong(open ? 'this turn is there twice.' : 'it belongs to no session.');
        if (open.turns.size >= mostTurns) throw wrong(`a session has more than ${mostTurns} turns.`);
        open.turns.set(data.turn.id, { outcome: data.turn.outcome, open: false });
        open.copy.turn(asTurn(data.turn, open.session));
      } else if ('event' in data) {
        const own = open?.turns.get(data.event.turnId);
        if (!open || !own) throw wrong('it belongs to no turn.');
        open.entries++;
        if (data.event.type === 'message' || data.event.type === 'turn-end') own.open = data.event.type === 'message';
        const event = foreign(data.event);
        if (event && (await open.copy.entry({ turnId: data.event.turnId, at: Math.min(data.event.at, now), event }))) open.messages++;
      } else if ('end' in data) {
        if (open?.entries !== data.end.entries) throw wrong('lines are missing before it.');
        await endTurns(open);
        open = undefined;
      }
    }
    if (open) throw wrong('the file ends in the middle of a session.');
    if (written.length === 0) throw wrong('there is no session in it.');
    for (const { copy } of written) await copy.flush();
    await parts.store.commit({ transition: 'session-copied', copied: written.map(({ session }) => session) });
    return { sessions: written.map(({ session, messages }) => ({ session, messages })), lines: number };
  } catch (error) {
    for (const { copy } of written) await copy.abandon();
    throw error;
  }
}

/** What breaks off in the file ends here: a call whose result never comes would hold up every compaction. */
async function endTurns({ copy, turns, session }: Open): Promise<void> {
  for (const [turnId, { outcome, open }] of turns)
    if (open) await copy.entry({ turnId, at: session.updatedAt, event: { type: 'turn-end', outcome, answerId: '', usage: noUsage } });
}

function readJson(text: string, wrong: (what: string) => CoPawError): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw wrong('it is not JSON.');
  }
}

function asTurn({ startedAt, endedAt, ...turn }: z.output<typeof turnLine>, { id: sessionId, agentId, address }: Session): Turn {
  return { ...turn, sessionId, agentId, address, answerId: '', startedAt, endedAt: endedAt ?? startedAt };
}

/** Words and what was done stay; what would name addresses to the agent, or files of another home, does not. Passing events are none of a log. */
function foreign({ id: _id, sessionId: _session, turnId: _turn, at: _at, ...event }: PlacedEvent): DurableEvent | undefined {
  switch (event.type) {
    case 'text-delta':
    case 'thinking-delta':
    case 'draft-reset':
    case 'tool-progress':
      return undefined;
    case 'message':
      return event.message.role === 'user' ? { ...event, message: { ...event.message, imported: true } } : event;
    case 'tool-end': {
      const { fetched: _f, images: _i, fullText: _t, ...end } = event;
      return { ...end, tainted: true };
    }
    default:
      return event;
  }
}

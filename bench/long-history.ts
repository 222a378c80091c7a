// A long conversation, made quickly: what one of its turns left in the database is written there again and again under new ids, as many turns in one commit.
// The app and the floor run meanwhile and read it as they would read their own; what is measured, and each compaction, is theirs.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { InboxRow, OutboxRow, Step, Turn, UsageRow } from '../src/core/session.ts';
import type { Store } from '../src/core/store.ts';
import type { Entry } from '../src/core/turn-event.ts';
import { openStore } from '../src/store/open-store.ts';

export interface Lengthening {
  /** Writes so many more turns, of two messages each, behind the newest turn of a session. */
  lengthen(session: string, turns: number): Promise<void>;
  close(): Promise<void>;
}

/** Rows of one turn; the words of its messages and answers are in them. */
interface OneTurn {
  readonly turns: readonly Turn[];
  readonly entries: readonly Entry[];
  readonly steps: readonly Step[];
  readonly inbox: readonly InboxRow[];
  readonly outbox: readonly OutboxRow[];
  readonly usage: readonly UsageRow[];
}

export async function lengthenCopaw(home: string): Promise<Lengthening> {
  const store = await openStore(join(home, 'copaw.db'));
  const lengthen = async (session: string, turns: number): Promise<void> => {
    if (turns === 0) return;
    const one = await newest(store, session);
    const made = Array.from({ length: turns }, () => again(one));
    const all = <T>(of: (turn: OneTurn) => readonly T[]): readonly T[] => made.flatMap(of);
    await store.commit({
      inbox: all(({ inbox }) => inbox),
      turns: all(({ turns: own }) => own),
      entries: all(({ entries }) => entries),
      steps: all(({ steps }) => steps),
      outbox: all(({ outbox }) => outbox),
      usage: all(({ usage }) => usage),
    });
  };
  return { lengthen, close: () => store.close() };
}

/** The newest turn, without the compaction it may have made. */
async function newest(store: Store, session: string): Promise<OneTurn> {
  const last = (await store.entries.tail(session, 1))[0];
  const turn = last && (await store.turns.get(last.turnId));
  if (turn?.outcome !== 'answered') throw new Error(`The newest turn of ${session} did not end in an answer.`);
  const entries = (await store.entries.ofTurn(turn.id)).filter(({ event }) => event.type !== 'compaction');
  return {
    ...{ turns: [turn], entries, steps: await store.turns.steps(turn.id) },
    ...{ inbox: await store.inbox.ofTurn(turn.id), outbox: await store.outbox.ofAnswer(turn.answerId) },
    usage: entries.flatMap(({ event, at }) =>
      event.type === 'message' && event.message.role === 'assistant' && event.message.usage
        ? [{ turnId: turn.id, sessionId: session, agentId: turn.agentId, model: 'bench/bench', usage: event.message.usage, at }]
        : [],
    ),
  };
}

/** The same under other ids. */
function again(one: OneTurn): OneTurn {
  let text = JSON.stringify(one);
  for (const id of [...one.turns.flatMap((turn) => [turn.id, turn.answerId]), ...one.inbox.map(({ key }) => key)])
    text = text.replaceAll(id, `${id.slice(0, 8)}${crypto.randomUUID().slice(0, 18)}`);
  const made: OneTurn = JSON.parse(text);
  return made;
}

export function lengthenFloor(home: string): Lengthening {
  const database = new DatabaseSync(join(home, 'floor.db'), { timeout: 5_000 });
  const newestOf = database.prepare('SELECT message FROM messages WHERE session = ? ORDER BY seq DESC LIMIT 2');
  const insert = database.prepare('INSERT INTO messages (session, message) VALUES (?, ?)');
  const lengthen = async (session: string, turns: number): Promise<void> => {
    const [answer, question] = newestOf.all(session).map(({ message }) => String(message));
    if (answer === undefined || question === undefined) throw new Error(`${session} has no turn yet.`);
    database.exec('BEGIN IMMEDIATE');
    for (let turn = 0; turn < turns; turn++) for (const message of [question, answer]) insert.run(session, message);
    database.exec('COMMIT');
  };
  return { lengthen, close: async () => database.close() };
}

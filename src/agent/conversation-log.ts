// What an agent may read again of its own conversation: all of the log, also what is summed up or cut in its context. Of no other conversation.
import type { SaidRow } from '../core/said.ts';
import type { Store } from '../core/store.ts';
import type { ConversationLog, LogHit } from '../core/tool.ts';
import type { DurableEvent, Entry } from '../core/turn-event.ts';
import { breath } from '../lib/clock.ts';
import { excerpt } from '../lib/excerpt.ts';

/** Entries read at once while results are looked for, and the newest of a conversation that are. */
const page = 250;
const mostRead = 5_000;
/** Messages out of the index that are ranked, and results. */
const mostFound = { messages: 200, results: 1_000 } as const;
/** Characters of a hit. */
const snippet = 400;

/** Finds messages of a conversation, and says which of the words a text has: the index of what was said. */
export type AboutSaid = (question: { readonly text: string; readonly sessionId: string; readonly limit: number }) => Promise<{
  readonly rows: readonly SaidRow[];
  readonly words: readonly (readonly string[])[];
  wordsIn(text: string): readonly number[];
}>;

interface LogParts {
  readonly store: Pick<Store, 'entries'>;
  readonly about: AboutSaid;
}

interface Found {
  readonly entry: Entry;
  readonly text: string;
  /** Numbers of the words it has. */
  readonly words: readonly number[];
}

const lookups: ReadonlySet<string> = new Set(['recall', 'sessions_search']);

/** The log of one session, as a call of this turn reads it. */
export function createConversationLog({ store, about }: LogParts, sessionId: string, turnId: string): ConversationLog {
  return {
    async search(text, limit) {
      const { rows, words, wordsIn } = await about({ text: text.slice(0, 1_000), sessionId, limit: mostFound.messages });
      if (words.length === 0) return { hits: [], complete: true };
      const undone = await store.entries.undone(sessionId);
      const found: Found[] = [];
      const look = (entry: Entry): void => {
        const own = undone.has(entry.turnId) || isAsking(entry, turnId) ? undefined : textOf(entry.event);
        const has = own === undefined ? [] : wordsIn(own);
        if (own !== undefined && has.length > 0) found.push({ entry, text: own, words: has });
      };
      for (const { entry } of rows) look(entry);
      const complete = await eachResult(look, () => found.length < mostFound.messages + mostFound.results);
      const hits = ranked(found, words.length).slice(0, limit);
      return { hits: hits.map((one): LogHit => ({ ...placeOf(one.entry), text: excerpt(one.text, formsOf(one, words), snippet) })), complete };
    },
    async read(seq) {
      const [entry] = await store.entries.after({ sessionId, after: seq - 1, limit: 1 });
      const text = entry?.seq === seq ? textOf(entry.event) : undefined;
      if (!entry || text === undefined || (await store.entries.undone(sessionId)).has(entry.turnId)) return undefined;
      const file = entry.event.type === 'tool-end' ? entry.event.fullText : undefined;
      return { ...placeOf(entry), text, ...(file === undefined ? {} : { file }) };
    },
  };

  /** The index has no results: they are gone through backwards. False where there are more than are looked at. */
  async function eachResult(look: (entry: Entry) => void, goOn: () => boolean): Promise<boolean> {
    let before: number | undefined;
    for (let read = 0; read < mostRead && goOn(); read += page) {
      const entries = await store.entries.tail(sessionId, page, before);
      for (const entry of entries.toReversed()) if (entry.event.type === 'tool-end') look(entry);
      if (entries.length < page) return true;
      before = entries[0]?.seq;
      await breath();
    }
    return false;
  }
}

/** What has the rarest words first, the newest among equals. */
function ranked(found: readonly Found[], words: number): readonly Found[] {
  const counts = Array.from({ length: words }, (_, index) => found.filter(({ words: own }) => own.includes(index)).length);
  const weight = ({ words: own }: Found): number => own.reduce((sum, index) => sum + Math.log(1 + found.length / (counts[index] ?? 1)), 0);
  return found
    .map((one) => ({ one, score: weight(one) }))
    .toSorted((a, b) => b.score - a.score || b.one.entry.seq - a.one.entry.seq)
    .map(({ one }) => one);
}

const formsOf = ({ words: own }: Found, words: readonly (readonly string[])[]): readonly string[] => own.flatMap((index) => words[index] ?? []);

/** What is being asked right now is not looked for, nor what was found before: it stands elsewhere too, or was taken back there. */
function isAsking({ event, turnId }: Entry, running: string): boolean {
  return (turnId === running && event.type === 'message') || (event.type === 'tool-end' && lookups.has(event.name));
}

function textOf(event: DurableEvent): string | undefined {
  if (event.type === 'tool-end') return event.text;
  if (event.type !== 'message' || event.message.text === '') return undefined;
  return event.message.role === 'user' && event.message.text.startsWith('/compact') ? undefined : event.message.text;
}

function placeOf({ seq, at, event }: Entry): Omit<LogHit, 'text'> {
  const from = event.type === 'tool-end' ? event.name : event.type === 'message' && event.message.role === 'user' ? event.message.sender.id : 'assistant';
  return { seq, at, from };
}

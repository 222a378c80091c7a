// What an agent may read again of its own conversation: all of the log, also what is summed up or cut in its context. Of no other conversation.
import type { Store } from '../core/store.ts';
import type { ConversationLog, LogHit } from '../core/tool.ts';
import type { DurableEvent, Entry } from '../core/turn-event.ts';

/** Entries read at once, and at most for one search. */
const page = 250;
const mostRead = 20_000;
/** Found entries that are ranked; beyond that the newest. */
const mostFound = 2_000;
/** Characters of a hit, around the first word that was found. */
const snippet = 400;

const lookups: ReadonlySet<string> = new Set(['recall', 'sessions_search']);

/** The log of one session, as a call of this turn reads it. */
export function createConversationLog(store: Pick<Store, 'entries'>, sessionId: string, turnId: string): ConversationLog {
  return {
    async search(words, limit) {
      const terms = termsOf(words);
      if (terms.length === 0) return { hits: [], complete: true };
      const undone = await store.entries.undone(sessionId);
      const found: { readonly entry: Entry; readonly text: string; readonly terms: readonly number[] }[] = [];
      let before: number | undefined;
      let read = 0;
      for (; read < mostRead && found.length < mostFound; read += page) {
        const entries = await store.entries.tail(sessionId, page, before);
        for (const entry of entries.toReversed()) {
          const text = undone.has(entry.turnId) || isAsking(entry, turnId) ? undefined : textOf(entry.event);
          if (text === undefined) continue;
          const lower = text.toLowerCase();
          const own = terms.flatMap((term, index) => (lower.includes(term) ? [index] : []));
          if (own.length > 0) found.push({ entry, text, terms: own });
        }
        before = entries[0]?.seq;
        if (entries.length < page) break;
      }
      const counts = terms.map((_, index) => found.filter(({ terms: own }) => own.includes(index)).length);
      const weight = (own: readonly number[]): number => own.reduce((sum, index) => sum + Math.log(1 + found.length / (counts[index] ?? 1)), 0);
      const ranked = found.map((one) => ({ ...one, score: weight(one.terms) })).toSorted((a, b) => b.score - a.score || b.entry.seq - a.entry.seq);
      const hits = ranked.slice(0, limit).map(({ entry, text, terms: own }): LogHit => ({ ...placeOf(entry), text: around(text, terms[own[0] ?? 0] ?? '') }));
      return { hits, complete: read < mostRead && found.length < mostFound };
    },
    async read(seq) {
      const [entry] = await store.entries.after({ sessionId, after: seq - 1, limit: 1 });
      const text = entry?.seq === seq ? textOf(entry.event) : undefined;
      if (!entry || text === undefined || (await store.entries.undone(sessionId)).has(entry.turnId)) return undefined;
      const file = entry.event.type === 'tool-end' ? entry.event.fullText : undefined;
      return { ...placeOf(entry), text, ...(file === undefined ? {} : { file }) };
    },
  };
}

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

const stopWords: ReadonlySet<string> = new Set(
  'a an and are as at be by did do does for from had has have how i in is it its me my of on or our said say that the their they this to was we were what when where which who why will with you your'.split(
    ' ',
  ),
);

/** Words to look for: without the commonest and without endings; of Chinese and Japanese each pair of characters. */
export function termsOf(words: string): readonly string[] {
  const lower = words.slice(0, 1_000).toLowerCase();
  const plain = (lower.match(/[\p{L}\p{N}][\p{L}\p{N}._@#/-]*[\p{L}\p{N}]|[\p{L}\p{N}]/gu) ?? []).flatMap((word) =>
    hasWide(word) ? pairs(word) : [ending(word)],
  );
  const rare = plain.filter((word) => !stopWords.has(word));
  return [...new Set(rare.length > 0 ? rare : plain)].slice(0, 32);
}

const hasWide = (word: string): boolean => /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(word);
const ending = (word: string): string => (word.length > 5 && !/\d/u.test(word) ? word.replace(/(?:ings?|ed|es|s)$/u, '') : word);

function pairs(word: string): readonly string[] {
  const letters = [...word];
  return letters.length === 1 ? letters : letters.slice(1).map((letter, index) => `${letters[index]}${letter}`);
}

function around(text: string, term: string): string {
  if (text.length <= snippet) return text;
  const start = Math.max(0, Math.min(text.toLowerCase().indexOf(term) - snippet / 4, text.length - snippet));
  return `${start > 0 ? '…' : ''}${text.slice(start, start + snippet)}${start + snippet < text.length ? '…' : ''}`.toWellFormed();
}

// What was said in conversations, to be searched: the index follows the log behind a mark, in the background, and is caught up before each search.
import type { SaidRow } from '../core/said.ts';
import type { Store } from '../core/store.ts';
import { breath, type Clock, type Timer } from '../lib/clock.ts';
import { oneAtATime } from '../lib/one-at-a-time.ts';
import { fold, segment } from './segment.ts';
import { inflections } from './stem.ts';
import { isStopWord } from './stop-words.ts';

/** One step: entries it looks through, and characters of one message that are searchable. Between two steps everything else has its turn. */
const step = { entries: 100, characters: 50_000 } as const;
/** Characters that are cut into words at once. */
const mostAtOnce = 5_000;
/** How long after something was said the index follows by itself, milliseconds. */
const restMs = 5_000;
/** Words of a question that count. */
const mostTerms = 16;

/** A question to the index; `limit` at least 1. */
interface SaidQuestion {
  readonly text: string;
  readonly agentId?: string;
  readonly before?: number;
  readonly limit: number;
  /** Which of what is found counts. */
  readonly wanted?: (row: SaidRow) => boolean | Promise<boolean>;
}

interface SaidFound {
  readonly rows: readonly SaidRow[];
  /** The words that were looked for. */
  readonly terms: readonly string[];
}

/** What one conversation has about some words. */
export interface SaidAbout {
  /** Messages with any of the words that tell something, in any form; the best first. */
  readonly rows: readonly SaidRow[];
  /** What is looked for, each as the forms that count as it. */
  readonly words: readonly (readonly string[])[];
  /** Numbers of the words that a text has, a message or another. */
  wordsIn(text: string): readonly number[];
}

export interface SaidIndex {
  /** Something was said; costs nothing. */
  changed(): void;
  /** Resolves when all that was said before the call can be found. */
  catchUp(): Promise<void>;
  /** Messages with every word, newest first; where there are none, the best of those with any word. */
  search(question: SaidQuestion): Promise<SaidFound>;
  /** For an answer that may lie anywhere in one conversation. */
  about(question: { readonly text: string; readonly sessionId: string; readonly limit: number }): Promise<SaidAbout>;
  /** Resolves when it does nothing any more. */
  stop(): Promise<void>;
}

/** Rows looked at for one answer when not all of them are wanted. */
const mostPages = 20;

export function createSaidIndex({
  said,
  clock,
  onFault,
}: {
  readonly said: Store['said'];
  readonly clock: Pick<Clock, 'after'>;
  readonly onFault: (error: unknown) => void;
}): SaidIndex {
  const alone = oneAtATime();
  let timer: Timer | undefined;
  let stopped = false;

  const follow = async (): Promise<void> => {
    for (;;) {
      const next = stopped ? undefined : await said.next(step.entries, step.characters);
      if (!next) return;
      const words: { seq: number; words: string }[] = [];
      let cut = 0;
      for (const { seq, text } of next.messages) {
        words.push({ seq, words: segment(text).join(' ') });
        cut += text.length;
        if (cut < mostAtOnce) continue;
        cut = 0;
        await breath();
      }
      await said.add(next.upTo, words);
      await breath();
    }
  };
  const catchUp = (): Promise<void> => alone(follow);

  return {
    changed() {
      if (timer || stopped) return;
      timer = clock.after(restMs, () => {
        timer = undefined;
        catchUp().catch(onFault);
      });
    },
    catchUp,
    async search({ text, agentId, before, limit, wanted = () => true }) {
      const terms = [...new Set(segment(text))].slice(0, mostTerms);
      if (terms.length === 0) return { rows: [], terms };
      await catchUp();
      const query = { terms, limit: Math.max(limit, 50), ...(agentId === undefined ? {} : { agentId }) };
      const rows: SaidRow[] = [];
      const keep = async (found: readonly SaidRow[]): Promise<void> => {
        for (const row of found) if (rows.length < limit && (await wanted(row))) rows.push(row);
      };
      let last = before;
      for (let page = 0; page < mostPages && rows.length < limit; page++) {
        const found = await said.find({ ...query, match: 'all', ...(last === undefined ? {} : { before: last }) });
        await keep(found);
        last = found.at(-1)?.entry.seq;
        if (found.length < query.limit) break;
      }
      if (rows.length === 0 && before === undefined && terms.length > 1) await keep(await said.find({ ...query, match: 'any' }));
      return { rows, terms };
    },
    async about({ text, sessionId, limit }) {
      const spoken = [...new Set(segment(text))];
      const telling = spoken.filter((word) => !isStopWord(word));
      // As it is asked a word counts by itself, and in any form once more: of two messages the one with the very word is the better.
      const words = (telling.length > 0 ? telling : spoken).slice(0, mostTerms).flatMap((word) => {
        const others = inflections(word);
        return others.length === 0 ? [[word]] : [[word], [...others, word]];
      });
      const wordsIn = (other: string): readonly number[] => {
        const folded = fold(other);
        return words.flatMap((forms, index) => (forms.some((form) => folded.includes(form)) ? [index] : []));
      };
      if (words.length === 0) return { rows: [], words, wordsIn };
      await catchUp();
      return { rows: await said.find({ terms: [...new Set(words.flat())], match: 'any', sessionId, limit }), words, wordsIn };
    },
    async stop() {
      stopped = true;
      timer?.cancel();
      await alone(async () => undefined);
    },
  };
}

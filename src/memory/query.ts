// A question as search reads it: what it is about, each thing with the words it may be called by, the days, and whether the present is meant.
import type { MemoryIndex } from '../core/memory.ts';
import { readDates } from './dates.ts';
import { segment } from './segment.ts';
import { corrections } from './spelling.ts';
import { stem } from './stem.ts';
import { isStopWord } from './stop-words.ts';
import { relatedTo, spellingsOf } from './thesaurus.ts';

/** One thing a question is about. */
export interface Concept {
  readonly word: string;
  /** Words that count as it, and how much: 1 for itself, less for other forms, corrections and related words. */
  readonly forms: ReadonlyMap<string, number>;
  /** How much it tells, from how rare it is. */
  readonly weight: number;
  /** It only makes the question: what lacks it lacks nothing. */
  readonly filler: boolean;
}

export interface Query {
  readonly concepts: readonly Concept[];
  /** In how many chunks each known word of it stands. */
  readonly counts: ReadonlyMap<string, number>;
  readonly days?: readonly [string, string];
  readonly asOf?: string;
  /** "now", "still": of facts that change the newest is asked for. */
  readonly current: boolean;
  /** "used to", "formerly": what was replaced is asked for too. */
  readonly past: boolean;
  readonly corrected: Readonly<Record<string, string>>;
}

/** A longer question is cut: its first words are what it is about. */
const mostWords = 40;
const formWeight = 0.85;
const correctedWeight = 0.9;
const relatedWeight = 0.35;
/** A pair of Chinese characters that is no word finds, and tells little. */
const pairWeight = 0.4;
/** A word that makes a question, beside those that it is about. */
const stopWeight = 0.8;

const currentWords =
  /\b(?:now|nowadays|currently?|today|these days|at present|presently|latest|newest|most recent|still|any ?more)\b|现在|目前|如今|最新|最近|当前|眼下/iu;
const pastWords = /\b(?:used to|formerly|former|previous(?:ly)?|earlier|in the past|originally|at first|before)\b|以前|之前|曾经|过去|原来|当时|最初/iu;

type Vocabulary = Pick<MemoryIndex, 'counts' | 'alike' | 'totals'>;

export async function readQuery(index: Vocabulary, agentId: string, question: string, today: string): Promise<Query> {
  const dates = readDates(question, today);
  const all = [...new Set(segment(dates.rest))];
  const telling = all.filter((word) => !isStopWord(word));
  const words = all.slice(0, mostWords);
  const whole = new Set(segment(dates.rest, { pairs: false }));
  const weightOf = (word: string): number => (telling.length > 0 && isStopWord(word) ? stopWeight : whole.has(word) ? 1 : pairWeight);
  const forms = new Map<string, Map<string, number>>();
  const corrected: Record<string, string> = {};
  const known = new Map(await index.counts(agentId, [...words, ...words.flatMap((word) => [...spellingsOf(word), ...relatedTo(word)])]));
  for (const word of words) {
    if (telling.length > 0 && isStopWord(word)) {
      forms.set(word, new Map([[word, 1]]));
      continue;
    }
    const own = new Map([[word, 1]]);
    for (const [form, count] of await formsOf(index, agentId, word)) {
      known.set(form, count);
      own.set(form, formWeight);
    }
    if (!known.has(word) && own.size === 1)
      for (const other of await corrections(index, agentId, word)) {
        corrected[word] ??= other;
        for (const [form, count] of [...(await formsOf(index, agentId, other)), ...(await index.counts(agentId, [other]))]) {
          known.set(form, count);
          own.set(form, form === other ? correctedWeight : correctedWeight * formWeight);
        }
      }
    for (const spelled of spellingsOf(word)) if (known.has(spelled)) own.set(spelled, formWeight);
    for (const related of relatedTo(word)) if (known.has(related) && !own.has(related)) own.set(related, relatedWeight);
    forms.set(word, own);
  }
  const { chunks } = await index.totals(agentId);
  const concepts = words.map((word): Concept => {
    const own = forms.get(word) ?? new Map();
    const count = Math.max(0, ...[...own].map(([form, weight]) => (weight > 0.5 ? (known.get(form) ?? 0) : 0)));
    const rarity = Math.log(1 + (chunks - count + 0.5) / (count + 0.5));
    return { word, forms: own, weight: rarity * weightOf(word), filler: telling.length > 0 && isStopWord(word) };
  });
  return {
    concepts,
    counts: known,
    current: currentWords.test(question) && dates.days === undefined && dates.asOf === undefined,
    past: pastWords.test(question),
    corrected,
    ...(dates.days === undefined ? {} : { days: dates.days }),
    ...(dates.asOf === undefined ? {} : { asOf: dates.asOf }),
  };
}

/** Other words of the index with the same stem. */
async function formsOf(index: Vocabulary, agentId: string, word: string): Promise<[string, number][]> {
  const base = stem(word);
  if (!/^[a-z]{3,}$/u.test(word) || word.length < 4) return [];
  const start = base.endsWith('i') ? base.slice(0, -1) : base;
  if (start.length < 3) return [];
  const near = await index.alike(agentId, { start }, 60);
  return [...near].filter(([other]) => other !== word && other.length <= start.length + 6 && stem(other) === base);
}

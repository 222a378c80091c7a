// A question as search reads it: what it is about, each thing with the words it may be called by, the days, and whether the present is meant.
import type { MemoryIndex } from '../core/memory.ts';
import { type ReadDates, readDates } from './dates.ts';
import { segment } from './segment.ts';
import { corrections } from './spelling.ts';
import { inflections } from './stem.ts';
import { isStopWord } from './stop-words.ts';
import { relatedTo, spellingsOf } from './thesaurus.ts';

/** One thing a question is about. */
export interface Concept {
  readonly word: string;
  /** Words that count as it, and how much: 1 for itself, less for other forms, corrections and related words. */
  readonly forms: ReadonlyMap<string, number>;
  /** How much it tells, from how rare it is. */
  readonly weight: number;
  /** 1 for a word, less for a pair of characters, 0 for what only makes the question: what lacks it lacks nothing. */
  readonly part: number;
}

export interface Query {
  readonly concepts: readonly Concept[];
  /** Words of it as it was asked, without its days; repeated ones count each time, pairs of characters do not. */
  readonly length: number;
  /** Its runs of three Chinese characters or more. */
  readonly runs: readonly string[];
  /** Every known word as it was asked or corrected, those of its days too, and how much it tells. */
  readonly asked: ReadonlyMap<string, number>;
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
const formWeight = 0.7;
const correctedWeight = 0.9;
const relatedWeight = 0.35;
/** A pair of Chinese characters that is no word finds, and tells little. */
const pairPart = 0.4;

const runOfCharacters = /\p{Script=Han}{3,}/gu;
const currentWords =
  /\b(?:now|nowadays|currently?|today|these days|at present|presently|latest|newest|most recent|still|any ?more)\b|现在|目前|如今|最新|最近|当前|眼下/iu;
const pastWords = /\b(?:used to|formerly|former|previous(?:ly)?|earlier|in the past|originally|at first|before)\b|以前|之前|曾经|过去|原来|当时|最初/iu;

type Vocabulary = Pick<MemoryIndex, 'counts' | 'alike' | 'totals'>;

/** Without `today` no days are read out of it: all of it is words. */
export async function readQuery(index: Vocabulary, agentId: string, question: string, today?: string): Promise<Query> {
  const { days, asOf, rest }: ReadDates = today === undefined ? { rest: question } : readDates(question, today);
  const words = [...new Set(segment(rest))].slice(0, mostWords);
  const spoken = segment(rest, { pairs: false });
  const whole = new Set(spoken);
  const asked = [...new Set(segment(question))].slice(0, mostWords);
  const onlyFillers = days === undefined && words.every(isStopWord);
  const partOf = (word: string): number => (isStopWord(word) && !onlyFillers ? 0 : whole.has(word) ? 1 : pairPart);
  const known = new Map(await index.counts(agentId, [...asked, ...words.flatMap((word) => (partOf(word) === 0 ? [word] : [word, ...formsOf(word).keys()]))]));
  const corrected: Record<string, string> = {};
  const forms = new Map<string, ReadonlyMap<string, number>>();
  for (const word of words) {
    const own = new Map([[word, 1] as const, ...(partOf(word) === 0 ? [] : formsOf(word))].filter(([form]) => known.has(form)));
    if (own.size === 0) {
      const [best, ...others] = await corrections(index, agentId, word);
      if (best !== undefined) corrected[word] = best;
      for (const other of best === undefined ? [] : [best, ...others]) own.set(other, correctedWeight);
      for (const [form, count] of await index.counts(agentId, [...own.keys()])) known.set(form, count);
    }
    forms.set(word, own);
  }
  const { chunks } = await index.totals(agentId);
  const concepts = words.map((word): Concept => {
    const own = forms.get(word) ?? new Map();
    const count = Math.max(0, ...[...own].map(([form, weight]) => (weight > relatedWeight ? (known.get(form) ?? 0) : 0)));
    const rarity = Math.log(1 + (chunks - count + 0.5) / (count + 0.5));
    const part = partOf(word);
    return { word, part, forms: own, weight: rarity * (part === 0 ? 1 : part) };
  });
  return {
    concepts,
    length: spoken.length,
    asked: new Map(
      asked.flatMap((word) => {
        const count = known.get(corrected[word] ?? word);
        // A word that every other note has counts for nothing.
        return count === undefined ? [] : [[corrected[word] ?? word, Math.max(0, Math.log((chunks - count + 0.5) / (count + 0.5)))] as const];
      }),
    ),
    runs: rest.match(runOfCharacters) ?? [],
    counts: known,
    current: currentWords.test(question) && asOf === undefined && (days === undefined || (days[0] === today && days[1] === today)),
    past: pastWords.test(question),
    corrected,
    ...(days === undefined ? {} : { days }),
    ...(asOf === undefined ? {} : { asOf }),
  };
}

/** Other words that may count as this one, whether the index has them or not. */
function formsOf(word: string): ReadonlyMap<string, number> {
  return new Map([
    ...[...relatedTo(word)].map((related) => [related, relatedWeight] as const),
    ...[...inflections(word), ...spellingsOf(word)].map((form) => [form, formWeight] as const),
  ]);
}

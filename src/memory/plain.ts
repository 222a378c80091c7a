// What any full-text search would find first. Other forms, related words, days and whatever else is read out of a question can be read wrongly: what its bare
// words find is therefore never pushed out of the first hits by them.
import type { Query } from './query.ts';
import { type Scored, saturation, termScore } from './score.ts';

/** Hits that are looked at by whoever looks at all, and how many of them are what the bare words find first. */
const firstHits = 5;
const mostPlain = 2;
/** As full-text search has it. */
const lengthShare = 0.75;

/** The ranked hits; those of the fitting ones that the bare words would put first, and that are not among the first hits, take the last places there. */
export function keepPlain(ranked: readonly Scored[], fitting: readonly Scored[], { asked }: Pick<Query, 'asked'>, averageWords: number): readonly Scored[] {
  if (ranked.length <= firstHits) return ranked;
  const score = plainScorer(asked, averageWords);
  const plainest = fitting
    .map((hit) => ({ hit, score: score(hit) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, mostPlain)
    .map(({ hit }) => hit);
  const first = new Set(ranked.slice(0, firstHits).map(({ chunk }) => chunk.id));
  const missing = new Map(plainest.flatMap((hit) => (first.has(hit.chunk.id) ? [] : [[hit.chunk.id, hit] as const])));
  const others = ranked.filter(({ chunk }) => !missing.has(chunk.id));
  const before = firstHits - missing.size;
  return [...others.slice(0, before), ...missing.values(), ...others.slice(before)];
}

/** BM25 of the words as they were asked. */
function plainScorer(asked: Query['asked'], averageWords: number): (hit: Scored) => number {
  return ({ chunk }) => {
    const words = chunk.segmented.split(' ');
    const times = new Map<string, number>();
    for (const word of words) if (asked.has(word)) times.set(word, (times.get(word) ?? 0) + 1);
    const norm = saturation * (1 - lengthShare + (lengthShare * words.length) / Math.max(1, averageWords));
    let score = 0;
    for (const [word, frequency] of times) score += termScore(asked.get(word) ?? 0, frequency, norm);
    return score;
  };
}

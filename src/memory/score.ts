// How well a chunk answers a question: BM25 over what the question is about, and whether its words stand together; and how much of it is covered.
import type { FoundChunk } from '../core/memory.ts';
import type { Query } from './query.ts';

export interface Scored {
  readonly chunk: FoundChunk;
  readonly score: number;
  /** Share of what the question tells that the chunk has, 0 to 1. */
  readonly coverage: number;
  /** Numbers of the concepts it has. */
  readonly has: ReadonlySet<number>;
}

/** How soon more of the same word says little more, as full-text search has it. */
export const saturation = 1.2;
/** How much a long chunk is held back. */
const lengthShare = 0.9;
const nearWords = 4;

/** What one term adds to BM25; `norm`: by the length of the chunk. */
export const termScore = (weight: number, frequency: number, norm: number): number => (weight * frequency * (saturation + 1)) / (frequency + norm);

export function scorer({ concepts, runs }: Pick<Query, 'concepts' | 'runs'>, averageWords: number): (chunk: FoundChunk) => Scored {
  const byForm = new Map<string, { readonly concept: number; readonly weight: number }[]>();
  concepts.forEach(({ forms }, concept) => {
    for (const [form, weight] of forms) byForm.set(form, [...(byForm.get(form) ?? []), { concept, weight }]);
  });
  const whole = concepts.reduce((sum, { weight, part }) => sum + (part === 0 ? 0 : weight), 0);
  return (chunk) => {
    const words = chunk.segmented.split(' ');
    const times = new Float64Array(concepts.length);
    const best = new Float64Array(concepts.length);
    const last = new Int32Array(concepts.length).fill(-1_000);
    let together = 0;
    words.forEach((word, place) => {
      for (const { concept, weight } of byForm.get(word) ?? []) {
        times[concept] = (times[concept] ?? 0) + weight;
        best[concept] = Math.max(best[concept] ?? 0, weight);
        last[concept] = place;
        const previous = last[concept - 1];
        if (previous !== undefined && place > previous && place - previous <= nearWords) together++;
      }
    });
    // What has the question character by character is about it, however much else it says.
    const verbatim = runs.length > 0 && runs.every((run) => chunk.text.includes(run));
    const length = words.length / Math.max(1, averageWords);
    const norm = saturation * (1 - lengthShare + lengthShare * (verbatim ? Math.min(1, length) : length));
    let bm25 = 0;
    let covered = 0;
    const has = new Set<number>();
    concepts.forEach(({ weight, part }, concept) => {
      const frequency = times[concept] ?? 0;
      if (frequency === 0) return;
      has.add(concept);
      bm25 += termScore(weight * (best[concept] ?? 0), frequency, norm);
      if (part > 0) covered += weight * (best[concept] ?? 0);
    });
    const coverage = whole === 0 ? 0 : covered / whole;
    const closeness = concepts.length < 2 ? 0 : Math.min(1, together / (concepts.length - 1));
    return { chunk, has, coverage, score: bm25 * (1 + 0.4 * closeness) };
  };
}

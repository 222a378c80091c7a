// Misspelled words, put right against the words that notes are made of. Numbers, ids and short words are never touched.
import type { MemoryIndex } from '../core/memory.ts';

const correctable = /^\p{L}{4,24}$/u;
const unspelled = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const mostAnswers = 3;

/** As far in Unicode as the letters of one alphabet stand from each other. */
const alphabet = 32;

/** Known words that this unknown one may be a misspelling of, the likeliest first. */
export async function corrections(index: Pick<MemoryIndex, 'alike' | 'counts'>, agentId: string, word: string): Promise<string[]> {
  if (!correctable.test(word) || unspelled.test(word)) return [];
  const most = word.length < 7 ? 1 : 2;
  // The first letter is seldom wrong. Where it is, nothing else is: what the word may have been is looked up, not searched for.
  const likely = nearest(word, await index.alike(agentId, { start: [...word][0] ?? '', length: [word.length - most, word.length + most] }), most);
  return likely.length > 0 ? likely : nearest(word, await index.counts(agentId, otherStarts(word)), 1);
}

/** All words that are one slip at its beginning away. */
function otherStarts(word: string): string[] {
  const [first = '', second = '', ...rest] = word;
  const tail = word.slice(first.length);
  const code = first.codePointAt(0) ?? 0;
  const letters = Array.from({ length: 2 * alphabet + 1 }, (_, at) => String.fromCodePoint(Math.max(0, code - alphabet + at)));
  return [tail, second + first + rest.join(''), ...letters.flatMap((letter) => [letter + tail, letter + word])];
}

/** Words with the fewest slips between, the most frequent first. */
function nearest(word: string, candidates: ReadonlyMap<string, number>, most: number): string[] {
  let fewest = most;
  const found: { readonly candidate: string; readonly slips: number; readonly count: number }[] = [];
  for (const [candidate, count] of candidates) {
    const slips = editDistance(word, candidate, fewest);
    if (slips > fewest || !correctable.test(candidate)) continue;
    fewest = slips;
    found.push({ candidate, slips, count });
  }
  return found
    .filter(({ slips }) => slips === fewest)
    .sort((a, b) => b.count - a.count || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, mostAnswers)
    .map(({ candidate }) => candidate);
}

/** Letters to insert, remove, replace or swap with their neighbour; more than `most` is `most + 1`. */
export function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) [endA, endB] = [endA - 1, endB - 1];
  const [height, width] = [endA - start, endB - start];
  if (height === 0 || width === 0) return Math.max(height, width);
  let before: number[] = [];
  let last = Array.from({ length: width + 1 }, (_, column) => column);
  for (let row = 1; row <= height; row++) {
    const next = [row];
    let best = row;
    // Farther from the diagonal there are more slips than count.
    for (let column = 1; column <= width; column++) {
      if (Math.abs(row - column) > most) {
        next.push(most + 1);
        continue;
      }
      const [own, other] = [a[start + row - 1], b[start + column - 1]];
      let cost = Math.min((last[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + (own === other ? 0 : 1));
      if (row > 1 && column > 1 && own === b[start + column - 2] && a[start + row - 2] === other) cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      next.push(cost);
      best = Math.min(best, cost);
    }
    if (best > most + 1) return most + 1;
    before = last;
    last = next;
  }
  return Math.min(last[width] ?? 0, most + 1);
}

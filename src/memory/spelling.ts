// Misspelled words, put right against the words that notes are made of. Numbers, ids and short words are never touched.
import type { MemoryIndex } from '../core/memory.ts';

const correctable = /^\p{L}{4,24}$/u;
const unspelled = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const mostCandidates = 400;
const mostAnswers = 3;

/** Known words that this unknown one may be a misspelling of, the likeliest first. */
export async function corrections(index: Pick<MemoryIndex, 'alike'>, agentId: string, word: string): Promise<string[]> {
  if (!correctable.test(word) || unspelled.test(word)) return [];
  const letters = [...word];
  const farthest = letters.length < 7 ? 1 : 2;
  // With one letter wrong, one half of the word is still right; a swap over the middle spoils a letter of each.
  const half = Math.max(2, Math.floor((letters.length - 1) / 2));
  const candidates = new Map([
    ...(await index.alike(agentId, { start: letters.slice(0, half).join('') }, mostCandidates)),
    ...(await index.alike(agentId, { end: letters.slice(-half).join('') }, mostCandidates)),
  ]);
  return [...candidates]
    .flatMap(([candidate, count]) => {
      const distance = Math.abs(candidate.length - word.length) > farthest ? Number.POSITIVE_INFINITY : editDistance(word, candidate, farthest);
      // A wrong first letter is rarer than any other slip.
      return distance > farthest ? [] : [{ candidate, cost: distance + (candidate.startsWith(letters[0] ?? '') ? 0 : 0.5), count }];
    })
    .sort((a, b) => a.cost - b.cost || b.count - a.count || (a.candidate < b.candidate ? -1 : 1))
    .filter(({ cost }, _, [best]) => cost <= (best?.cost ?? 0))
    .slice(0, mostAnswers)
    .map(({ candidate }) => candidate);
}

/** Letters to insert, remove, replace or swap with their neighbour; more than `most` is `most + 1`. */
export function editDistance(a: string, b: string, most: number): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const next = [row];
    let best = row;
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min((last[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + (same ? 0 : 1));
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      next.push(cost);
      best = Math.min(best, cost);
    }
    if (best > most + 1) return most + 1;
    before = last;
    last = next;
  }
  return Math.min(last[b.length] ?? 0, most + 1);
}

// Misspelled words, put right against the words that notes are made of. Numbers, ids and short words are never touched.
import type { MemoryIndex } from '../core/memory.ts';

const correctable = /^\p{L}{4,24}$/u;
const unspelled = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const mostAnswers = 3;

/** Known words that this unknown one may be a misspelling of, the likeliest first. */
export async function corrections(index: Pick<MemoryIndex, 'alike'>, agentId: string, word: string): Promise<string[]> {
  if (!correctable.test(word) || unspelled.test(word)) return [];
  const most = word.length < 7 ? 1 : 2;
  const length = [word.length - most, word.length + most] as const;
  // The first letter is seldom wrong; where it is, all words are looked through.
  const likely = nearest(word, await index.alike(agentId, { start: [...word][0] ?? '', length }), most);
  return likely.length > 0 ? likely : nearest(word, await index.alike(agentId, { start: '', length }), 1);
}

/** Words with the fewest slips between, the most frequent first. */
function nearest(word: string, candidates: ReadonlyMap<string, number>, most: number): string[] {
  let fewest = most;
  const found: { readonly candidate: string; readonly slips: number; readonly count: number }[] = [];
  for (const [candidate, count] of candidates) {
    if (!correctable.test(candidate)) continue;
    const slips = editDistance(word, candidate, fewest);
    if (slips > fewest) continue;
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

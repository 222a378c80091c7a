// The second step of a question whose answer stands in two notes: from what the best hits name, on to the notes that tell more about it.
import type { MemoryIndex } from '../core/memory.ts';
import type { Query } from './query.ts';
import type { Scored, scorer } from './score.ts';
import { isStopWord } from './stop-words.ts';

/** Hits to go on from. */
const mostStarts = 3;
const mostBridges = 6;
/** Words in more chunks than this lead anywhere: a share of all, between these bounds. */
const commonShare = 0.02;
const mostChunks = { least: 12, most: 400 };
/** With less than this of the question missing there is nothing to go on for. */
const leastMissing = 0.15;

/** The ranked hits, each followed by the note that has what it lacks, where there is one. */
export async function secondHop(
  index: MemoryIndex,
  agentId: string,
  query: Query,
  ranked: readonly Scored[],
  score: ReturnType<typeof scorer>,
): Promise<readonly Scored[]> {
  const whole = query.concepts.reduce((sum, { weight, part }) => sum + (part === 0 ? 0 : weight), 0);
  const known = new Set(query.concepts.flatMap(({ forms }) => [...forms.keys()]));
  const starts = ranked.slice(0, mostStarts).filter(({ coverage }) => coverage <= 1 - leastMissing);
  if (starts.length === 0 || (ranked[0]?.coverage ?? 1) > 1 - leastMissing) return ranked;
  const { chunks } = await index.totals(agentId);
  const common = Math.min(mostChunks.most, Math.max(mostChunks.least, chunks * commonShare));
  const followers = new Map<number, Scored>();
  for (const start of starts) {
    const words = [...new Set(start.chunk.segmented.split(' '))].filter((word) => word.length > 1 && !known.has(word) && !isStopWord(word));
    const counts = await index.counts(agentId, words);
    const bridges = words
      .flatMap((word) => {
        const count = counts.get(word) ?? 0;
        return count >= 2 && count <= common ? [{ word, count }] : [];
      })
      .sort((a, b) => a.count - b.count)
      .slice(0, mostBridges);
    if (bridges.length === 0) continue;
    const bridging = new Map(bridges.map(({ word, count }) => [word, Math.log(chunks / count)]));
    let best: Scored | undefined;
    for (const chunk of await index.find(agentId, [...bridging.keys()], { limit: 20 })) {
      if (chunk.id === start.chunk.id) continue;
      const other = score(chunk);
      const fills =
        query.concepts.reduce((sum, { weight, part }, concept) => sum + (part > 0 && other.has.has(concept) && !start.has.has(concept) ? weight : 0), 0) /
        whole;
      const shared = [...new Set(chunk.segmented.split(' '))].reduce((sum, word) => sum + (bridging.get(word) ?? 0), 0);
      const value = fills * shared;
      if (fills >= leastMissing && value > (best?.score ?? 0)) best = { ...other, score: value };
    }
    if (best) followers.set(start.chunk.id, { ...best, score: start.score * 0.99 });
  }
  if (followers.size === 0) return ranked;
  const placed = new Set<number>();
  return ranked.flatMap((hit) => {
    const follower = followers.get(hit.chunk.id);
    return [hit, ...(follower ? [follower] : [])].filter(({ chunk: { id } }) => !placed.has(id) && placed.add(id) !== undefined);
  });
}

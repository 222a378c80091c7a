// Search in an agent's memory: by words alone, whatever else is there. Every step is a small file of its own; this one puts them in order.
import type { FoundChunk, MemoryFinding, MemoryHit, MemoryIndex } from '../core/memory.ts';
import { whatFits } from './fit.ts';
import { fuse } from './fuse.ts';
import { secondHop } from './hop.ts';
import type { Meaning } from './meaning.ts';
import { keepPlain } from './plain.ts';
import { type Query, readQuery } from './query.ts';
import { type Scored, scorer } from './score.ts';
import { weighTime } from './when.ts';

/** Chunks looked at in full. */
const mostCandidates = 80;
/** Rows the full-text index may have to rank for a question: common words beyond that only count in what rarer ones found. A question of nothing but common
 * words is answered by how many of them a note has, so this is no less than what a few thousand notes have of them. */
const mostRows = 20_000;
/** The same where words that only make a question are among them: they find nothing by themselves, and every other note has them. */
const mostSmallRows = 10_000;
/** Words that are always looked for, however common. */
const leastWords = 3;
/** Chunks that vectors may add. */
const mostNear = 20;
/** Days with fewer chunks are read whole. */
const wholeDays = 300;

export interface SearchParts {
  readonly index: MemoryIndex;
  /** Absent: by words alone. */
  readonly meaning?: Pick<Meaning, 'near'>;
  /** The operator's day, YYYY-MM-DD. */
  readonly today: string;
}

export async function searchMemory({ index, meaning, today }: SearchParts, agentId: string, question: string, limit: number): Promise<MemoryFinding> {
  const query = await readQuery(index, agentId, question, today);
  const found = await byWords(index, agentId, query, today, limit);
  // Where nothing of its days fits, they may be no days at all but words of a note.
  const { days } = query;
  const doubtful = days !== undefined && !found.some(({ chunk: { day = '' } }) => day >= days[0] && day <= days[1]);
  const literal = doubtful ? await byWords(index, agentId, await readQuery(index, agentId, question), today, limit) : [];
  const all = literal.length === 0 ? found : fuse([found, literal], ({ chunk }) => chunk.id);
  const near = meaning === undefined ? [] : await meaning.near(agentId, question, mostNear);
  const meant = weighTime(
    near.map(({ chunk, similarity }) => ({ chunk, score: similarity, coverage: 0, has: new Set() })),
    query,
    today,
  );
  const both = meant.length === 0 ? all : fuse([all, meant], ({ chunk }) => chunk.id);
  const read = {
    ...(query.days === undefined ? {} : { days: query.days }),
    ...(Object.keys(query.corrected).length === 0 ? {} : { corrected: query.corrected }),
  };
  return { hits: withoutRepeats(both).slice(0, limit).map(toHit), ...(Object.keys(read).length === 0 ? {} : { read }) };
}

async function byWords(index: MemoryIndex, agentId: string, query: Query, today: string, limit: number): Promise<readonly Scored[]> {
  const { chunks, words } = await index.totals(agentId);
  const average = chunks === 0 ? 1 : words / chunks;
  const score = scorer(query, average);
  const found = await candidates(index, agentId, query);
  const fitting = whatFits(found.map(score), query);
  const ranked = weighTime(fitting, query, today);
  const led = ranked.length === 0 ? await onlyDays(index, agentId, query, limit) : await secondHop(index, agentId, query, ranked, score);
  return keepPlain(led, fitting, query, average);
}

async function candidates(index: MemoryIndex, agentId: string, query: Query): Promise<FoundChunk[]> {
  const words = wordsToFind(query);
  const found = await index.find(agentId, words, { limit: mostCandidates });
  if (query.days === undefined) return [...found];
  const ofDays = await index.ofDays(agentId, query.days, wholeDays);
  const within = ofDays.length < wholeDays ? ofDays : await index.find(agentId, words, { limit: mostCandidates, days: query.days });
  return [...new Map([...within, ...found].map((chunk) => [chunk.id, chunk])).values()];
}

/** Its forms from the rarest concept on, until the index would have too much to rank. */
function wordsToFind({ concepts, counts }: Query): string[] {
  const rows = (concept: (typeof concepts)[number]): number => [...concept.forms.keys()].reduce((sum, form) => sum + (counts.get(form) ?? 0), 0);
  const rarest = concepts.map((concept) => ({ concept, rows: rows(concept) })).sort((a, b) => a.rows - b.rows);
  const words = new Set<string>();
  let sum = 0;
  let used = 0;
  for (const { concept, rows: own } of rarest) {
    if (own === 0) continue;
    if (used >= leastWords && sum + own > (concept.part === 0 ? mostSmallRows : mostRows)) continue;
    used++;
    sum += own;
    for (const form of concept.forms.keys()) if (counts.has(form)) words.add(form);
  }
  return [...words];
}

/** A question about days and nothing that their notes have: what was written on them. */
async function onlyDays(index: MemoryIndex, agentId: string, { days, concepts }: Query, limit: number): Promise<Scored[]> {
  if (days === undefined || concepts.filter(({ part }) => part > 0).length > 2) return [];
  const chunks = await index.ofDays(agentId, days, limit);
  return chunks.map((chunk, place) => ({ chunk, score: 1 / (1 + place), coverage: 0, has: new Set() }));
}

/** Of chunks that say the same only the best stays. */
function withoutRepeats(ranked: readonly Scored[]): Scored[] {
  const seen = new Set<string>();
  return ranked.filter(({ chunk: { hash } }) => !seen.has(hash) && seen.add(hash) !== undefined);
}

function toHit({ chunk: { path, lines, text, headings, day, superseded, source }, score }: Scored): MemoryHit {
  return {
    ...{ path, lines, text, score },
    ...(headings.length === 0 ? {} : { headings }),
    ...(day === undefined ? {} : { day }),
    ...(superseded === undefined ? {} : { superseded }),
    ...(source === undefined ? {} : { source }),
  };
}

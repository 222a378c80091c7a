// How fast memory is found and indexed, beside raw full-text search of the same chunks in the same run; how soon a change is found, and what a large index adds to the start.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { IndexedFile } from '../../src/core/memory.ts';
import { chunk } from '../../src/memory/chunk.ts';
import { batch } from '../../src/memory/follow.ts';
import { searchMemory } from '../../src/memory/search.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Corpus } from './corpus.ts';
import { Random } from './random.ts';
import { buildRaw, matchOf, type Piece, termsOf } from './rivals.ts';
import { measureVisible } from './visible.ts';
import { dayBefore, today } from './world.ts';

export interface SpeedRow {
  readonly name: string;
  /** Milliseconds, or a ratio where there is a floor. */
  readonly figure: number;
  readonly detail: string;
  readonly most?: number;
}

const queries = 200;
const indexRounds = 7;
/** A smaller database is checked page by page when it is opened, whatever it holds; the goal is for this one. */
const largest = 100_000;

export async function measureSpeed(corpus: Corpus, folder: string): Promise<SpeedRow[]> {
  const random = new Random(7);
  const rows: SpeedRow[] = [];
  rows.push(await indexing(corpus, random, folder), await measureVisible(corpus, folder));
  for (const size of [10_000, largest]) rows.push(...(await searching(corpus, random, folder, size)));
  return rows;
}

/** Notes of one paragraph each; every fifth is dated. Beyond the corpus its sentences are mixed anew. */
function notes(corpus: Corpus, random: Random, count: number): { readonly path: string; readonly text: string }[] {
  return Array.from({ length: count }, (_, at) => {
    const own = corpus.verses[at]?.text ?? `${random.pick(corpus.verses).text} ${random.pick(corpus.sayings)}`;
    const text = at % 20 === 0 ? `${own}\n\n${random.pick(corpus.chinese)}` : own;
    return { path: at % 5 === 0 ? `memory/${dayBefore(at % 3_000)}-${at}.md` : `memory/n/${at}.md`, text };
  });
}

/** In turn with the floor, and by processor time: what else the machine does counts for neither. */
async function indexing(corpus: Corpus, random: Random, folder: string): Promise<SpeedRow> {
  const all = notes(corpus, random, 10_000);
  const plain = all.map((note, at): Piece => ({ path: note.path, lines: [1, 1], text: note.text, segmented: '', headings: [], hash: String(at) }));
  const own: number[] = [];
  const raw: number[] = [];
  for (let round = 0; round < indexRounds; round++) {
    const path = join(folder, `index-${round}.db`);
    const store = await openStore(path);
    const start = process.cpuUsage();
    for (const some of commits(all))
      await store.memoryIndex.replaceAll(
        'main',
        some.map((note) => ({ path: note.path, stamp: '1', chunks: chunk(note.text, note) })),
      );
    own.push(milliseconds(process.cpuUsage(start)));
    await store.close();
    const rawPath = join(folder, `raw-${round}.db`);
    const begin = process.cpuUsage();
    buildRaw('bm25', plain, rawPath).close();
    raw.push(milliseconds(process.cpuUsage(begin)));
    for (const file of [path, rawPath]) rmSync(file, { force: true });
  }
  const [mine, floor] = [percentile(own, 0.5), percentile(raw, 0.5)];
  const detail = `processor time, medians of ${indexRounds}: ${Math.round(mine)} ms, raw full-text build ${Math.round(floor)} ms`;
  return { name: 'indexing 10,000 notes', figure: mine / floor, most: 8, detail };
}

function milliseconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1_000;
}

/** As the index is kept in step: so many files, or so much text, to a commit. */
function* commits<T extends { readonly text: string }>(all: readonly T[]): Generator<T[]> {
  let some: T[] = [];
  let characters = 0;
  for (const note of all) {
    some.push(note);
    characters += note.text.length;
    if (some.length < batch.files && characters < batch.characters) continue;
    yield some;
    some = [];
    characters = 0;
  }
  yield some;
}

async function searching(corpus: Corpus, random: Random, folder: string, size: number): Promise<SpeedRow[]> {
  const path = join(folder, `search-${size}.db`);
  const rawPath = join(folder, `raw-${size}.db`);
  const pieces: Piece[] = [];
  let store = await openStore(path);
  const all = notes(corpus, random, size);
  for (const some of commits(all)) {
    if (pieces.length >= size) break;
    const files: IndexedFile[] = some.map((note) => ({ path: note.path, stamp: '1', chunks: chunk(note.text, note) }));
    for (const file of files) for (const piece of file.chunks) pieces.push({ ...piece, path: file.path });
    await store.memoryIndex.replaceAll('main', files);
  }
  await store.close();
  buildRaw('segmented', pieces, rawPath).close();
  const empty = join(folder, `empty-${size}.db`);
  const open = { own: [] as number[], empty: [] as number[] };
  for (let round = 0; round < 5; round++) {
    open.own.push(await timeToOpen(path));
    open.empty.push(await timeToOpen(empty));
  }
  store = await openStore(path);
  const raw = new DatabaseSync(rawPath);
  const find = raw.prepare('SELECT rowid, text FROM pieces WHERE pieces MATCH ? ORDER BY rank LIMIT ?');
  const asked = questions(corpus, random);
  const times = { own: [] as number[], raw: [] as number[] };
  for (const question of asked) {
    const start = performance.now();
    await searchMemory({ index: store.memoryIndex, today }, 'main', question, 5);
    times.own.push(performance.now() - start);
    const begin = performance.now();
    find.all(matchOf(termsOf('segmented', question)), 5);
    times.raw.push(performance.now() - begin);
  }
  raw.close();
  await store.close();
  const [own95, raw95] = [percentile(times.own, 0.95), percentile(times.raw, 0.95)];
  const halves = `medians ${percentile(times.own, 0.5).toFixed(1)} and ${percentile(times.raw, 0.5).toFixed(1)} ms`;
  return [
    {
      name: `search, ${pieces.length} chunks`,
      figure: own95 / raw95,
      most: 1.5,
      detail: `95th percentile ${own95.toFixed(1)} ms, raw ${raw95.toFixed(1)} ms; ${halves}`,
    },
    {
      name: `opening ${pieces.length} chunks`,
      figure: Math.max(0, Math.min(...open.own) - Math.min(...open.empty)),
      most: 20,
      detail: 'ms more than an empty database; best of five',
    },
  ];
}

async function timeToOpen(path: string): Promise<number> {
  const start = performance.now();
  const store = await openStore(path);
  const took = performance.now() - start;
  await store.close();
  return took;
}

/** Questions as people ask: sentences of the other translation, misspelled ones and dated ones among them. */
function questions(corpus: Corpus, random: Random): string[] {
  return Array.from({ length: queries }, (_, at) => {
    const words = random.pick(corpus.verses).other.match(/[\p{L}\p{N}]+/gu) ?? [];
    const some = words.slice(0, 5 + random.below(8)).join(' ');
    if (at % 5 === 1) return some.replace(/[a-z]([a-z])([a-z]{3})\b/u, '$1$2');
    if (at % 5 === 2) return `What did I write about ${some} in March 2025?`;
    return at % 5 === 3 ? `Where is ${some} now?` : some;
  });
}

function percentile(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor(share * (times.length - 1))] ?? 0;
}

// `npm run bench:memory`: how well memory is found, and how fast, beside plain full-text search over the same notes. `--seed N` another world,
// `--only quality|speed`, `--misses KIND` shows what was not found, `--json` ends with one object; `--locomo FILE` and `--longmemeval FILE` ask theirs.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chunk } from '../../src/memory/chunk.ts';
import { openStore } from '../../src/store/open-store.ts';
import { missingCorpus, readCorpus } from './corpus.ts';
import { readLocomo, readLongMemEval } from './formats.ts';
import { measure, type Score, sumUp, table } from './quality.ts';
import { ownSearcher, type Piece, rawSearcher, rivals } from './rivals.ts';
import { measureSpeed } from './speed.ts';
import { makeWorld, type World } from './world.ts';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean' },
    seed: { type: 'string' },
    only: { type: 'string' },
    misses: { type: 'string' },
    each: { type: 'string' },
    locomo: { type: 'string' },
    longmemeval: { type: 'string' },
  },
});
const seed = Number(options.seed ?? 2);
const folder = mkdtempSync(join(tmpdir(), 'copaw-bench-memory-'));
try {
  console.log(`Node ${process.versions.node}, ${process.platform} ${process.arch}`);
  const result = await run();
  if (result === undefined) process.exitCode = 1;
  else if (options.json) console.log(JSON.stringify({ node: process.versions.node, platform: process.platform, arch: process.arch, ...result }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function run(): Promise<object | undefined> {
  if (options.locomo !== undefined) return askWorlds(readLocomo(JSON.parse(readFileSync(options.locomo, 'utf8'))));
  if (options.longmemeval !== undefined) return askWorlds(readLongMemEval(JSON.parse(readFileSync(options.longmemeval, 'utf8'))));
  const corpus = readCorpus();
  if (corpus === undefined) {
    console.error(missingCorpus);
    return undefined;
  }
  const quality = options.only === 'speed' ? {} : await askWorlds([makeWorld(corpus, seed, Number(options.each ?? 150))]);
  const speed = options.only === undefined || options.only === 'speed' ? await measureSpeed(corpus, folder) : [];
  for (const { name, figure, most, detail } of speed)
    console.log(`${name.padEnd(24)} ${figure.toFixed(2)}${most === undefined ? '' : ` (goal ≤ ${most}: ${figure <= most ? 'met' : 'missed'})`}  ${detail}`);
  return { seed, ...quality, speed };
}

/** All questions, each in its own world; a kind is summed up over the worlds. */
async function askWorlds(worlds: readonly World[]): Promise<{ readonly notes: number; readonly chunks: number; readonly quality: readonly Score[] }> {
  const scores: Score[][] = [];
  let notes = 0;
  let chunks = 0;
  for (const [number, world] of worlds.entries()) {
    const store = await openStore(join(folder, `world-${number}.db`));
    const files = [...world.files].map(([path, text]) => ({ path, stamp: '1', chunks: chunk(text, { path }) }));
    await store.memoryIndex.replaceAll('main', files);
    const pieces: Piece[] = files.flatMap(({ path, chunks: own }) => own.map((one) => ({ ...one, path })));
    notes += files.length;
    chunks += pieces.length;
    const searchers = [...(options.only === 'own' ? [] : rivals).map((rival) => rawSearcher(rival, pieces)), ownSearcher(store.memoryIndex, world.today)];
    scores.push(await measure(world.questions, searchers, options.misses));
    await store.close();
  }
  const quality = sumUp(scores.flat());
  console.log(`${notes} notes, ${chunks} chunks, seed ${seed}\n\n${table(quality)}\n`);
  return { notes, chunks, quality };
}

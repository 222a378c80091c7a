// `npm run bench:memory`: how well memory is found, and how fast, beside plain full-text search over the same notes. `--seed N` another world,
// `--only quality|speed`, `--misses KIND` shows what was not found, `--json` ends with one object; `--locomo FILE` and `--longmemeval FILE` ask theirs.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chunk } from '../../src/memory/chunk.ts';
import { openStore } from '../../src/store/open-store.ts';
import { type Corpus, missingCorpus, readCorpus } from './corpus.ts';
import { measure, type Score, table } from './quality.ts';
import { ownSearcher, type Piece, rawSearcher, rivals } from './rivals.ts';
import { measureSpeed } from './speed.ts';
import { makeWorld } from './world.ts';

const { values: options } = parseArgs({
  options: { json: { type: 'boolean' }, seed: { type: 'string' }, only: { type: 'string' }, misses: { type: 'string' }, each: { type: 'string' } },
});
const seed = Number(options.seed ?? 2);
const corpus = readCorpus();
if (corpus === undefined) {
  console.error(missingCorpus);
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), 'copaw-bench-memory-'));
try {
  console.log(`Node ${process.versions.node}, ${process.platform} ${process.arch}, seed ${seed}`);
  const quality = options.only === 'speed' ? undefined : await askAll(corpus);
  const speed = options.only === undefined || options.only === 'speed' ? await measureSpeed(corpus, folder) : [];
  for (const { name, figure, most, detail } of speed)
    console.log(`${name.padEnd(24)} ${figure.toFixed(2)}${most === undefined ? '' : ` (goal ≤ ${most}: ${figure <= most ? 'met' : 'missed'})`}  ${detail}`);
  if (options.json) console.log(JSON.stringify({ node: process.versions.node, seed, ...quality, speed }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function askAll(texts: Corpus): Promise<{ readonly notes: number; readonly chunks: number; readonly quality: readonly Score[] }> {
  const world = makeWorld(texts, seed, Number(options.each ?? 150));
  const store = await openStore(join(folder, 'copaw.db'));
  const files = [...world.files].map(([path, text]) => ({ path, stamp: '1', chunks: chunk(text, { path }) }));
  await store.memoryIndex.replaceAll('main', files);
  const pieces: Piece[] = files.flatMap(({ path, chunks }) => chunks.map((one) => ({ ...one, path })));
  console.log(`${files.length} notes, ${pieces.length} chunks, ${world.questions.length} questions\n`);
  const searchers = [...(options.only === 'own' ? [] : rivals).map((rival) => rawSearcher(rival, pieces)), ownSearcher(store.memoryIndex, world.today)];
  const quality = await measure(world.questions, searchers, options.misses);
  console.log(`${table(quality)}\n`);
  await store.close();
  return { notes: files.length, chunks: pieces.length, quality };
}

// `npm run bench:memory`: how well memory is found, and how fast, beside plain full-text search over the same notes. `--seed N` another world,
// `--only quality|speed`, `--misses KIND` shows what was not found, `--json` ends with one object; `--locomo FILE` and `--longmemeval FILE` ask theirs.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chunk } from '../../src/memory/chunk.ts';
import { openStore } from '../../src/store/open-store.ts';
import { missingCorpus, readCorpus } from './corpus.ts';
import { measure, table } from './quality.ts';
import { ownSearcher, type Piece, rawSearcher, rivals } from './rivals.ts';
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
  const world = makeWorld(corpus, seed, Number(options.each ?? 150));
  const store = await openStore(join(folder, 'copaw.db'));
  const files = [...world.files].map(([path, text]) => ({ path, stamp: '1', chunks: chunk(text, { path }) }));
  await store.memoryIndex.replaceAll('main', files);
  const pieces: Piece[] = files.flatMap(({ path, chunks }) => chunks.map((one) => ({ ...one, path })));
  console.log(`Node ${process.versions.node}, seed ${seed}: ${files.length} notes, ${pieces.length} chunks, ${world.questions.length} questions\n`);
  const searchers = [...(options.only === 'own' ? [] : rivals).map((rival) => rawSearcher(rival, pieces)), ownSearcher(store.memoryIndex, world.today)];
  const quality = await measure(world.questions, searchers, options.misses);
  console.log(table(quality));
  await store.close();
  if (options.json) console.log(JSON.stringify({ node: process.versions.node, seed, notes: files.length, chunks: pieces.length, quality }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

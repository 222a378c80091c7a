// How soon a file that somebody changed is found: a workspace of notes, followed by events as the running app follows them, and a person with an editor.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configSchema } from '../../src/core/config.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createIds } from '../../src/lib/ids.ts';
import { openMemory } from '../../src/open-memory.ts';
import { createFiles } from '../../src/security/workspace-files.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Corpus } from './corpus.ts';
import type { SpeedRow } from './speed.ts';

const notes = 2_000;
const rounds = 11;

/** Milliseconds from the end of the write to the end of the first search that finds it; the search is asked at once. */
export async function measureVisible(corpus: Corpus, folder: string): Promise<SpeedRow> {
  const root = join(folder, 'workspace');
  mkdirSync(join(root, 'memory'), { recursive: true });
  for (let note = 0; note < notes; note++) writeFileSync(join(root, `memory/${note}.md`), `${corpus.verses[note]?.text}\n`);
  const store = await openStore(join(folder, 'visible.db'));
  const files = createFiles({ root, trash: join(folder, 'trash'), clock: systemClock, ids: createIds(systemClock.now) });
  const onFault = (error: unknown): never => {
    throw error;
  };
  const doors = { store, files: () => files, clock: systemClock, config: () => configSchema.parse({}), redact: (text: string) => text, onFault };
  const memory = await openMemory({ ...doors, workspace: () => root });
  await memory.search('main', 'anything', 1);
  if (!memory.follower.followed('main')) throw new Error('Files are not followed by events here.');
  const took: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const word = `zanzibar${'abcdefghijk'.charAt(round)}${'abcdefghijk'.charAt(round)}`;
    writeFileSync(join(root, `memory/${round * 100}.md`), `The ${word} arrived today.\n`);
    const start = performance.now();
    while ((await memory.search('main', word, 1)).hits[0]?.text.includes(word) !== true);
    took.push(performance.now() - start);
  }
  memory.follower.close();
  await store.close();
  took.sort((a, b) => a - b);
  const detail = `ms until one changed file of ${notes} is found, median of ${rounds}; longest ${took.at(-1)?.toFixed(1)}`;
  return { name: 'a change is seen', figure: took[Math.floor(rounds / 2)] ?? Number.NaN, most: 100, detail };
}

// kill -9 while a database is brought to a new data version: until the swap it is the old one, whole; afterwards the new one.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrations } from '../../src/store/database.ts';
import { openStore } from '../../src/store/open-store.ts';
import { fillEveryTable } from '../../src/testing/full-database.ts';
import { entry } from '../../src/testing/store-rows.ts';
import { type TempFolder, tempFolder } from '../../src/testing/temp-home.ts';

/** All that was shipped, as one. */
const first = migrations.join('\n');

let folder: TempFolder;
let path: string;
beforeEach(async () => {
  folder = tempFolder();
  path = join(folder.path, 'copaw.db');
  await fillEveryTable(await openStore(path, { migrations: [first] }), path);
  const store = await openStore(path, { migrations: [first] });
  await store.commit({ entries: Array.from({ length: 2_000 }, (_, number) => entry('s1', `n${number}`, 'x'.repeat(1_000))) });
  await store.close();
});
afterEach(() => folder.remove());

function version(): unknown {
  const raw = new DatabaseSync(path);
  try {
    return raw.prepare('PRAGMA user_version').get()?.user_version;
  } finally {
    raw.close();
  }
}

/** Starts the upgrade and kills it as soon as `moment` holds; what it had said by then. */
async function killedAt(moment: () => boolean): Promise<string> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'upgrade-writer.ts'), path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  while (child.exitCode === null && !moment()) await new Promise((resolve) => setImmediate(resolve));
  child.kill('SIGKILL');
  await closed;
  return said;
}

const size = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
const backups = (): string[] => (existsSync(join(folder.path, 'backups')) ? readdirSync(join(folder.path, 'backups')) : []);

test.each<[string, () => boolean]>([
  ['while the old one is copied', () => backups().some((name) => name.endsWith('.new'))],
  ['when the copy is kept', () => backups().some((name) => name.endsWith('.db'))],
  ['when the migration begins', () => size(`${path}.upgrade`) > 0],
  ['while the migration writes', () => size(`${path}.upgrade-wal`) + size(`${path}.upgrade-journal`) > 0],
])('%s', async (_what, moment) => {
  expect(await killedAt(moment)).toBe('');
  expect(version()).toBe(1);
  const store = await openStore(path, { migrations: [first] });
  expect(await store.entries.lastSeq()).toBe(2_001);
  expect(await store.turns.open()).toHaveLength(1);
  await store.close();
  expect(await killedAt(() => false)).toBe('done\n');
  expect(version()).toBe(2);
  expect(readdirSync(folder.path).sort()).toEqual(['backups', 'copaw.db']);
  expect(backups().length).toBeLessThanOrEqual(2);
});

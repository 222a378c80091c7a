// Data versions: the copy is migrated and tried, the old file stays whatever goes wrong, and what was there is kept.
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CoPawError } from '../../src/core/error.ts';
import { migrations as shipped } from '../../src/store/database.ts';
import { openStore } from '../../src/store/open-store.ts';
import { createFakeClock } from '../../src/testing/fake-clock.ts';
import { fillEveryTable, tablesOf } from '../../src/testing/full-database.ts';
import { entry, session } from '../../src/testing/store-rows.ts';
import { type TempFolder, tempFolder } from '../../src/testing/temp-home.ts';

const second = "ALTER TABLE sessions ADD COLUMN note TEXT NOT NULL DEFAULT 'none'";
const third = "CREATE TABLE notes (id TEXT PRIMARY KEY) STRICT; INSERT INTO notes SELECT id FROM sessions; UPDATE sessions SET note = 'moved'";
const clock = createFakeClock();

let folder: TempFolder;
let path: string;
beforeEach(async () => {
  folder = tempFolder();
  path = join(folder.path, 'copaw.db');
  await fillEveryTable(await openStore(path, { migrations: shipped }), path);
});
afterEach(() => folder.remove());

function look<T>(file: string, at: (raw: DatabaseSync) => T): T {
  const raw = new DatabaseSync(file, { readOnly: true });
  try {
    return at(raw);
  } finally {
    raw.close();
  }
}
const version = (file: string): unknown => look(file, (raw) => raw.prepare('PRAGMA user_version').get()?.user_version);
const counts = (file: string): unknown =>
  look(file, (raw) => Object.fromEntries(tablesOf(raw).map((name) => [name, raw.prepare(`SELECT count(*) AS rows FROM "${name}"`).get()?.rows])));

test('several versions at once: every row is kept, and so is the old file', async () => {
  const before = counts(path);
  const store = await openStore(path, { migrations: [...shipped, second, third], clock });
  expect((await store.sessions.get('s1'))?.title).toBe('Title of s1');
  await store.commit({ session: session('s2') });
  await store.close();
  expect(readdirSync(folder.path).sort()).toEqual(['backups', 'copaw.db']);
  expect([version(path), look(path, (raw) => raw.prepare('SELECT id, note FROM sessions JOIN notes USING (id)').all())]).toEqual([
    shipped.length + 2,
    [{ id: 's1', note: 'moved' }],
  ]);
  expect(readdirSync(join(folder.path, 'backups'))).toEqual([`before-v${shipped.length + 2}-2026-01-05T08-00-00Z.db`]);
  const kept = join(folder.path, `backups/before-v${shipped.length + 2}-2026-01-05T08-00-00Z.db`);
  expect([version(kept), counts(kept), statSync(kept).mode & 0o777]).toEqual([shipped.length, before, 0o600]);
});

test('one version after the other, and none where nothing is new', async () => {
  for (const migrations of [
    [...shipped, second],
    [...shipped, second],
    [...shipped, second, third],
    [...shipped, second, third],
  ])
    await (await openStore(path, { migrations, clock })).close();
  expect([version(path), readdirSync(join(folder.path, 'backups')).length]).toEqual([shipped.length + 2, 2]);
});

test('what only the log of writes holds comes along', async () => {
  const running = await openStore(path, { migrations: shipped });
  await running.commit({ entries: [entry('s1', 't1', 'only in the log')] });
  const crashed = join(folder.path, 'crashed.db');
  for (const end of ['', '-wal']) copyFileSync(`${path}${end}`, `${crashed}${end}`);
  await running.close();
  const store = await openStore(crashed, { migrations: [...shipped, second], clock });
  expect((await store.entries.ofTurn('t1')).at(-1)?.event).toMatchObject({ text: 'only in the log' });
  await store.close();
});

test.each([
  ['that SQLite refuses', 'CREATE TABLE sessions (id TEXT)', /already exists/u],
  ['that loses rows', 'DELETE FROM sessions', /sessions would lose rows/u],
  ['that loses a table', 'DROP TABLE devices', /devices would lose rows/u],
  ['that today’s code cannot read', 'ALTER TABLE devices RENAME COLUMN name TO label', /no such column: name|bad "name"/u],
])('a migration %s leaves the old file, byte for byte', async (_what, broken, why) => {
  const before = readFileSync(path);
  const refused: unknown = await openStore(path, { migrations: [...shipped, second, broken], clock }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(CoPawError);
  expect(refused).toMatchObject({ code: 'store-upgrade', message: expect.stringMatching(why), next: expect.stringContaining('as it was') });
  expect(readFileSync(path).equals(before)).toBe(true);
  expect([existsSync(`${path}.upgrade`), readdirSync(join(folder.path, 'backups'))]).toEqual([false, []]);
  const store = await openStore(path, { migrations: shipped });
  expect(await store.devices.list()).toHaveLength(1);
  await store.close();
});

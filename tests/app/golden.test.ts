// Golden files: a database of each data version that was released, with a row in every table, opens with today's code and keeps every row.
// Only while the newest version is not released its file may be made again:  COPAW_GOLDEN=write npx vitest run --project app tests/app/golden.test.ts
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrations } from '../../src/store/database.ts';
import { openStore } from '../../src/store/open-store.ts';
import { dump, fillEveryTable, schemaOf, tablesOf } from '../../src/testing/full-database.ts';
import { type TempFolder, tempFolder } from '../../src/testing/temp-home.ts';

const golden = join(import.meta.dirname, '../../src/store/golden');
const files = (): string[] => readdirSync(golden).sort();

let folder: TempFolder;
let path: string;
beforeEach(() => {
  folder = tempFolder();
  path = join(folder.path, 'copaw.db');
});
afterEach(() => folder.remove());

function look<T>(file: string, at: (raw: DatabaseSync) => T): T {
  const raw = new DatabaseSync(file);
  try {
    return at(raw);
  } finally {
    raw.close();
  }
}

const countsIn = (raw: DatabaseSync): Record<string, number> =>
  Object.fromEntries(tablesOf(raw).map((name) => [name, Number(raw.prepare(`SELECT count(*) AS rows FROM "${name}"`).get()?.rows)]));
const counts = (file: string): Record<string, number> => look(file, countsIn);
const schemas = (raw: DatabaseSync): readonly string[] => tablesOf(raw).flatMap((name) => schemaOf(raw, name));
/** What these statements make, in memory. */
const made = <T>(sql: string, at: (raw: DatabaseSync) => T): T =>
  look(':memory:', (raw) => {
    raw.exec(sql);
    return at(raw);
  });

if (process.env.COPAW_GOLDEN === 'write')
  test('writes the file of the newest version', async () => {
    await fillEveryTable(await openStore(path), path);
    writeFileSync(join(golden, `version-${migrations.length}.sql`), dump(path));
  });

test('there is one for every version, with a row in every table', () => {
  expect(files()).toEqual(migrations.map((_, index) => `version-${index + 1}.sql`));
  for (const [index, file] of files().entries()) {
    const old = made(readFileSync(join(golden, file), 'utf8'), (raw) => ({ counts: countsIn(raw), schemas: schemas(raw) }));
    expect(Object.entries(old.counts).filter(([, rows]) => rows === 0)).toEqual([]);
    expect(old.schemas, 'the schema changed: see the top of this file').toEqual(made(migrations.slice(0, index + 1).join(';\n'), schemas));
  }
});

test.each(files())('%s opens, keeps every row, and works on', async (file) => {
  look(path, (raw) => raw.exec(readFileSync(join(golden, file), 'utf8')));
  const before = counts(path);
  const store = await openStore(path);
  expect((await store.sessions.get('s1'))?.title).toBe('Title of s1');
  expect((await store.entries.ofTurn('t1'))[0]?.event).toMatchObject({ text: 'It’s one; "two" — 三' });
  expect(await store.inbox.open()).toHaveLength(2);
  expect(await store.turns.open()).toHaveLength(1);
  expect(await store.approvals.pending()).toHaveLength(1);
  expect(await store.jobs.list()).toHaveLength(1);
  expect(await store.usage.since(0)).toMatchObject([{ cost: 0.25 }]);
  expect(await store.audit.last()).toMatchObject({ kind: 'login', detail: { device: 'd1' } });
  for (const list of [store.grants.list(), store.taint.list(), store.devices.list(), store.senders.pairings(), store.senders.turnedAway(9)])
    expect(await list).toHaveLength(1);
  await store.commit({ turnEnd: { turnId: 't1', outcome: 'answered', at: 9 } });
  await store.close();
  const { memory_files: _files, memory_chunks: _chunks, ...kept } = before; // an index: it is made again from the files
  expect(counts(path)).toMatchObject(kept);
});

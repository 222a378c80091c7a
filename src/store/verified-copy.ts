// A copy of a database in use that was opened again and looked over before it has its name.
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { backup, DatabaseSync } from 'node:sqlite';
import { CoPawError, machineError } from '../core/error.ts';
import { Database } from './database.ts';
import { number, text } from './row.ts';

/** `node:sqlite`, which is loaded when a database is first opened. */
export interface Sqlite {
  readonly DatabaseSync: typeof DatabaseSync;
  readonly backup: typeof backup;
}

/** Rows of each table. What a search index is made of is not counted: it can be made again. */
export function rowCounts(database: Database): ReadonlyMap<string, number> {
  const names = tables(database, ['table']);
  return new Map(names.map((name) => [name, number(database.get(`SELECT count(*) AS rows FROM "${name}"`) ?? {}, 'rows')]));
}

function tables(database: Database, types: readonly string[]): readonly string[] {
  return database
    .all("SELECT name, type FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
    .filter((row) => types.includes(text(row, 'type')))
    .map((row) => text(row, 'name'));
}

/** Larger files are not held against their indexes, which takes a multiple of the time. */
const mostPages = 16_384;

/** Looks over every page of every table, one after the other, so that answers are not held up. Throws what is wrong. */
export async function checkPages(database: Database): Promise<void> {
  const check = number(database.get('PRAGMA page_count') ?? {}, 'page_count') <= mostPages ? 'integrity_check' : 'quick_check';
  for (const name of tables(database, ['table', 'shadow'])) {
    if (database.get(`PRAGMA ${check}("${name}")`)?.[check] !== 'ok') throw new Error(`The table ${name} is damaged.`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Replaces `target`. The file is private, complete without its companions, and was checked; else there is none and the error says why. */
export async function copyVerified({ DatabaseSync: Driver, backup: copy }: Sqlite, source: Database, target: string): Promise<void> {
  const temporary = `${target}.new`;
  try {
    removeDatabase(temporary);
    closeSync(openSync(temporary, 'wx', 0o600));
    const before = rowCounts(source);
    await copy(source.raw, temporary);
    const after = rowCounts(source);
    const copied = new Database(new Driver(temporary));
    try {
      copied.raw.exec('PRAGMA journal_mode = DELETE');
      await checkPages(copied);
      const counts = rowCounts(copied);
      for (const [name, rows] of before)
        if ((counts.get(name) ?? -1) < Math.min(rows, after.get(name) ?? 0)) throw new Error(`The table ${name} did not arrive whole.`);
    } finally {
      copied.raw.close();
    }
    syncFile(temporary);
    renameSync(temporary, target);
    syncFolder(dirname(target));
  } catch (error) {
    removeDatabase(temporary);
    throw (
      machineError(error) ??
      new CoPawError('store-corrupt', `The backup ${target} could not be made: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    );
  }
}

/** With its companions. */
export function removeDatabase(path: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${end}`, { force: true });
}

export function syncFile(path: string): void {
  const handle = openSync(path, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

export function syncFolder(path: string): void {
  if (process.platform === 'win32') return; // directories cannot be opened there
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

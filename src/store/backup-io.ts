// What a database file holds, and checked copies of one.
import { chmodSync, constants, copyFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { CoPawError, machineError } from '../core/error.ts';
import { refused } from './backup-archive.ts';
import { needRoom } from './backup-file.ts';
import { Database, migrations, versionOf } from './database.ts';
import { inspectDatabase } from './database-file.ts';
import { checkPages, copyVerified, removeDatabase, rowCounts } from './verified-copy.ts';

/** A checked copy of a database, also of one in use by another process. Whoever asks for it removes it. */
export async function copyDatabase(path: string, copy: string): Promise<void> {
  const sqlite = await import('node:sqlite');
  inspectDatabase(sqlite.DatabaseSync, path, migrations.length);
  await needRoom(dirname(copy), statSync(path).size, 'a copy of the database');
  const source = new Database(new sqlite.DatabaseSync(path, { readOnly: true, timeout: 5_000 }));
  try {
    await copyVerified(sqlite, source, copy);
  } finally {
    source.raw.close();
  }
}

export interface DatabaseFacts {
  readonly dataVersion: number;
  readonly rows: ReadonlyMap<string, number>;
  /** Jobs that wait for their time. */
  readonly scheduled: number;
}

/** Puts a copy of a database at `target`, a new file. */
export async function stageDatabase(source: string, target: string): Promise<void> {
  await needRoom(dirname(target), statSync(source).size, 'a copy of this database');
  copyFileSync(source, target, constants.COPYFILE_EXCL);
}

/** Looks over every page of the database at `target`. Throws `store-corrupt` or `artifact-refused`, and then there is none. */
export async function checkStaged(target: string): Promise<DatabaseFacts> {
  const { DatabaseSync } = await import('node:sqlite');
  try {
    chmodSync(target, 0o600);
    inspectDatabase(DatabaseSync, target, migrations.length);
    const database = new Database(new DatabaseSync(target));
    try {
      database.raw.exec('PRAGMA journal_mode = DELETE');
      await checkPages(database);
      const scheduled = Number(database.get("SELECT count(*) AS rows FROM jobs WHERE state = 'scheduled'")?.rows);
      return { dataVersion: versionOf(database), rows: rowCounts(database), scheduled };
    } finally {
      database.raw.close();
    }
  } catch (error) {
    removeDatabase(target);
    const machine = machineError(error);
    if (machine) throw machine;
    const why = error instanceof CoPawError && error.message.includes('data version') ? error.message : 'Its database is damaged.';
    throw refused(why, error);
  }
}

export function bytesOf(path: string): number {
  return statSync(path).size;
}

export function modifiedAt(path: string): number {
  return Math.round(statSync(path).mtimeMs);
}

export { removeDatabase as removeStaged };

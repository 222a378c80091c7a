// Backup files in and out, whole and private; and what a database file holds.
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  createReadStream,
  existsSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { CoPawError, machineError } from '../core/error.ts';
import { systemCode } from '../lib/system-error.ts';
import { archiveCaps, refused } from './backup-archive.ts';
import { Database, migrations, versionOf } from './database.ts';
import { inspectDatabase } from './database-file.ts';
import { halfWrittenName } from './passing-files.ts';
import { checkPages, copyVerified, removeDatabase, rowCounts, syncFolder } from './verified-copy.ts';

/** The bytes of a file the operator named; a database as its path, however large. */
export function readBackupFile(path: string): { readonly bytes: Uint8Array } | { readonly database: string } {
  let handle: number;
  try {
    handle = openSync(path, 'r');
  } catch (error) {
    throw machineError(error) ?? new CoPawError('not-found', `${path} cannot be read.`, { next: 'See what there is: copaw backup list', cause: error });
  }
  try {
    const stat = fstatSync(handle);
    if (!stat.isFile()) throw refused(`${path} is not a file.`);
    const start = Buffer.alloc(16);
    readSync(handle, start, 0, start.length, 0);
    if (start.toString('latin1') === 'SQLite format 3\0') return { database: path };
    if (stat.size > archiveCaps.archiveBytes) throw refused(`${path} has more than ${archiveCaps.archiveBytes} bytes.`);
    return { bytes: readFileSync(path) };
  } finally {
    closeSync(handle);
  }
}

/** Never over a file that exists. */
export function writeBackupFile(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const half = halfWrittenName(path);
  rmSync(half, { force: true });
  try {
    const handle = openSync(half, 'wx', 0o600);
    try {
      writeFileSync(handle, bytes);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    giveName(half, path);
  } finally {
    rmSync(half, { force: true });
  }
  syncFolder(dirname(path));
}

/** A file has its name only when it is whole, and never another one's. */
function giveName(half: string, path: string): void {
  try {
    linkSync(half, path);
  } catch (error) {
    if (systemCode(error) === 'EEXIST' || existsSync(path))
      throw new CoPawError('conflict', `${path} exists already.`, { next: 'Name another file.', cause: error, retryable: false });
    renameSync(half, path); // a disk without second names
  }
}

/** A checked copy of a database, also of one in use by another process, as bytes; for as long as that takes the copy is `copy`. */
export async function databaseBytes(path: string, copy: string): Promise<Uint8Array> {
  const sqlite = await import('node:sqlite');
  inspectDatabase(sqlite.DatabaseSync, path, migrations.length);
  const source = new Database(new sqlite.DatabaseSync(path, { readOnly: true, timeout: 5_000 }));
  try {
    await copyVerified(sqlite, source, copy);
    return readFileSync(copy);
  } finally {
    source.raw.close();
    removeDatabase(copy);
  }
}

export interface DatabaseFacts {
  readonly dataVersion: number;
  readonly rows: ReadonlyMap<string, number>;
  /** Jobs that wait for their time. */
  readonly scheduled: number;
}

/** Puts a database at `target` and looks over every page of it there. Throws `store-corrupt` or `artifact-refused`, and then there is none. */
export async function stageDatabase(source: Uint8Array | string, target: string): Promise<DatabaseFacts> {
  const { DatabaseSync } = await import('node:sqlite');
  removeDatabase(target);
  try {
    if (typeof source === 'string') copyFileSync(source, target, constants.COPYFILE_EXCL);
    else writeBackupFile(target, source);
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

/** The bytes of a backup as they are read, however many. */
export function streamBackup(path: string): { readonly bytes: number; readonly body: ReadableStream<Uint8Array> } {
  const handle = openSync(path, 'r');
  return { bytes: fstatSync(handle).size, body: Readable.toWeb(createReadStream(path, { fd: handle })) as ReadableStream<Uint8Array> };
}

export function modifiedAt(path: string): number {
  return Math.round(statSync(path).mtimeMs);
}

export { removeDatabase as removeStaged };

// The database as a file: made whole or not at all, and looked over read-only before anything may write to it.
import { accessSync, closeSync, constants, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { CoPawError, machineError } from '../core/error.ts';
import { shellWord } from '../lib/shell-word.ts';
import { backupFolder, listAll, listBackups } from './backup-files.ts';
import { Database, migrate, versionOf } from './database.ts';

/** Larger files are not checked page by page at start. */
const mostChecked = 64 * 1024 * 1024;
/** Tables that are made again from files, and take most of the time to look over: what is damaged in them is said when it is read, as with a search index. */
const madeAgain: ReadonlySet<string> = new Set(['memory_chunks', 'memory_words', 'memory_vectors']);

const answerBytes = 256 * 1024;

/** SQLite says of a database on a read-only disk only that it cannot be opened; the system says why. */
export function checkWritable(path: string): void {
  try {
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw machineError(error) ?? error;
  }
}

/** A private file with all tables and no rows. Throws where there is one of this name. */
export function makeEmpty(Driver: typeof DatabaseSync, path: string, migrations: readonly string[]): void {
  closeSync(openSync(path, 'wx', 0o600));
  const raw = new Driver(path);
  try {
    raw.exec('PRAGMA auto_vacuum = INCREMENTAL'); // before the first table: what is dropped can be given back to the disk
    migrate(new Database(raw), migrations);
  } finally {
    raw.close();
  }
}

/** A crash leaves no file of this name, so that an empty or half-made one is always damage. */
export function createDatabase(Driver: typeof DatabaseSync, path: string, migrations: readonly string[]): void {
  if (listBackups(backupFolder(path)).length > 0) throw unreadable(path, new Error('It is missing, but backups of it are there.'));
  if (logSize(path) > 0) throw unreadable(path, new Error('It is missing, but its -wal file is there.'));
  const temporary = `${path}.new`;
  for (const left of [temporary, `${temporary}-journal`]) rmSync(left, { force: true });
  makeEmpty(Driver, temporary, migrations);
  renameSync(temporary, path);
  if (process.platform === 'win32') return; // directories cannot be opened there
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Returns the data version. Throws `store-corrupt` for a damaged file and for one from a newer CoPaw, and leaves its bytes as they are. */
export function inspectDatabase(Driver: typeof DatabaseSync, path: string, newestVersion: number): number {
  let version: number;
  try {
    const raw = new Driver(path, { readOnly: true, timeout: 5_000 });
    try {
      const database = new Database(raw);
      version = versionOf(database);
      if (version === 0) throw new Error('It holds nothing of CoPaw.');
      const { size } = statSync(path);
      // A last page that is cut reads as if zeros followed. What its log of writes holds of it is whole.
      if (size % Number(database.get('PRAGMA page_size')?.page_size) !== 0 && logSize(path) === 0) throw new Error('It was cut off.');
      if (size < mostChecked) checkTables(database);
    } finally {
      raw.close();
    }
  } catch (error) {
    throw machineError(error) ?? unreadable(path, error);
  }
  if (version > newestVersion) {
    throw new CoPawError('store-corrupt', `The database has data version ${version}; this CoPaw knows ${newestVersion}.`, {
      next: 'Start the newer CoPaw that wrote it.',
    });
  }
  return version;
}

/** Page by page, all that is nowhere else. */
function checkTables(database: Database): void {
  for (const { name } of database.all("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"))
    if (!madeAgain.has(String(name)) && database.get(`PRAGMA quick_check("${name}")`)?.quick_check !== 'ok') throw new Error(`The table ${name} is damaged.`);
}

/** Whether as much as a long answer takes can be written beside the database now. Leaves nothing behind. */
export function hasRoom(path: string): boolean {
  const probe = `${path}.room`;
  try {
    const handle = openSync(probe, 'w', 0o600);
    try {
      if (writeSync(handle, Buffer.alloc(answerBytes, 1)) < answerBytes) return false;
      fsyncSync(handle);
    } finally {
      closeSync(handle);
      rmSync(probe);
    }
    return true;
  } catch {
    return false;
  }
}

/** Bytes of the log of writes that lies beside a database. */
export function logSize(path: string): number {
  return statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}

function unreadable(path: string, cause: unknown): CoPawError {
  const [newest] = listAll(backupFolder(path));
  return new CoPawError('store-corrupt', `The database ${path} cannot be read.`, {
    next: newest
      ? `Go back to the backup of ${new Date(newest.at).toISOString()}: copaw backup restore ${shellWord(newest.path)} --home ${shellWord(dirname(path))}`
      : 'There is no backup. Keep copaw.db, copaw.db-wal and copaw.db-shm in another place; without them CoPaw begins anew.',
    cause,
  });
}

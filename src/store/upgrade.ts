// A database of an older data version: copied, the copy brought up and tried, then swapped in. Until the swap the old one stays what it is.
import { copyFileSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CoPawError, machineError } from '../core/error.ts';
import { backupFolder, pruneBackups, timeStamp } from './backup-files.ts';
import { Database, migrate } from './database.ts';
import { logSize } from './database-file.ts';
import { checkPages, copyVerified, removeDatabase, rowCounts, type Sqlite, syncFile, syncFolder } from './verified-copy.ts';

export interface Upgrade {
  readonly path: string;
  readonly from: number;
  readonly migrations: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Reads from every repository; throws where one cannot. */
  readonly tryOut: (database: Database) => Promise<void>;
}

/** The index of memory: a version may empty it, it is made again from the files. */
const rebuilt: ReadonlySet<string> = new Set(['memory_files', 'memory_chunks']);

/** The old file stays as `backups/before-v<N>-<time>.db`. Throws `store-upgrade`, or what the disk says, and then nothing has changed. */
export async function upgradeDatabase(sqlite: Sqlite, { path, from, migrations, now, tryOut }: Upgrade): Promise<void> {
  const to = migrations.length;
  const folder = backupFolder(path);
  const kept = join(folder, `before-v${to}-${timeStamp(now)}.db`);
  const building = `${path}.upgrade`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    removeDatabase(building);
    const old = new Database(new sqlite.DatabaseSync(path, { timeout: 5_000 }));
    try {
      await copyVerified(sqlite, old, kept);
      old.raw.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } finally {
      old.raw.close();
    }
    copyFileSync(kept, building);
    await bringUp(sqlite, building, migrations, tryOut);
    // A log of writes that is still there would be taken for the new file's.
    if (logSize(path) > 0) throw new Error('Another process is using it.');
    removeCompanions(path);
    renameSync(building, path);
    syncFolder(dirname(path));
    pruneBackups(folder, { days: Number.POSITIVE_INFINITY, weeks: 0 });
  } catch (error) {
    removeDatabase(building);
    rmSync(kept, { force: true });
    throw (
      machineError(error) ??
      new CoPawError('store-upgrade', `Bringing the database from data version ${from} to ${to} failed: ${error instanceof Error ? error.message : ''}`, {
        next: 'It is as it was. Start the CoPaw that wrote it, and report this.',
        cause: error,
      })
    );
  }
}

async function bringUp(sqlite: Sqlite, path: string, migrations: readonly string[], tryOut: Upgrade['tryOut']): Promise<void> {
  const database = new Database(new sqlite.DatabaseSync(path));
  try {
    const before = rowCounts(database);
    migrate(database, migrations);
    await checkPages(database);
    const after = rowCounts(database);
    for (const [name, rows] of before) if (!rebuilt.has(name) && (after.get(name) ?? 0) < rows) throw new Error(`The table ${name} would lose rows.`);
    await tryOut(database);
  } finally {
    database.raw.close();
  }
  syncFile(path);
}

function removeCompanions(path: string): void {
  for (const end of ['-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
}

// Goes back to an older database: what it holds of talks comes back, what gave somebody a right stays as it is now, and nothing old is answered or sent again.
import { copyFileSync, linkSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { RestoreItem } from '../core/backup.ts';
import { CoPawError } from '../core/error.ts';
import { noUsage } from '../core/model.ts';
import { refused } from './backup-archive.ts';
import { Database, migrations } from './database.ts';
import { logSize, makeEmpty } from './database-file.ts';
import { openStore } from './open-store.ts';
import { text } from './row.ts';
import { checkPages, removeDatabase, rowCounts, syncFile, syncFolder } from './verified-copy.ts';

/** What comes back: talks, their journal, what they cost, and what was read. Every other table stays this home's, also one that is new here. */
const returning: ReadonlySet<string> = new Set([
  'sessions',
  'turns',
  'steps',
  'entries',
  'inbox',
  'outbox',
  'approvals',
  'usage',
  'taint',
  'unfinished_sessions',
]);
/** Made again, as the search indexes are: from the files, and from what was said. */
const madeAgain: ReadonlySet<string> = new Set(['memory_files', 'memory_chunks', 'memory_words', 'memory_totals', 'said_mark']);
/** Tables that come back when their item is named. */
const named: Readonly<Record<string, RestoreItem>> = { devices: 'devices', pairings: 'allowlists', grants: 'grants', jobs: 'schedules' };

export interface DatabaseRestore {
  /** A checked database beside `path`; it is gone afterwards. */
  readonly staged: string;
  /** The database of the home. */
  readonly path: string;
  /** Takes in what stands at `path` now. */
  readonly kept: string;
  readonly bring: ReadonlySet<RestoreItem>;
  /** This home wrote it, so that its audit log may be gone on with where there is no newer one. */
  readonly madeHere: boolean;
  readonly now: number;
}

/** Only while this process has the home. */
export async function restoreDatabase({ staged, path, kept, bring, madeHere, now }: DatabaseRestore): Promise<void> {
  const { DatabaseSync: Driver } = await import('node:sqlite');
  const built = `${staged}.built`;
  try {
    const readable = await closeCleanly(path);
    await (await openStore(staged)).close(); // now it has the newest version
    makeEmpty(Driver, built, migrations);
    bringRows(Driver, built, { staged, current: readable ? path : undefined, bring, madeHere });
    await endWhatIsOpen(built, now);
    await checkBuilt(Driver, built);
    mkdirSync(kept, { recursive: true, mode: 0o700 });
    for (const end of ['-wal', '-shm', '-journal']) if (exists(`${path}${end}`)) renameSync(`${path}${end}`, join(kept, `copaw.db${end}`));
    if (exists(path)) keepFile(path, join(kept, 'copaw.db'));
    syncFolder(kept);
    if (logSize(built) > 0) throw new Error('The restored database is still in use.');
    renameSync(built, path);
    syncFolder(dirname(path));
  } finally {
    removeDatabase(staged);
    removeDatabase(built);
  }
}

/** Brings the present database to the newest version and folds its log in; false where it cannot be read. */
async function closeCleanly(path: string): Promise<boolean> {
  if (!exists(path)) return false;
  try {
    await (await openStore(path)).close();
    return true;
  } catch (error) {
    if (error instanceof CoPawError && error.code === 'store-corrupt') return false;
    throw error;
  }
}

/** What was on its way when the backup was made is over: an old message is not answered now, and an old answer not sent again. */
async function endWhatIsOpen(path: string, now: number): Promise<void> {
  const store = await openStore(path);
  try {
    for (const { id, sessionId, answerId } of await store.turns.open()) {
      const event = { type: 'turn-end', outcome: 'interrupted', answerId, usage: noUsage } as const;
      await store.commit({ entries: [{ sessionId, turnId: id, at: now, event }], turnEnd: { turnId: id, outcome: 'interrupted', at: now } });
    }
    await store.commit({ inboxStates: (await store.inbox.open()).map(({ key }) => ({ key, state: 'interrupted' as const })) });
    for (const { answerId, part } of await store.outbox.inFlight()) await store.outbox.update(answerId, part, { state: 'unknown' });
    for (;;) {
      const waiting = await store.outbox.due(Number.MAX_SAFE_INTEGER, 500);
      if (waiting.length === 0) return;
      for (const { answerId, part } of waiting) await store.outbox.update(answerId, part, { state: 'dead' });
    }
  } finally {
    await store.close();
  }
}

interface Sources {
  readonly staged: string;
  /** The database of the home, where it can be read. */
  readonly current: string | undefined;
  readonly bring: ReadonlySet<RestoreItem>;
  readonly madeHere: boolean;
}

/** Only rows are taken, into tables of our own making: whatever else a stranger put into the staged file (a trigger, a view, another table) stays there. */
function bringRows(Driver: typeof DatabaseSync, built: string, { staged, current, bring, madeHere }: Sources): void {
  const database = new Database(new Driver(built));
  try {
    database.raw.exec('PRAGMA trusted_schema = OFF');
    database.run('ATTACH ? AS staged', staged);
    if (current !== undefined) database.run('ATTACH ? AS present', current);
    const present = current === undefined ? undefined : ('present' as const);
    const sourceOf = (table: string): 'staged' | 'present' | undefined => {
      // A chain that was gone on with stays; one of another home means nothing here.
      if (table === 'audit') return present ?? (madeHere ? 'staged' : undefined);
      const item = named[table];
      return returning.has(table) || (item !== undefined && bring.has(item)) ? 'staged' : present;
    };
    database.transaction(() => {
      for (const table of rowCounts(database).keys()) {
        if (madeAgain.has(table)) continue;
        const source = sourceOf(table);
        if (source) copyRows(database, table, source);
        // Numbers that were given once do not mean something else now.
        for (const from of table === 'entries' ? [source, present] : [source]) if (from) keepNumbers(database, table, from);
      }
      // A mark of strangers' words is never lost.
      if (present) database.run('INSERT OR IGNORE INTO main.taint SELECT * FROM present.taint');
    });
  } catch (error) {
    if (error instanceof CoPawError && error.code !== 'conflict') throw error;
    throw refused('Its database is not one that CoPaw made.', error);
  } finally {
    database.raw.close();
  }
}

/** `table` is a name of our own. */
function copyRows(database: Database, table: string, source: 'staged' | 'present'): void {
  const columns = database.all('SELECT name FROM pragma_table_info(?)', table).map((row) => `"${text(row, 'name')}"`);
  database.run(`INSERT INTO main."${table}" (${columns.join(', ')}) SELECT ${columns.join(', ')} FROM ${source}."${table}"`);
}

function keepNumbers(database: Database, table: string, source: 'staged' | 'present'): void {
  const last = database.get(
    `SELECT max(seq) AS seq FROM (SELECT * FROM main.sqlite_sequence UNION ALL SELECT * FROM ${source}.sqlite_sequence) WHERE name = ?`,
    table,
  );
  if (typeof last?.seq !== 'number') return;
  database.run('DELETE FROM main.sqlite_sequence WHERE name = ?', table);
  database.run('INSERT INTO main.sqlite_sequence (name, seq) VALUES (?, ?)', table, last.seq);
}

async function checkBuilt(Driver: typeof DatabaseSync, built: string): Promise<void> {
  const database = new Database(new Driver(built));
  try {
    database.raw.exec('PRAGMA journal_mode = DELETE');
    await checkPages(database);
  } finally {
    database.raw.close();
  }
  syncFile(built);
}

const exists = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

/** A second name until the first one means another file; a copy where there are no second names. */
function keepFile(path: string, target: string): void {
  try {
    linkSync(path, target);
  } catch {
    copyFileSync(path, target);
  }
  syncFile(target);
}

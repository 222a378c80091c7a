// Goes back to an older database: what it holds of talks comes back, what gave somebody a right stays as it is now, and nothing old is answered or sent again.
import { copyFileSync, linkSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { RestoreItem } from '../core/backup.ts';
import { CoPawError } from '../core/error.ts';
import { noUsage } from '../core/model.ts';
import { Database } from './database.ts';
import { logSize } from './database-file.ts';
import { openStore } from './open-store.ts';
import { checkPages, removeDatabase, rowCounts, syncFile, syncFolder } from './verified-copy.ts';

/** What comes back: talks, their journal, what they cost, and what was read. Every other table stays this home's, also one that is new here. */
const returning: ReadonlySet<string> = new Set(['sessions', 'turns', 'steps', 'entries', 'inbox', 'outbox', 'approvals', 'usage', 'taint', 'memory_files']);
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
  try {
    const readable = await closeCleanly(path);
    await endWhatIsOpen(staged, now);
    await keepRights(Driver, staged, { current: readable ? path : undefined, bring, madeHere });
    mkdirSync(kept, { recursive: true, mode: 0o700 });
    for (const end of ['-wal', '-shm', '-journal']) if (exists(`${path}${end}`)) renameSync(`${path}${end}`, join(kept, `copaw.db${end}`));
    if (exists(path)) keepFile(path, join(kept, 'copaw.db'));
    syncFolder(kept);
    if (logSize(staged) > 0) throw new Error('The restored database is still in use.');
    renameSync(staged, path);
    syncFolder(dirname(path));
  } finally {
    removeDatabase(staged);
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
async function endWhatIsOpen(staged: string, now: number): Promise<void> {
  const store = await openStore(staged);
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

async function keepRights(
  Driver: typeof DatabaseSync,
  staged: string,
  { current, bring, madeHere }: { readonly current: string | undefined; readonly bring: ReadonlySet<RestoreItem>; readonly madeHere: boolean },
): Promise<void> {
  const database = new Database(new Driver(staged));
  try {
    database.raw.exec('PRAGMA journal_mode = DELETE');
    if (current !== undefined) database.run('ATTACH ? AS present', current);
    database.transaction(() => {
      const take = (table: string): void => {
        database.run(`DELETE FROM main.${table}`);
        if (current !== undefined) database.run(`INSERT INTO main.${table} SELECT * FROM present.${table}`);
      };
      for (const table of rowCounts(database).keys()) {
        const item = named[table];
        if (!returning.has(table) && table !== 'audit' && (item === undefined || !bring.has(item))) take(table);
      }
      // A chain that was gone on with stays; one of another home means nothing here.
      if (current !== undefined || !madeHere) {
        take('audit');
        database.run("DELETE FROM main.sqlite_sequence WHERE name = 'audit'");
        if (current !== undefined) database.run("INSERT INTO main.sqlite_sequence SELECT * FROM present.sqlite_sequence WHERE name = 'audit'");
      }
      // Numbers that were given once do not mean something else now.
      if (current !== undefined)
        database.run("UPDATE main.sqlite_sequence SET seq = max(seq, (SELECT coalesce(max(seq), 0) FROM present.entries)) WHERE name = 'entries'");
      // A mark of strangers' words is never lost.
      if (current !== undefined) database.run('INSERT OR IGNORE INTO main.taint SELECT * FROM present.taint');
    });
    if (current !== undefined) database.raw.exec('DETACH present');
    await checkPages(database);
  } finally {
    database.raw.close();
  }
  syncFile(staged);
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

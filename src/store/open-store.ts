// Opens the one database of a home. A damaged file is refused with the way back, never replaced.
import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { machineError } from '../core/error.ts';
import type { Batch, Store } from '../core/store.ts';
import type { Entry } from '../core/turn-event.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { createApprovals, createGrants } from './approvals.ts';
import { createAuditTable } from './audit.ts';
import { Database, migrations as shipped } from './database.ts';
import { checkWritable, createDatabase, hasRoom, inspectDatabase } from './database-file.ts';
import { createDevices } from './devices.ts';
import { addEntry, createEntries } from './entries.ts';
import { addInbox, beginTakingBack, changeInboxText, createInbox, moveInbox } from './inbox.ts';
import { addJob, createJobs, dropReminders } from './jobs.ts';
import { createLearning } from './learning.ts';
import { createMemoryIndex } from './memory-index.ts';
import { createModelWindows } from './model-windows.ts';
import { addOutbox, createOutbox } from './outbox.ts';
import { createPreviews } from './previews.ts';
import { createPush } from './push.ts';
import { createRetention } from './retention.ts';
import { createReviews } from './reviews.ts';
import { createSaid } from './said.ts';
import { createSenders } from './senders.ts';
import { archiveSession, beginCopy, createSessions, dropSession, endCopy, putSession } from './sessions.ts';
import { SharedTransaction } from './shared-transaction.ts';
import { createTaint } from './taint.ts';
import { addTurn, createTurns, endTurn, putStep } from './turns.ts';
import { addUsageRow, createUsage } from './usage.ts';
import { createVersions } from './versions.ts';

/** Bytes that the log of writes keeps of its size once it was written back. */
const mostLog = 16 * 1024 * 1024;

export interface StoreOptions {
  /** For tests: other data versions than those that were shipped. */
  readonly migrations?: readonly string[];
  readonly clock?: Pick<Clock, 'now'>;
}

export async function openStore(path: string, { migrations = shipped, clock = systemClock }: StoreOptions = {}): Promise<Store> {
  const sqlite = await import('node:sqlite');
  const { DatabaseSync } = sqlite;
  checkWritable(existsSync(path) ? path : dirname(path));
  if (!existsSync(path)) createDatabase(DatabaseSync, path, migrations);
  else {
    const from = inspectDatabase(DatabaseSync, path, migrations.length);
    if (from < migrations.length) {
      const { upgradeDatabase } = await import('./upgrade.ts');
      await upgradeDatabase(sqlite, { path, from, migrations, now: clock.now(), tryOut: async (upgraded) => tryOut(repositories(upgraded, path)) });
    }
  }
  const database = new Database(new DatabaseSync(path, { timeout: 5_000 }));
  try {
    database.raw.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = ${mostLog}`);
  } catch (error) {
    database.raw.close();
    throw machineError(error) ?? error;
  }
  const shared = new SharedTransaction(database);
  return {
    ...repositories(database, path),
    commit: (batch) => shared.ask(() => apply(database, batch)),
    storage: () => {
      if (database.storage !== 'ok' && hasRoom(path)) database.storage = 'ok';
      return database.storage;
    },
    backup: (target) => database.alone(async () => (await import('./verified-copy.ts')).copyVerified(sqlite, database, target)),
    close: async () => {
      shared.flush();
      if (database.raw.isOpen) database.raw.close();
    },
  };
}

type Repositories = Omit<Store, 'commit' | 'storage' | 'backup' | 'close'>;

function repositories(database: Database, path: string): Repositories {
  return {
    sessions: createSessions(database),
    entries: createEntries(database),
    inbox: createInbox(database),
    turns: createTurns(database),
    outbox: createOutbox(database),
    previews: createPreviews(database),
    approvals: createApprovals(database),
    grants: createGrants(database),
    taint: createTaint(database),
    jobs: createJobs(database),
    usage: createUsage(database),
    audit: createAuditTable(database),
    reviews: createReviews(database),
    devices: createDevices(database),
    push: createPush(database),
    senders: createSenders(database),
    retention: createRetention(database),
    versions: createVersions(database, join(dirname(path), 'versions')),
    said: createSaid(database),
    memoryIndex: createMemoryIndex(database),
    learning: createLearning(database),
    modelWindows: createModelWindows(database),
    async space() {
      const { bsize, bavail } = statfsSync(dirname(path));
      const bytes = [path, `${path}-wal`].reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
      return { bytes, free: bsize * bavail };
    },
  };
}

/** One read of each: a column that is missing is found before the database is used. */
async function tryOut(store: Repositories): Promise<void> {
  await store.sessions.list({ limit: 1 });
  await store.entries.after({ after: 0, limit: 1 });
  await store.inbox.open();
  await store.turns.open();
  await store.outbox.inFlight();
  await store.previews.get('');
  await store.approvals.pending();
  await store.grants.list();
  await store.taint.list();
  await store.jobs.list();
  await store.usage.since(0);
  await store.audit.newest(1);
  await store.reviews.last();
  await store.devices.list();
  await store.push.list();
  await store.senders.turnedAway(1);
  await store.learning.dreams('');
  await store.said.find({ terms: ['a'], match: 'all', limit: 1 });
  await store.memoryIndex.find('', ['a'], { limit: 1 });
  await store.memoryIndex.alike('', { start: 'a', length: [1, 1] });
  await store.memoryIndex.vectors('', '', { after: '', limit: 1 });
  await store.modelWindows.list();
  await store.versions.turns({ limit: 1 });
  await store.retention.lastSweep();
}

function apply(database: Database, batch: Batch): readonly Entry[] {
  if (batch.archive) archiveSession(database, batch.archive);
  if (batch.drop !== undefined) dropSession(database, batch.drop);
  if (batch.dropReminders !== undefined) dropReminders(database, batch.dropReminders);
  if (batch.copying !== undefined) beginCopy(database, batch.copying);
  for (const session of batch.copied ?? []) endCopy(database, session);
  for (const row of batch.inbox ?? []) addInbox(database, row);
  if (batch.session) putSession(database, batch.session);
  if (batch.turn) addTurn(database, batch.turn);
  for (const turn of batch.turns ?? []) addTurn(database, turn);
  const entries = (batch.entries ?? []).map((entry) => addEntry(database, entry));
  for (const step of batch.steps ?? []) putStep(database, step);
  for (const row of batch.outbox ?? []) addOutbox(database, row);
  for (const change of batch.inboxStates ?? []) moveInbox(database, change);
  for (const change of batch.inboxTexts ?? []) changeInboxText(database, change);
  if (batch.inboxTakesBack) beginTakingBack(database, batch.inboxTakesBack);
  if (batch.turnEnd) endTurn(database, batch.turnEnd);
  for (const row of batch.usage ?? []) addUsageRow(database, row);
  for (const job of batch.jobs ?? []) addJob(database, job);
  return entries;
}

// Opens the one database of a home. A damaged file is refused with the way back, never replaced.
import { chmodSync, existsSync, statSync } from 'node:fs';
import { CoPawError } from '../core/error.ts';
import type { Batch, Store } from '../core/store.ts';
import type { Entry } from '../core/turn-event.ts';
import { createApprovals, createGrants } from './approvals.ts';
import { createAuditTable } from './audit.ts';
import { Database, migrate } from './database.ts';
import { createDevices } from './devices.ts';
import { addEntry, createEntries } from './entries.ts';
import { addInbox, createInbox, moveInbox } from './inbox.ts';
import { addJob, createJobs } from './jobs.ts';
import { createMemoryIndex } from './memory-index.ts';
import { addOutbox, createOutbox } from './outbox.ts';
import { createSessions, putSession } from './sessions.ts';
import { addTurn, createTurns, endTurn, putStep } from './turns.ts';
import { addUsageRow, createUsage } from './usage.ts';

/** Larger files are not checked page by page at start. */
const mostChecked = 64 * 1024 * 1024;

export async function openStore(path: string): Promise<Store> {
  const { DatabaseSync, backup } = await import('node:sqlite');
  const existed = existsSync(path);
  let database: Database;
  try {
    const raw = new DatabaseSync(path);
    raw.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
    database = new Database(raw);
    if (existed && statSync(path).size < mostChecked && database.get('PRAGMA quick_check(1)')?.quick_check !== 'ok') throw new Error('quick_check failed');
    if (!existed) chmodSync(path, 0o600);
  } catch (error) {
    throw new CoPawError('store-corrupt', `The database ${path} cannot be read.`, {
      next: 'Keep a copy of it, then put back a backup from the backups folder as copaw.db.',
      cause: error,
    });
  }
  migrate(database);
  return {
    commit: async (batch) => database.transaction(() => apply(database, batch)),
    sessions: createSessions(database),
    entries: createEntries(database),
    inbox: createInbox(database),
    turns: createTurns(database),
    outbox: createOutbox(database),
    approvals: createApprovals(database),
    grants: createGrants(database),
    jobs: createJobs(database),
    usage: createUsage(database),
    audit: createAuditTable(database),
    devices: createDevices(database),
    memoryIndex: createMemoryIndex(database),
    backup: async (target) => {
      await backup(database.raw, target);
    },
    close: async () => database.raw.close(),
  };
}

function apply(database: Database, batch: Batch): readonly Entry[] {
  for (const row of batch.inbox ?? []) addInbox(database, row);
  if (batch.session) putSession(database, batch.session);
  if (batch.turn) addTurn(database, batch.turn);
  const entries = (batch.entries ?? []).map((entry) => addEntry(database, entry));
  for (const step of batch.steps ?? []) putStep(database, step);
  for (const row of batch.outbox ?? []) addOutbox(database, row);
  for (const change of batch.inboxStates ?? []) moveInbox(database, change);
  if (batch.turnEnd) endTurn(database, batch.turnEnd);
  for (const row of batch.usage ?? []) addUsageRow(database, row);
  for (const job of batch.jobs ?? []) addJob(database, job);
  return entries;
}

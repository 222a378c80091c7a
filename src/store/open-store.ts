// Opens the one database of a home. A damaged file is refused with the way back, never replaced.
import { closeSync, existsSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Batch, Store } from '../core/store.ts';
import type { Entry } from '../core/turn-event.ts';
import { createApprovals, createGrants } from './approvals.ts';
import { createAuditTable } from './audit.ts';
import { Database, migrate } from './database.ts';
import { checkWritable, createDatabase, hasRoom, inspectDatabase } from './database-file.ts';
import { createDevices } from './devices.ts';
import { addEntry, createEntries } from './entries.ts';
import { addInbox, changeInboxText, createInbox, moveInbox } from './inbox.ts';
import { addJob, createJobs } from './jobs.ts';
import { createMemoryIndex } from './memory-index.ts';
import { addOutbox, createOutbox } from './outbox.ts';
import { createReviews } from './reviews.ts';
import { createSenders } from './senders.ts';
import { createSessions, putSession } from './sessions.ts';
import { createTaint } from './taint.ts';
import { addTurn, createTurns, endTurn, putStep } from './turns.ts';
import { addUsageRow, createUsage } from './usage.ts';

export async function openStore(path: string): Promise<Store> {
  const { DatabaseSync, backup } = await import('node:sqlite');
  checkWritable(existsSync(path) ? path : dirname(path));
  if (existsSync(path)) inspectDatabase(DatabaseSync, path);
  else createDatabase(DatabaseSync, path);
  const database = new Database(new DatabaseSync(path, { timeout: 5_000 }));
  try {
    database.raw.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    migrate(database);
  } catch (error) {
    database.raw.close();
    throw error;
  }
  return {
    commit: async (batch) => database.transaction(() => apply(database, batch)),
    storage: () => {
      if (database.storage !== 'ok' && hasRoom(path)) database.storage = 'ok';
      return database.storage;
    },
    sessions: createSessions(database),
    entries: createEntries(database),
    inbox: createInbox(database),
    turns: createTurns(database),
    outbox: createOutbox(database),
    approvals: createApprovals(database),
    grants: createGrants(database),
    taint: createTaint(database),
    jobs: createJobs(database),
    usage: createUsage(database),
    audit: createAuditTable(database),
    reviews: createReviews(database),
    devices: createDevices(database),
    senders: createSenders(database),
    memoryIndex: createMemoryIndex(database),
    async backup(target) {
      const temporary = `${target}.new`;
      rmSync(temporary, { force: true });
      closeSync(openSync(temporary, 'wx', 0o600));
      await backup(database.raw, temporary);
      renameSync(temporary, target);
    },
    close: async () => {
      if (database.raw.isOpen) database.raw.close();
    },
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
  for (const change of batch.inboxTexts ?? []) changeInboxText(database, change);
  if (batch.turnEnd) endTurn(database, batch.turnEnd);
  for (const row of batch.usage ?? []) addUsageRow(database, row);
  for (const job of batch.jobs ?? []) addJob(database, job);
  return entries;
}

// Inbox: every accepted message and its life.
import type { Envelope } from '../core/inbound.ts';
import type { InboxRow, InboxState } from '../core/session.ts';
import type { Batch, Store } from '../core/store.ts';
import type { Database, Row } from './database.ts';
import { countBy, countWaiting, newestRows, waitingRows } from './pages.ts';
import { json, number, optional, text } from './row.ts';

export function createInbox(database: Database): Store['inbox'] {
  return {
    async get(key) {
      const row = database.get('SELECT * FROM inbox WHERE key = ?', key);
      return row ? toInboxRow(row) : undefined;
    },
    open: async () => database.all("SELECT * FROM inbox WHERE state IN ('accepted', 'assigned') ORDER BY received_at, rowid").map(toInboxRow),
    ofTurn: async (turnId) => database.all('SELECT * FROM inbox WHERE turn_id = ? ORDER BY received_at, rowid', turnId).map(toInboxRow),
    page: async (filter) => newestRows(database, 'inbox', filter).map((row) => ({ ...toInboxRow(row), seq: number(row, 'seq') })),
    waiting: async (page) => waitingRows(database, 'inbox', page).map((row) => ({ ...toInboxRow(row), seq: number(row, 'seq') })),
    countWaiting: async () => countWaiting(database, 'inbox'),
    settle: async (key, settled) => database.run('UPDATE inbox SET settled = ? WHERE key = ?', settled ? 1 : 0, key).changes > 0,
    counts: async () => countBy(database, 'SELECT state AS name, count(*) AS count FROM inbox GROUP BY state'),
  };
}

export function addInbox(database: Database, row: InboxRow): void {
  database.run(
    'INSERT INTO inbox (key, envelope, state, session_id, turn_id, rule, received_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    row.key,
    JSON.stringify(row.envelope),
    row.state,
    row.sessionId ?? null,
    row.turnId ?? null,
    row.rule ?? null,
    row.receivedAt,
  );
}

export function moveInbox(database: Database, change: NonNullable<Batch['inboxStates']>[number]): void {
  database.run(
    'UPDATE inbox SET state = ?, session_id = coalesce(?, session_id), turn_id = coalesce(?, turn_id), rule = coalesce(?, rule) WHERE key = ?',
    change.state,
    change.sessionId ?? null,
    change.turnId ?? null,
    change.rule ?? null,
    change.key,
  );
  // The turn of a dropped session is gone: then the words of what it worked on go as well.
  const forgotten =
    change.state !== 'accepted' &&
    change.state !== 'assigned' &&
    database.get('SELECT 1 FROM inbox WHERE key = ? AND turn_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM turns WHERE id = turn_id)', change.key) !== undefined;
  if (change.dropText || forgotten)
    database.run(
      "UPDATE inbox SET worded = 0, envelope = json_set(envelope, '$.inbound.text', '', '$.inbound.attachments', json('[]')) WHERE key = ?",
      change.key,
    );
}

export function changeInboxText(database: Database, { key, text: words }: NonNullable<Batch['inboxTexts']>[number]): void {
  database.run("UPDATE inbox SET envelope = json_set(envelope, '$.inbound.text', ?) WHERE key = ? AND state = 'accepted'", words, key);
}

export function beginTakingBack(database: Database, { key, turnId }: NonNullable<Batch['inboxTakesBack']>): void {
  database.run("UPDATE inbox SET envelope = json_set(envelope, '$.takesBack', ?) WHERE key = ? AND state = 'accepted'", turnId, key);
}

function toInboxRow(row: Row): InboxRow {
  return {
    key: text(row, 'key'),
    envelope: json<Envelope>(row, 'envelope'),
    state: text(row, 'state') as InboxState,
    receivedAt: number(row, 'received_at'),
    ...optional(row, 'session_id', 'sessionId'),
    ...optional(row, 'turn_id', 'turnId'),
    ...optional(row, 'rule', 'rule'),
  };
}

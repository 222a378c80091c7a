// Sessions: one row a conversation.
import type { QueueMode, Session, SessionFilter } from '../core/session.ts';
import type { Batch, Store } from '../core/store.ts';
import type { Database, Row } from './database.ts';
import { json, number, optional, text } from './row.ts';

const shown: Readonly<Record<SessionFilter, string>> = { all: 'true', active: 'archived = 0', pinned: 'pinned = 1', archived: 'archived = 1' };

export function createSessions(database: Database): Store['sessions'] {
  return {
    get: async (id) => one(database.get('SELECT * FROM sessions WHERE id = ?', id)),
    byKey: async (key) => one(database.get('SELECT * FROM sessions WHERE key = ?', key)),
    list: async ({ limit, before, show = 'all' }) =>
      database
        .all(
          `SELECT * FROM sessions WHERE updated_at < ? AND ${shown[show]} ORDER BY updated_at DESC, id DESC LIMIT ?`,
          before ?? Number.MAX_SAFE_INTEGER,
          limit,
        )
        .map(toSession),
    titled: async (words, limit) =>
      database.all('SELECT * FROM sessions WHERE instr(lower(title), lower(?)) > 0 ORDER BY updated_at DESC, id DESC LIMIT ?', words, limit).map(toSession),
    async change(id, { title, pinned, archived, model }) {
      const flag = (value: boolean | undefined): number | null => (value === undefined ? null : Number(value));
      database.run(
        'UPDATE sessions SET title = coalesce(?, title), pinned = coalesce(?, pinned), archived = coalesce(?, archived), model = iif(?, ?, model) WHERE id = ?',
        title ?? null,
        flag(pinned),
        flag(archived),
        Number(model !== undefined),
        model ?? null,
        id,
      );
      return one(database.get('SELECT * FROM sessions WHERE id = ?', id));
    },
    unfinished: async () => database.all('SELECT session_id FROM unfinished_sessions').map((row) => text(row, 'session_id')),
    tainted: async () => database.all('SELECT * FROM sessions WHERE tainted = 1 ORDER BY updated_at DESC, id DESC').map(toSession),
    clearTaint: async (id) => database.run('UPDATE sessions SET tainted = 0 WHERE id = ? AND tainted = 1', id).changes > 0,
  };
}

export function putSession(database: Database, session: Session): void {
  database.run(
    `INSERT INTO sessions (id, agent_id, key, address, title, tainted, created_at, updated_at, mode, model, pinned, archived, copied_from)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET title = iif(title = '', excluded.title, title), tainted = max(tainted, excluded.tainted),
       archived = iif(excluded.updated_at = updated_at, archived, 0), updated_at = excluded.updated_at, mode = excluded.mode, model = excluded.model`,
    session.id,
    session.agentId,
    session.key,
    JSON.stringify(session.address),
    session.title,
    session.tainted ? 1 : 0,
    session.createdAt,
    session.updatedAt,
    session.mode ?? null,
    session.model ?? null,
    session.pinned ? 1 : 0,
    session.archived ? 1 : 0,
    session.copiedFrom ? JSON.stringify(session.copiedFrom) : null,
  );
}

export function beginCopy(database: Database, sessionId: string): void {
  database.run('INSERT OR IGNORE INTO unfinished_sessions (session_id) VALUES (?)', sessionId);
}

export function endCopy(database: Database, session: Session): void {
  putSession(database, session);
  database.run('INSERT INTO learned (session_id, through) SELECT session_id, max(seq) FROM entries WHERE session_id = ? GROUP BY session_id', session.id);
  database.run('DELETE FROM unfinished_sessions WHERE session_id = ?', session.id);
}

/** What was said and done in the session names it by its new id; its key is one nobody asks for. Approvals, reminders and marks of strangers' words stay with the chat. */
export function archiveSession(database: Database, { sessionId, as }: NonNullable<Batch['archive']>): void {
  database.run("UPDATE sessions SET id = ?, key = key || '#' || ? WHERE id = ?", as, as, sessionId);
  for (const table of ['turns', 'entries', 'outbox', 'inbox', 'usage', 'changed_turns', 'learned'])
    database.run(`UPDATE ${table} SET session_id = ? WHERE session_id = ?`, as, sessionId);
}

/** Session of parts that were on their way when theirs was dropped: their words go once they are through. */
export const noSession = '';

/** What is still under way stays as it is until it is through; usage is counted on. */
export function dropSession(database: Database, sessionId: string): void {
  // A conversation has as many chats as its person.
  const chats = database
    .all('SELECT address FROM sessions WHERE id = ?1 UNION SELECT address FROM turns WHERE session_id = ?1', sessionId)
    .map((row) => json<Session['address']>(row, 'address'));
  // First, while the log says which: its words are found no more.
  database.run('DELETE FROM said WHERE rowid IN (SELECT seq FROM entries WHERE session_id = ?)', sessionId);
  database.run('DELETE FROM steps WHERE turn_id IN (SELECT id FROM turns WHERE session_id = ?)', sessionId);
  for (const table of ['entries', 'turns', 'learned']) database.run(`DELETE FROM ${table} WHERE session_id = ?`, sessionId);
  database.run('DELETE FROM sessions WHERE id = ?', sessionId);
  database.run('DELETE FROM unfinished_sessions WHERE session_id = ?', sessionId);
  database.run(
    `UPDATE inbox SET worded = 0, envelope = json_set(envelope, '$.inbound.text', '', '$.inbound.attachments', json('[]'))
     WHERE session_id = ? AND state NOT IN ('accepted', 'assigned')`,
    sessionId,
  );
  // An edit is of no session; it is known by its chat.
  database.run(
    `UPDATE inbox SET worded = 0, envelope = json_replace(envelope, '$.inbound.text', '')
     WHERE worded = 1 AND session_id IS NULL AND state NOT IN ('accepted', 'assigned') AND envelope ->> '$.inbound.kind' = 'edit'
       AND EXISTS (SELECT 1 FROM json_each(?) WHERE envelope ->> '$.channel' = value ->> '$.channel'
         AND envelope ->> '$.account' = value ->> '$.account' AND envelope ->> '$.inbound.chat.id' = value ->> '$.chat')`,
    JSON.stringify(chats),
  );
  database.run(`UPDATE outbox SET outgoing = '{"text":""}' WHERE session_id = ? AND state NOT IN ('pending', 'sending')`, sessionId);
  database.run("UPDATE outbox SET session_id = ? WHERE session_id = ? AND state IN ('pending', 'sending')", noSession, sessionId);
}

const one = (row: Row | undefined): Session | undefined => (row ? toSession(row) : undefined);

export function toSession(row: Row): Session {
  return {
    id: text(row, 'id'),
    agentId: text(row, 'agent_id'),
    key: text(row, 'key'),
    address: json(row, 'address'),
    title: text(row, 'title'),
    tainted: number(row, 'tainted') === 1,
    createdAt: number(row, 'created_at'),
    updatedAt: number(row, 'updated_at'),
    ...(row.mode === null ? {} : { mode: text(row, 'mode') as QueueMode }),
    ...optional(row, 'model', 'model'),
    ...(row.pinned === 1 ? { pinned: true } : {}),
    ...(row.archived === 1 ? { archived: true } : {}),
    ...(row.copied_from === null ? {} : { copiedFrom: json<NonNullable<Session['copiedFrom']>>(row, 'copied_from') }),
  };
}

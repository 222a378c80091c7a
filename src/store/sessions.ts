// Sessions: one row a conversation.
import type { Session } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import type { Database, Row } from './database.ts';
import { json, number, text } from './row.ts';

export function createSessions(database: Database): Store['sessions'] {
  return {
    get: async (id) => one(database.get('SELECT * FROM sessions WHERE id = ?', id)),
    byKey: async (key) => one(database.get('SELECT * FROM sessions WHERE key = ?', key)),
    list: async ({ limit, before }) =>
      database
        .all('SELECT * FROM sessions WHERE updated_at < ? ORDER BY updated_at DESC, id DESC LIMIT ?', before ?? Number.MAX_SAFE_INTEGER, limit)
        .map(toSession),
    tainted: async () => database.all('SELECT * FROM sessions WHERE tainted = 1 ORDER BY updated_at DESC, id DESC').map(toSession),
    clearTaint: async (id) => database.run('UPDATE sessions SET tainted = 0 WHERE id = ? AND tainted = 1', id).changes > 0,
  };
}

export function putSession(database: Database, session: Session): void {
  database.run(
    `INSERT INTO sessions (id, agent_id, key, address, title, tainted, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET title = excluded.title, tainted = max(tainted, excluded.tainted), updated_at = excluded.updated_at`,
    session.id,
    session.agentId,
    session.key,
    JSON.stringify(session.address),
    session.title,
    session.tainted ? 1 : 0,
    session.createdAt,
    session.updatedAt,
  );
}

const one = (row: Row | undefined): Session | undefined => (row ? toSession(row) : undefined);

function toSession(row: Row): Session {
  return {
    id: text(row, 'id'),
    agentId: text(row, 'agent_id'),
    key: text(row, 'key'),
    address: json(row, 'address'),
    title: text(row, 'title'),
    tainted: number(row, 'tainted') === 1,
    createdAt: number(row, 'created_at'),
    updatedAt: number(row, 'updated_at'),
  };
}

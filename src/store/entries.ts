// Entries: the append-only log of durable turn events.
import type { Store } from '../core/store.ts';
import type { DurableEvent, Entry } from '../core/turn-event.ts';
import type { Database, Row } from './database.ts';
import { json, number, text } from './row.ts';

export function createEntries(database: Database): Store['entries'] {
  return {
    async after({ sessionId, turnId, after, limit }) {
      const rows =
        turnId !== undefined
          ? database.all('SELECT * FROM entries WHERE turn_id = ? AND seq > ? ORDER BY seq LIMIT ?', turnId, after, limit)
          : sessionId !== undefined
            ? database.all('SELECT * FROM entries WHERE session_id = ? AND seq > ? ORDER BY seq LIMIT ?', sessionId, after, limit)
            : database.all('SELECT * FROM entries WHERE seq > ? ORDER BY seq LIMIT ?', after, limit);
      return rows.map(toEntry);
    },
    tail: async (sessionId, limit, before) =>
      database
        .all('SELECT * FROM entries WHERE session_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?', sessionId, before ?? Number.MAX_SAFE_INTEGER, limit)
        .map(toEntry)
        .reverse(),
    ofTurn: async (turnId) => database.all('SELECT * FROM entries WHERE turn_id = ? ORDER BY seq', turnId).map(toEntry),
    // Such an event is short; of longer ones not even the text is read.
    undone: async (sessionId) =>
      new Set(
        database
          .all(
            `SELECT event ->> '$.target' AS target FROM entries WHERE session_id = ? AND octet_length(event) < 4096 AND event ->> '$.type' = 'turn-undone'`,
            sessionId,
          )
          .map((row) => text(row, 'target')),
      ),
    lastSeq: async () => number(database.get('SELECT coalesce(max(seq), 0) AS seq FROM entries') ?? {}, 'seq'),
  };
}

export function addEntry(
  database: Database,
  entry: { readonly sessionId: string; readonly turnId: string; readonly at: number; readonly event: DurableEvent },
): Entry {
  const { lastId } = database.run(
    'INSERT INTO entries (session_id, turn_id, at, event) VALUES (?, ?, ?, ?)',
    entry.sessionId,
    entry.turnId,
    entry.at,
    JSON.stringify(entry.event),
  );
  return { seq: lastId, ...entry };
}

export function toEntry(row: Row): Entry {
  return { seq: number(row, 'seq'), sessionId: text(row, 'session_id'), turnId: text(row, 'turn_id'), at: number(row, 'at'), event: json(row, 'event') };
}

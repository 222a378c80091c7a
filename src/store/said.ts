// The full-text index of what was said. It holds no words of its own: an entry that is found is read from the log.
import type { Store } from '../core/store.ts';
import type { Database, Row } from './database.ts';
import { toEntry } from './entries.ts';
import { number, text } from './row.ts';
import { toSession } from './sessions.ts';

/** Entries with one of the terms that are ranked: the newest of them. */
const mostRanked = 2_000;
/** All but the id, which an entry has too. */
const sessionColumns = 'agent_id key address title tainted created_at updated_at mode model pinned archived copied_from'
  .split(' ')
  .map((name) => `sessions.${name}`)
  .join(', ');

export function createSaid(database: Database): Store['said'] {
  const mark = (): number => number(database.get('SELECT coalesce(max(seq), 0) AS seq FROM said_mark') ?? {}, 'seq');
  return {
    async next(limit, characters) {
      const from = mark();
      const upTo = database.get('SELECT max(seq) AS last FROM (SELECT seq FROM entries WHERE seq > ? ORDER BY seq LIMIT ?)', from, limit)?.last;
      if (typeof upTo !== 'number') return undefined;
      const messages = database
        .all(
          `SELECT seq, substr(event ->> '$.message.text', 1, ?) AS words FROM entries AS said WHERE seq > ? AND seq <= ? AND event ->> '$.type' = 'message'
           AND (SELECT event ->> '$.command' FROM entries AS start WHERE start.turn_id = said.turn_id ORDER BY start.seq LIMIT 1) IS NULL`,
          characters,
          from,
          upTo,
        )
        .map((row) => ({ seq: number(row, 'seq'), text: text(row, 'words') }));
      return { upTo, messages };
    },
    async add(upTo, messages) {
      database.transaction(() => {
        // What was dropped since it was read stays out: nothing would ever take its words away.
        for (const { seq, words } of messages) database.run('INSERT INTO said (rowid, words) SELECT seq, ? FROM entries WHERE seq = ?', words, seq);
        database.run('DELETE FROM said_mark');
        database.run('INSERT INTO said_mark (seq) VALUES (?)', upTo);
      });
    },
    async find({ terms, match, agentId, sessionId, before = Number.MAX_SAFE_INTEGER, limit }) {
      if (terms.length === 0) return [];
      const query = terms.map(quoted).join(match === 'all' ? ' AND ' : ' OR ');
      const own = `(?5 = '' OR EXISTS (SELECT 1 FROM entries AS own WHERE own.session_id = ?5 AND own.seq = said.rowid))`;
      // The first one is read from its end until there are enough; the other one has to look at all it ranks.
      const found =
        match === 'all'
          ? { from: 'said', place: 'said.rowid', where: `said MATCH ?1 AND said.rowid < ?2 AND ${own}`, order: 'said.rowid DESC' }
          : {
              from: `(SELECT rowid AS place, rank FROM said WHERE said MATCH ?1 AND rowid < ?2 AND ${own} ORDER BY rowid DESC LIMIT ${mostRanked})`,
              ...{ place: 'place', where: 'true', order: 'rank' },
            };
      return database
        .all(
          `SELECT entries.*, sessions.id AS own, ${sessionColumns} FROM ${found.from} CROSS JOIN entries ON entries.seq = ${found.place}
           CROSS JOIN sessions ON sessions.id = entries.session_id WHERE ${found.where} AND (?3 = '' OR sessions.agent_id = ?3) ORDER BY ${found.order} LIMIT ?4`,
          query,
          before,
          agentId ?? '',
          limit,
          sessionId ?? '',
        )
        .map((row: Row) => ({ entry: toEntry(row), session: toSession({ ...row, id: row.own }) }));
    },
  };
}

/** Quoted, a term is never query language; a NUL would end the query early. People search while they type: the last term may go on. */
function quoted(term: string, index: number, all: readonly string[]): string {
  return `"${term.replaceAll('\0', ' ').replaceAll('"', '""')}"${index === all.length - 1 ? ' *' : ''}`;
}

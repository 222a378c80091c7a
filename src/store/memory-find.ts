// What search asks of the memory index. Every answer is of one agent.
import type { FoundChunk, MemoryIndex, Provenance } from '../core/memory.ts';
import type { Database, Row, Value } from './database.ts';
import { number, optional, text } from './row.ts';

type Find = Pick<MemoryIndex, 'find' | 'ofDays' | 'byHash' | 'counts' | 'alike' | 'totals'>;

const columns = 'c.id, c.path, c.first, c.last, c.text, c.segmented, c.headings, c.day, c.superseded, c.hash, s.by, s.at, s.session_id, s.message_id';
const source = 'LEFT JOIN memory_sources s ON s.agent_id = c.agent_id AND s.path = c.path AND s.hash = c.hash';

export function createMemoryFind(database: Database): Find {
  const rows = (sql: string, ...values: Value[]): FoundChunk[] => database.all(sql, ...values).map(toChunk);
  return {
    async find(agentId, words, { limit, days }) {
      if (words.length === 0) return [];
      // Quoted, a word is never query language; a NUL would end the query early.
      const query = words.map((word) => `"${word.replaceAll('\0', ' ').replaceAll('"', '""')}"`).join(' OR ');
      const within = days === undefined ? '' : 'AND c.day BETWEEN ? AND ?';
      return rows(
        `SELECT ${columns} FROM memory_text CROSS JOIN memory_chunks c ON c.id = memory_text.rowid ${source}
         WHERE memory_text MATCH ? AND c.agent_id = ? ${within} ORDER BY memory_text.rank LIMIT ?`,
        ...[query, agentId, ...(days ?? []), limit],
      );
    },
    ofDays: async (agentId, [from, to], limit) =>
      rows(
        `SELECT ${columns} FROM memory_chunks c ${source}
         WHERE c.agent_id = ? AND c.day BETWEEN ? AND ? ORDER BY c.day DESC, c.id DESC LIMIT ?`,
        ...[agentId, from, to, limit],
      ),
    byHash: async (agentId, hashes) =>
      rows(
        `SELECT ${columns} FROM json_each(?) h JOIN memory_chunks c ON c.hash = h.value ${source}
         WHERE c.agent_id = ? GROUP BY c.hash`,
        ...[JSON.stringify(hashes), agentId],
      ),
    counts: async (agentId, words) =>
      toCounts(
        database.all(
          'SELECT word, chunks FROM memory_words WHERE agent_id = ? AND word IN (SELECT value FROM json_each(?))',
          ...([agentId, JSON.stringify(words)] as const),
        ),
      ),
    alike: async (agentId, { start, length: [least, most] }) =>
      toCounts(
        database.all(
          'SELECT word, chunks FROM memory_words WHERE agent_id = ? AND word >= ? AND word < ? AND length(word) BETWEEN ? AND ?',
          ...([agentId, start, `${start}\u{10FFFF}`, least, most] as const),
        ),
      ),
    async totals(agentId) {
      const row = database.get('SELECT chunks, words FROM memory_totals WHERE agent_id = ?', agentId);
      return row === undefined ? { chunks: 0, words: 0 } : { chunks: number(row, 'chunks'), words: number(row, 'words') };
    },
  };
}

const toCounts = (rows: readonly Row[]): ReadonlyMap<string, number> => new Map(rows.map((row) => [text(row, 'word'), number(row, 'chunks')]));

function toChunk(row: Row): FoundChunk {
  const headings = text(row, 'headings');
  return {
    id: number(row, 'id'),
    path: text(row, 'path'),
    lines: [number(row, 'first'), number(row, 'last')],
    text: text(row, 'text'),
    segmented: text(row, 'segmented'),
    headings: headings === '' ? [] : headings.split('\n'),
    hash: text(row, 'hash'),
    ...optional(row, 'day', 'day'),
    ...optional(row, 'superseded', 'superseded'),
    ...(row.by === null ? {} : { source: toSource(row) }),
  };
}

function toSource(row: Row): Provenance {
  return {
    by: text(row, 'by') as Provenance['by'],
    at: number(row, 'at'),
    ...optional(row, 'session_id', 'sessionId'),
    ...optional(row, 'message_id', 'messageId'),
  };
}

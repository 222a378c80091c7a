// Full-text index of memory files. The files are the truth; this can be thrown away and built again.
import type { Store } from '../core/store.ts';
import type { Database } from './database.ts';
import { number, text } from './row.ts';

export function createMemoryIndex(database: Database): Store['memoryIndex'] {
  return {
    async replace(agentId, path, stamp, chunks) {
      database.transaction(() => {
        database.run('DELETE FROM memory_chunks WHERE agent_id = ? AND path = ?', agentId, path);
        database.run('DELETE FROM memory_files WHERE agent_id = ? AND path = ?', agentId, path);
        if (chunks.length === 0) return;
        database.run('INSERT INTO memory_files (agent_id, path, stamp) VALUES (?, ?, ?)', agentId, path, stamp);
        for (const chunk of chunks) {
          database.run(
            'INSERT INTO memory_chunks (segmented, agent_id, path, first, last, text) VALUES (?, ?, ?, ?, ?, ?)',
            chunk.segmented,
            agentId,
            path,
            chunk.lines[0],
            chunk.lines[1],
            chunk.text,
          );
        }
      });
    },
    stamps: async (agentId) =>
      new Map(database.all('SELECT path, stamp FROM memory_files WHERE agent_id = ?', agentId).map((row) => [text(row, 'path'), text(row, 'stamp')])),
    async search(agentId, terms, limit) {
      if (terms.length === 0) return [];
      // Quoted, a term is never query language; a NUL would end the query early.
      const query = terms.map((term) => `"${term.replaceAll('\0', ' ').replaceAll('"', '""')}"`).join(' OR ');
      return database
        .all(
          'SELECT path, first, last, text, bm25(memory_chunks) AS rank FROM memory_chunks WHERE memory_chunks MATCH ? AND agent_id = ? ORDER BY rank LIMIT ?',
          query,
          agentId,
          limit,
        )
        .map((row) => ({
          path: text(row, 'path'),
          lines: [number(row, 'first'), number(row, 'last')] as const,
          text: text(row, 'text'),
          score: -number(row, 'rank'),
        }));
    },
  };
}

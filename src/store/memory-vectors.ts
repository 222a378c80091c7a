// Vectors of memory, by what a chunk says: moved or superseded, it keeps its own. One byte a dimension.
import type { MemoryIndex } from '../core/memory.ts';
import type { Database } from './database.ts';
import { text } from './row.ts';

export function createMemoryVectors(database: Database): Pick<MemoryIndex, 'withoutVector' | 'putVectors' | 'vectors'> {
  return {
    withoutVector: async (agentId, model, limit) =>
      database
        .all(
          `SELECT hash, text FROM memory_chunks c WHERE agent_id = ?
           AND NOT EXISTS (SELECT 1 FROM memory_vectors v WHERE v.agent_id = c.agent_id AND v.model = ? AND v.hash = c.hash) GROUP BY hash LIMIT ?`,
          ...([agentId, model, limit] as const),
        )
        .map((row) => ({ hash: text(row, 'hash'), text: text(row, 'text') })),
    async putVectors(agentId, model, vectors) {
      database.transaction(() => {
        database.run('DELETE FROM memory_vectors WHERE agent_id = ? AND model <> ?', agentId, model);
        for (const { hash, vector } of vectors)
          database.run(
            'INSERT OR REPLACE INTO memory_vectors (agent_id, model, hash, vector) VALUES (?, ?, ?, ?)',
            ...([agentId, model, hash, new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength)] as const),
          );
      });
    },
    vectors: async (agentId, model, { after, limit }) =>
      database
        .all(
          `SELECT hash, vector FROM memory_vectors v WHERE agent_id = ? AND model = ? AND hash > ?
           AND EXISTS (SELECT 1 FROM memory_chunks c WHERE c.agent_id = v.agent_id AND c.hash = v.hash) ORDER BY hash LIMIT ?`,
          ...([agentId, model, after, limit] as const),
        )
        .map((row) => ({ hash: text(row, 'hash'), vector: toVector(row.vector) })),
  };
}

function toVector(value: unknown): Int8Array {
  return value instanceof Uint8Array ? new Int8Array(value.buffer, value.byteOffset, value.byteLength) : new Int8Array();
}

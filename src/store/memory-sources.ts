// Where notes of memory came from. The files know nothing of it; a note that was edited by hand has no row any more.
import type { Provenance } from '../core/memory.ts';
import type { Store } from '../core/store.ts';
import type { Database } from './database.ts';
import { json } from './row.ts';

/** Rows an agent has at most; the oldest leave. */
const mostRows = 20_000;

export function createMemorySources(database: Database): Store['memorySources'] {
  return {
    async put(agentId, path, sha256, source) {
      database.transaction(() => {
        database.run(
          'INSERT OR REPLACE INTO memory_sources (agent_id, path, sha256, at, source) VALUES (?, ?, ?, ?, ?)',
          agentId,
          path,
          sha256,
          source.at,
          JSON.stringify(source),
        );
        database.run(
          'DELETE FROM memory_sources WHERE agent_id = ? AND at < (SELECT at FROM memory_sources WHERE agent_id = ? ORDER BY at DESC LIMIT 1 OFFSET ?)',
          agentId,
          agentId,
          mostRows - 1,
        );
      });
    },
    async of(agentId, path, sha256) {
      const found = new Map<string, Provenance>();
      for (const hash of sha256) {
        const row = database.get('SELECT source FROM memory_sources WHERE agent_id = ? AND path = ? AND sha256 = ?', agentId, path, hash);
        if (row) found.set(hash, json<Provenance>(row, 'source'));
      }
      return found;
    },
  };
}

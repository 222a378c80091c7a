// Marked files: what tainted sessions wrote.
import type { Store } from '../core/store.ts';
import type { Database } from './database.ts';
import { number, text } from './row.ts';

export function createTaint(database: Database): Store['taint'] {
  return {
    list: async (agentId) =>
      database.all('SELECT * FROM taint WHERE agent_id = coalesce(?, agent_id) ORDER BY agent_id, path', agentId ?? null).map((row) => ({
        agentId: text(row, 'agent_id'),
        path: text(row, 'path'),
        sha256: text(row, 'sha256'),
        sessionId: text(row, 'session_id'),
        at: number(row, 'at'),
      })),
    async put({ agentId, path, sha256, sessionId, at }) {
      database.run('INSERT OR REPLACE INTO taint (agent_id, path, sha256, session_id, at) VALUES (?, ?, ?, ?, ?)', agentId, path, sha256, sessionId, at);
    },
    remove: async (agentId, path) =>
      database.run("DELETE FROM taint WHERE agent_id = ? AND (path = ? OR substr(path, 1, length(?) + 1) = ? || '/')", agentId, path, path, path).changes > 0,
  };
}

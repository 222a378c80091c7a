// Learning: up to which entry a conversation was learned from, and the proposals for MEMORY.md with what each replaces.
import type { Dream } from '../core/learning.ts';
import type { Store } from '../core/store.ts';
import type { Database, Row } from './database.ts';
import { json, number, text } from './row.ts';

/** Of each agent. */
const mostDreams = 30;

export function createLearning(database: Database): Store['learning'] {
  return {
    async through(sessionId) {
      const row = database.get('SELECT through FROM learned WHERE session_id = ?', sessionId);
      return row ? number(row, 'through') : 0;
    },
    async setThrough(sessionId, seq) {
      database.run(
        'INSERT INTO learned (session_id, through) VALUES (?, ?) ON CONFLICT (session_id) DO UPDATE SET through = max(through, excluded.through)',
        sessionId,
        seq,
      );
    },
    async seen(agentId) {
      const row = database.get('SELECT seen FROM dreamt WHERE agent_id = ?', agentId);
      return row && new Map(json<[string, string][]>(row, 'seen'));
    },
    async setSeen(agentId, seen) {
      database.run('INSERT OR REPLACE INTO dreamt (agent_id, seen) VALUES (?, ?)', agentId, JSON.stringify([...seen]));
    },
    async addDream({ id, agentId, at, state, ...content }) {
      database.transaction(() => {
        database.run("UPDATE dreams SET state = 'discarded' WHERE agent_id = ? AND state = 'proposed'", agentId);
        database.run('INSERT INTO dreams (id, agent_id, at, state, content) VALUES (?, ?, ?, ?, ?)', id, agentId, at, state, JSON.stringify(content));
        database.run(
          'DELETE FROM dreams WHERE agent_id = ?1 AND id NOT IN (SELECT id FROM dreams WHERE agent_id = ?1 ORDER BY at DESC, rowid DESC LIMIT ?2)',
          agentId,
          mostDreams,
        );
      });
    },
    dreams: async (agentId) =>
      (agentId === undefined
        ? database.all('SELECT * FROM dreams ORDER BY at DESC, rowid DESC')
        : database.all('SELECT * FROM dreams WHERE agent_id = ? ORDER BY at DESC, rowid DESC', agentId)
      ).map(toDream),
    async dream(id) {
      const row = database.get('SELECT * FROM dreams WHERE id = ?', id);
      return row && toDream(row);
    },
    countProposed: async () => Number(database.get("SELECT count(*) AS count FROM dreams WHERE state = 'proposed'")?.count),
    settleDream: async (id, from, to) => database.run('UPDATE dreams SET state = ? WHERE id = ? AND state = ?', to, id, from).changes > 0,
  };
}

function toDream(row: Row): Dream {
  const content: Pick<Dream, 'before' | 'after' | 'dropped' | 'putBack'> = json(row, 'content');
  return { id: text(row, 'id'), agentId: text(row, 'agent_id'), at: number(row, 'at'), state: text(row, 'state') as Dream['state'], ...content };
}

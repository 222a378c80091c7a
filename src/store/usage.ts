// Usage: one row per provider call.
import type { UsageRow } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import type { Database } from './database.ts';
import { number, text } from './row.ts';

export function createUsage(database: Database): Store['usage'] {
  return {
    async ofSession(sessionId) {
      const row = database.get(
        'SELECT count(*) AS calls, coalesce(sum(input), 0) AS input, coalesce(sum(cached_input), 0) AS cached_input, coalesce(sum(output), 0) AS output, coalesce(sum(cost), 0) AS cost FROM usage WHERE session_id = ?',
        sessionId,
      );
      const sum = (name: string): number => number(row ?? {}, name);
      return { calls: sum('calls'), input: sum('input'), cachedInput: sum('cached_input'), output: sum('output'), cost: sum('cost') };
    },
    since: async (at) =>
      database
        .all(
          `SELECT model, count(*) AS calls, sum(input) AS input, sum(cached_input) AS cached_input, sum(output) AS output, coalesce(sum(cost), 0) AS cost
           FROM usage WHERE at >= ? GROUP BY model ORDER BY model`,
          at,
        )
        .map((row) => ({
          model: text(row, 'model'),
          calls: number(row, 'calls'),
          input: number(row, 'input'),
          cachedInput: number(row, 'cached_input'),
          output: number(row, 'output'),
          cost: number(row, 'cost'),
        })),
  };
}

export function addUsageRow(database: Database, row: UsageRow): void {
  const { input, cachedInput, output, reasoning } = row.usage;
  database.run(
    'INSERT INTO usage (turn_id, session_id, agent_id, model, input, cached_input, output, reasoning, cost, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    row.turnId,
    row.sessionId,
    row.agentId,
    row.model,
    input,
    cachedInput,
    output,
    reasoning,
    row.cost ?? null,
    row.at,
  );
}

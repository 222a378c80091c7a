// Usage: one row per provider call.
import type { UsageRow } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import type { Database, Row } from './database.ts';
import { number, text } from './row.ts';

export function createUsage(database: Database): Store['usage'] {
  return {
    async ofSession(sessionId) {
      const row = database.get(
        'SELECT count(*) AS calls, coalesce(sum(input), 0) AS input, coalesce(sum(cached_input), 0) AS cached_input, coalesce(sum(output), 0) AS output, coalesce(sum(cost), 0) AS cost FROM usage WHERE session_id = ?',
        sessionId,
      );
      return toSum(row ?? {});
    },
    async beside(idStart, agentId, at) {
      const row = database.get(
        `SELECT count(*) AS calls, coalesce(sum(input + output), 0) AS tokens, coalesce(sum(cost), 0) AS cost FROM usage
         WHERE at >= ? AND agent_id = ? AND substr(turn_id, 1, ?) = ?`,
        at,
        agentId,
        idStart.length,
        idStart,
      );
      return { calls: number(row ?? {}, 'calls'), tokens: number(row ?? {}, 'tokens'), cost: number(row ?? {}, 'cost') };
    },
    since: async (at) =>
      database
        .all(
          `SELECT model, count(*) AS calls, sum(input) AS input, sum(cached_input) AS cached_input, sum(output) AS output, coalesce(sum(cost), 0) AS cost
           FROM usage WHERE at >= ? GROUP BY model ORDER BY model`,
          at,
        )
        .map((row) => ({ model: text(row, 'model'), ...toSum(row) })),
    between: async (from, to) =>
      database
        .all(
          `SELECT usage.agent_id, usage.model, coalesce(sessions.address ->> '$.channel', '') AS channel, count(*) AS calls, sum(input) AS input,
             sum(cached_input) AS cached_input, sum(output) AS output, coalesce(sum(cost), 0.0) AS cost, sum(cost IS NULL AND (input + output > 0 OR seconds IS NOT NULL)) AS unpriced,
             sum(seconds) AS seconds
           FROM usage LEFT JOIN sessions ON sessions.id = session_id WHERE at >= ? AND at < ? GROUP BY 1, 2, 3`,
          from,
          to,
        )
        .map((row) => ({
          agentId: text(row, 'agent_id'),
          model: text(row, 'model'),
          channel: text(row, 'channel'),
          ...toSum(row),
          unpriced: number(row, 'unpriced'),
          ...(row.seconds === null ? {} : { seconds: number(row, 'seconds') }),
        })),
    async firstSince(at) {
      const first = database.get('SELECT min(at) AS at FROM usage WHERE at >= ?', at)?.at;
      return typeof first === 'number' ? first : undefined;
    },
  };
}

export function addUsageRow(database: Database, row: UsageRow): void {
  const { input, cachedInput, output, reasoning } = row.usage;
  database.run(
    'INSERT INTO usage (turn_id, session_id, agent_id, model, input, cached_input, output, reasoning, cost, seconds, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    row.turnId,
    row.sessionId,
    row.agentId,
    row.model,
    input,
    cachedInput,
    output,
    reasoning,
    row.cost ?? null,
    row.seconds ?? null,
    row.at,
  );
}

function toSum(row: Row): { readonly calls: number; readonly input: number; readonly cachedInput: number; readonly output: number; readonly cost: number } {
  return {
    calls: number(row, 'calls'),
    input: number(row, 'input'),
    cachedInput: number(row, 'cached_input'),
    output: number(row, 'output'),
    cost: number(row, 'cost'),
  };
}

// Outbox: parts of answers on their way to a channel.
import type { OutboxRow } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import type { Database, Row } from './database.ts';
import { countBy, countWaiting, newestRows, waitingRows } from './pages.ts';
import { json, number, optional, text } from './row.ts';
import { noSession } from './sessions.ts';

/** Pending, and neither a part of the same answer in front of it nor anything older to the same address is still on its way. */
const ready = `state = 'pending' AND NOT EXISTS (
  SELECT 1 FROM outbox AS earlier WHERE earlier.answer_id = outbox.answer_id AND earlier.part < outbox.part AND earlier.state IN ('pending', 'sending')
) AND NOT EXISTS (
  SELECT 1 FROM outbox AS older WHERE older.state IN ('pending', 'sending') AND older.rowid < outbox.rowid AND older.address = outbox.address
    AND older.answer_id <> outbox.answer_id
)`;

/** Does not go to one of these accounts. */
const notHeld = "(address ->> 'channel') || '/' || (address ->> 'account') NOT IN (SELECT value FROM json_each(?))";

export function createOutbox(database: Database): Store['outbox'] {
  return {
    due: async (now, limit, held = []) =>
      database
        .all(`SELECT * FROM outbox WHERE ${ready} AND next_at <= ? AND ${notHeld} ORDER BY next_at, rowid LIMIT ?`, now, JSON.stringify(held), limit)
        .map(toOutboxRow),
    async nextDue(held = []) {
      const next = database.get(`SELECT min(next_at) AS next FROM outbox WHERE ${ready} AND ${notHeld}`, JSON.stringify(held))?.next;
      return typeof next === 'number' ? next : undefined;
    },
    async hasten(latest, now) {
      database.run("UPDATE outbox SET next_at = ? WHERE state = 'pending' AND next_at > ?", now, latest);
    },
    inFlight: async () => database.all("SELECT * FROM outbox WHERE state = 'sending' ORDER BY rowid").map(toOutboxRow),
    ofAnswer: async (answerId) => database.all('SELECT * FROM outbox WHERE answer_id = ? ORDER BY part', answerId).map(toOutboxRow),
    waitsFor: async (address) =>
      database.get("SELECT 1 FROM outbox WHERE state IN ('pending', 'sending') AND address = ? LIMIT 1", JSON.stringify(address)) !== undefined,
    wasSent: async ({ channel, account, chat }, ref) =>
      ref !== 'log' &&
      database
        .all("SELECT address FROM outbox WHERE ref = ?1 AND ref IS NOT NULL AND ref <> 'log' UNION ALL SELECT address FROM previews WHERE ref = ?1", ref)
        .map((row) => json<OutboxRow['address']>(row, 'address'))
        .some((to) => to.channel === channel && to.account === account && to.chat === chat),
    update: async (answerId, part, { state, attempts, nextAt, ref }, from) =>
      database.transaction(() => {
        const { changes } = database.run(
          `UPDATE outbox SET state = ?, settled = 0, attempts = coalesce(?, attempts), next_at = coalesce(?, next_at), ref = coalesce(?, ref)
           WHERE answer_id = ? AND part = ? AND state = coalesce(?, state)`,
          state,
          attempts ?? null,
          nextAt ?? null,
          ref ?? null,
          answerId,
          part,
          from ?? null,
        );
        if (changes === 0) return false;
        if (state === 'sent' && part === 0) database.run('DELETE FROM previews WHERE answer_id = ?', answerId);
        if (state === 'dead') database.run("UPDATE outbox SET state = 'dead' WHERE answer_id = ? AND part > ? AND state = 'pending'", answerId, part);
        else if (from === 'dead')
          database.run(
            `UPDATE outbox SET state = 'pending', settled = 0, attempts = 0, next_at = coalesce(?, next_at)
             WHERE answer_id = ? AND part > ? AND state = 'dead' AND outgoing <> '{"text":""}'`,
            nextAt ?? null,
            answerId,
            part,
          );
        if (state !== 'pending' && state !== 'sending')
          database.run(
            `UPDATE outbox SET outgoing = '{"text":""}' WHERE answer_id = ? AND session_id = ? AND state NOT IN ('pending', 'sending')`,
            answerId,
            noSession,
          );
        return true;
      }),
    page: async (filter) => newestRows(database, 'outbox', filter).map((row) => ({ ...toOutboxRow(row), seq: number(row, 'seq') })),
    waiting: async (page) => waitingRows(database, 'outbox', page).map((row) => ({ ...toOutboxRow(row), seq: number(row, 'seq') })),
    countWaiting: async () => countWaiting(database, 'outbox'),
    settle: async (answerId, settled) => database.run('UPDATE outbox SET settled = ? WHERE answer_id = ?', settled ? 1 : 0, answerId).changes > 0,
    async counts(states) {
      const only = states === undefined ? '' : `WHERE state IN (${states.map(() => '?').join(', ')})`;
      return countBy(database, `SELECT state AS name, count(*) AS count FROM outbox ${only} GROUP BY state`, ...(states ?? []));
    },
  };
}

export function addOutbox(database: Database, row: OutboxRow): void {
  database.run(
    'INSERT INTO outbox (answer_id, part, session_id, address, outgoing, state, attempts, next_at, ref) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    row.answerId,
    row.part,
    row.sessionId,
    JSON.stringify(row.address),
    JSON.stringify(row.outgoing),
    row.state,
    row.attempts,
    row.nextAt,
    row.ref ?? null,
  );
}

function toOutboxRow(row: Row): OutboxRow {
  return {
    answerId: text(row, 'answer_id'),
    part: number(row, 'part'),
    sessionId: text(row, 'session_id'),
    address: json(row, 'address'),
    outgoing: json(row, 'outgoing'),
    state: text(row, 'state') as OutboxRow['state'],
    attempts: number(row, 'attempts'),
    nextAt: number(row, 'next_at'),
    ...optional(row, 'ref', 'ref'),
  };
}

// Rows of the inbox and the outbox by state: the newest in pages, and how many there are.
import type { RowPage, WaitingPage } from '../core/row-page.ts';
import type { Database, Row } from './database.ts';
import { number, text } from './row.ts';

/**
 * What waits for the person. A message: its turn came to nothing by itself, it has words to try again, and nothing later in its conversation was
 * answered. An answer: by the first of its parts that was given up or may have been sent.
 */
const waits = {
  inbox: `settled = 0 AND state IN ('failed', 'interrupted') AND worded = 1 AND NOT EXISTS (
    SELECT 1 FROM inbox AS later WHERE later.session_id = inbox.session_id AND later.rowid > inbox.rowid AND later.state = 'answered')`,
  outbox: `settled = 0 AND state IN ('dead', 'unknown') AND outgoing <> '{"text":""}' AND NOT EXISTS (
    SELECT 1 FROM outbox AS earlier WHERE earlier.answer_id = outbox.answer_id AND earlier.part < outbox.part AND earlier.settled = 0
      AND earlier.state IN ('dead', 'unknown') AND earlier.outgoing <> '{"text":""}')`,
} as const;

export function waitingRows(database: Database, table: keyof typeof waits, { limit, before }: WaitingPage): readonly Row[] {
  const below = before ?? Number.MAX_SAFE_INTEGER;
  return database.all(`SELECT rowid AS seq, * FROM ${table} WHERE ${waits[table]} AND rowid < ? ORDER BY rowid DESC LIMIT ?`, below, limit);
}

export function countWaiting(database: Database, table: keyof typeof waits): number {
  return Number(database.get(`SELECT count(*) AS count FROM ${table} WHERE ${waits[table]}`)?.count);
}

/** Each state is asked for by itself, so that rows of a rare one are found through its index and not by reading all the others. */
export function newestRows(database: Database, table: 'inbox' | 'outbox', { states, limit, before }: RowPage<string>): readonly Row[] {
  const below = before ?? Number.MAX_SAFE_INTEGER;
  if (states === undefined) return database.all(`SELECT rowid AS seq, * FROM ${table} WHERE rowid < ? ORDER BY rowid DESC LIMIT ?`, below, limit);
  return states
    .flatMap((state) => database.all(`SELECT rowid AS seq, * FROM ${table} WHERE state = ? AND rowid < ? ORDER BY rowid DESC LIMIT ?`, state, below, limit))
    .sort((a, b) => number(b, 'seq') - number(a, 'seq'))
    .slice(0, limit);
}

/** A query of `name` and `count`. */
export function countBy<Name extends string>(database: Database, sql: string, ...values: string[]): ReadonlyMap<Name, number> {
  return new Map(database.all(sql, ...values).map((row) => [text(row, 'name') as Name, number(row, 'count')]));
}

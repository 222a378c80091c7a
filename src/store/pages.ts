// Rows of the inbox and the outbox by state: the newest in pages, and how many there are.
import type { RowPage } from '../core/store.ts';
import type { Database, Row } from './database.ts';
import { number, text } from './row.ts';

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

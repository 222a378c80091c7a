// From columns to values. What is in these columns was written by this store, typed, so it is read back without a second validation.
import { CoPawError } from '../core/error.ts';
import type { Row } from './database.ts';

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw broken(column);
  return value;
}

export function number(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw broken(column);
  return value;
}

/** A member that is present only when the column is not null, for spreading. */
export function optional<K extends string>(row: Row, column: string, member: K): { [key in K]?: string } {
  const value = row[column];
  const members: { [key in K]?: string } = {};
  if (typeof value === 'string') members[member] = value as (typeof members)[K];
  return members;
}

export function json<T>(row: Row, column: string): T {
  try {
    return JSON.parse(text(row, column)) as T;
  } catch (error) {
    throw broken(column, error);
  }
}

function broken(column: string, cause?: unknown): CoPawError {
  return new CoPawError('store-corrupt', `A stored row has a bad "${column}".`, { next: 'Stop CoPaw and go back to a backup: copaw backup list', cause });
}

// The SQLite connection: pragmas, migrations, cached statements, transactions. Only src/store touches it.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { CoPawError } from '../core/error.ts';
import { first } from './migrations/001-first.ts';

/** Numbered and append-only: a migration that has shipped is never edited. */
const migrations = [first] as const;

export type Value = string | number | null;
export type Row = Record<string, unknown>;

export class Database {
  readonly raw: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(raw: DatabaseSync) {
    this.raw = raw;
  }

  /** Throws `conflict` when a key exists already. */
  run(sql: string, ...values: Value[]): { changes: number; lastId: number } {
    try {
      const { changes, lastInsertRowid } = this.#prepare(sql).run(...values);
      return { changes: Number(changes), lastId: Number(lastInsertRowid) };
    } catch (error) {
      throw toStoreError(error);
    }
  }

  get(sql: string, ...values: Value[]): Row | undefined {
    return this.#prepare(sql).get(...values);
  }

  all(sql: string, ...values: Value[]): Row[] {
    return this.#prepare(sql).all(...values);
  }

  /** All or nothing. The callback is synchronous, so nothing else can slip in. */
  transaction<T>(work: () => T): T {
    this.raw.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.raw.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.raw.isTransaction) this.raw.exec('ROLLBACK'); // a full disk has already ended it
      throw error;
    }
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.raw.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** SQLite's words for "this key exists" are a `conflict`; everything else stays what it is. */
function toStoreError(error: unknown): unknown {
  if (error instanceof Error && error.message.includes('UNIQUE constraint failed')) {
    return new CoPawError('conflict', 'This was stored before.', { cause: error });
  }
  return error;
}

export const newestVersion = migrations.length;

/** 0: no migration ran yet. */
export function versionOf(database: Database): number {
  return Number(database.get('PRAGMA user_version')?.user_version ?? 0);
}

/** Brings a database to the newest data version in one transaction. */
export function migrate(database: Database): void {
  const version = versionOf(database);
  if (version >= newestVersion) return;
  database.transaction(() => {
    for (const migration of migrations.slice(version)) database.raw.exec(migration);
    database.raw.exec(`PRAGMA user_version = ${newestVersion}`);
  });
}

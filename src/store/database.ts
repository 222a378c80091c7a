// The SQLite connection: pragmas, migrations, cached statements, transactions. Only src/store touches it.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { CoPawError, machineError } from '../core/error.ts';
import type { StorageState } from '../core/store.ts';
import { oneAtATime } from '../lib/one-at-a-time.ts';
import { first } from './migrations/001-first.ts';
import { learning } from './migrations/002-learning.ts';
import { memoryIndex } from './migrations/002-memory-index.ts';
import { modelWindows } from './migrations/002-model-windows.ts';
import { sessions } from './migrations/002-sessions.ts';
import { previews } from './migrations/003-previews.ts';
import { push } from './migrations/003-push.ts';
import { speech } from './migrations/003-speech.ts';
import { waiting } from './migrations/003-waiting.ts';

/** Numbered and append-only: a migration that has shipped is never edited. What one release adds is one data version. */
export const migrations: readonly string[] = [first, [memoryIndex, sessions, modelWindows, learning].join(''), [waiting, push, previews, speech].join('')];

export type Value = string | number | Uint8Array | null;
export type Row = Record<string, unknown>;

export class Database {
  readonly raw: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  /** For copies of the whole file, and what makes it shorter: a copy whose source became shorter under it would never end. */
  readonly alone = oneAtATime();
  /** Whether the last write found room. A write that had nothing to write says nothing of it. */
  storage: StorageState = 'ok';

  constructor(raw: DatabaseSync) {
    this.raw = raw;
  }

  /** Throws `conflict` when a key exists already, `disk-full` or `disk-read-only` where there is no room. */
  run(sql: string, ...values: Value[]): { changes: number; lastId: number } {
    return this.#writing(() => {
      const { changes, lastInsertRowid } = this.#prepare(sql).run(...values);
      return { changes: Number(changes), lastId: Number(lastInsertRowid) };
    });
  }

  get(sql: string, ...values: Value[]): Row | undefined {
    return this.#named(() => this.#prepare(sql).get(...values));
  }

  all(sql: string, ...values: Value[]): Row[] {
    return this.#named(() => this.#prepare(sql).all(...values));
  }

  /** All or nothing. The callback is synchronous, so nothing else can slip in. */
  transaction<T>(work: () => T): T {
    return this.#writing(() => {
      if (this.raw.isTransaction) this.raw.exec('ROLLBACK'); // one that a failing disk did not let end
      this.raw.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        this.raw.exec('COMMIT');
        return result;
      } catch (error) {
        if (this.raw.isTransaction) this.raw.exec('ROLLBACK'); // a full disk may have ended it
        throw error;
      }
    });
  }

  /** Notes what the disk said. Inside a transaction only its end counts: until then nothing was written. */
  #writing<T>(work: () => T): T {
    const inside = this.raw.isTransaction;
    const before = this.storage === 'ok' ? 0 : this.#changes();
    try {
      const result = this.#named(work);
      if (!inside && this.storage !== 'ok' && this.#changes() > before) this.storage = 'ok';
      return result;
    } catch (error) {
      if (error instanceof CoPawError && error.code === 'disk-full') this.#fill();
      if (error instanceof CoPawError && error.code === 'disk-read-only') this.storage = 'read-only';
      throw error;
    }
  }

  /** What the log of writes takes up is the first room to give back: the next write may find it. */
  #fill(): void {
    this.storage = 'full';
    try {
      if (!this.raw.isTransaction) this.raw.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // no room for that either; nothing is lost by it
    }
  }

  /** Rows that were ever written through this connection. */
  #changes(): number {
    return Number(this.get('SELECT total_changes() AS changes')?.changes);
  }

  #named<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw toStoreError(error);
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

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const corrupt = 11;
const noDatabase = 26;

/** SQLite's words for "this key exists" are a `conflict`, those for a disk without room have codes of their own; everything else stays what it is. */
function toStoreError(error: unknown): unknown {
  if (error instanceof Error && error.message.includes('UNIQUE constraint failed')) {
    return new CoPawError('conflict', 'This was stored before.', { cause: error });
  }
  const number = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : 0;
  if (number === corrupt || number === noDatabase)
    return new CoPawError('store-corrupt', 'The database is damaged.', { next: 'Stop CoPaw and go back to a backup: copaw backup list', cause: error });
  return machineError(error) ?? error;
}

/** 0: no migration ran yet. */
export function versionOf(database: Database): number {
  return Number(database.get('PRAGMA user_version')?.user_version ?? 0);
}

/** Brings a database to the newest data version in one transaction. */
export function migrate(database: Database, all: readonly string[]): void {
  const version = versionOf(database);
  if (version >= all.length) return;
  database.transaction(() => {
    for (const migration of all.slice(version)) database.raw.exec(migration);
    database.raw.exec(`PRAGMA user_version = ${all.length}`);
  });
}

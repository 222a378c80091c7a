// Group commit: batches asked for in one turn of the event loop share one transaction, and so one wait for the disk.
import { CoPawError, isMachineCode } from '../core/error.ts';
import { afterThisTurn } from '../lib/clock.ts';
import type { Database } from './database.ts';

/** Of the disk or the file, so of every batch alike. */
const isOfAll = (code: string): boolean => isMachineCode(code) || code === 'store-corrupt';

interface Asked {
  /** Does the work and returns what tells of it, for after the end of the transaction. */
  run(): () => void;
  reject(error: unknown): void;
}

export class SharedTransaction {
  readonly #database: Database;
  #asked: Asked[] = [];

  constructor(database: Database) {
    this.#database = database;
  }

  /** As `transaction`, and settled only when all of it is durable, in the order of asking. One that fails fails alone, unless it is the disk that fails. */
  ask<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#asked.length === 0) afterThisTurn(() => this.flush());
      this.#asked.push({
        run: () => {
          const result = work();
          return () => resolve(result);
        },
        reject,
      });
    });
  }

  /** Does now what was asked for so far. Whoever asked hears how it went. */
  flush(): void {
    const asked = this.#asked;
    if (asked.length === 0) return;
    this.#asked = [];
    try {
      for (const tell of this.#database.transaction(() => asked.map((one) => this.#alone(one)))) tell();
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }

  #alone({ run, reject }: Asked): () => void {
    const { raw } = this.#database;
    raw.exec('SAVEPOINT one');
    try {
      return run();
    } catch (error) {
      if (!raw.isTransaction || (error instanceof CoPawError && isOfAll(error.code))) throw error; // a full disk may have ended it for all
      raw.exec('ROLLBACK TO one');
      return () => reject(error);
    } finally {
      if (raw.isTransaction) raw.exec('RELEASE one');
    }
  }
}

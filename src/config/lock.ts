// One process per home (R5). The lock is SQLite's exclusive file lock: the kernel drops it when the process dies, however it dies.
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CoPawError } from '../core/error.ts';
import { systemCode } from '../lib/system-error.ts';
import { readRunFile } from './run-file.ts';

/** Takes the home for this process until `release`, or throws `home-locked`. */
export function lockHome(home: string): { release(): void } {
  const path = join(home, 'lock.db');
  createPrivate(path);
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw error;
    const holder = readRunFile(home);
    throw new CoPawError('home-locked', `Another CoPaw${holder ? ` (process ${holder.pid})` : ''} is using ${home}.`, {
      next: 'Use the one that runs (`copaw open`), stop it, or choose another home with --home.',
      rule: 'R5',
      cause: error,
    });
  }
  return {
    release() {
      if (database.isOpen) database.close();
    },
  };
}

/** `wx` never opens a file that exists: closing a second handle of the locked file would drop the lock of this very process. */
function createPrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}

/** SQLITE_BUSY and its extended codes. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === 5;
}

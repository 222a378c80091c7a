// Files that are there only while a backup is made, looked at or gone back to. Their names say which process has them, so that what a crash left is known.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../lib/system-error.ts';
import { backupFolder } from './backup-files.ts';

/** Copies of the database beside it; the number is the process. */
const beside = /^copaw\.db\.(?:restore|copy)_(?:(\d+)_)?/u;
/** An archive that is being written. */
const halfWritten = /^copaw-[\dTZ-]+\.tar\.gz\.new_(\d+)$/u;

/** `what`: "restore" or "copy". With `id` it is nobody else's name. */
export function passingDatabase(database: string, what: 'restore' | 'copy', id: string): string {
  return `${database}.${what}_${process.pid}_${id}`;
}

export function halfWrittenName(path: string): string {
  return `${path}.new_${process.pid}`;
}

/**
 * Removes what processes that are gone left in a home. A process that lives keeps its own: a backup may be looked at beside a running CoPaw. This process
 * counts as gone: it asks before it begins anything, and after what it began was cut off.
 */
export function removeLeftovers(database: string): void {
  for (const [folder, pattern] of [
    [join(database, '..'), beside],
    [backupFolder(database), halfWritten],
  ] as const) {
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      const [found, owner] = pattern.exec(name) ?? [];
      if (found !== undefined && !isAlive(Number(owner ?? 0))) rmSync(join(folder, name), { force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  if (pid === 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) !== 'ESRCH'; // another user's
  }
}

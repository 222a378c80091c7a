// The folder of backups: what lies in it by name and age, and what may leave. A file has its final name only once it was checked.
import { closeSync, existsSync, openSync, readdirSync, readSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { BackupSummary } from '../core/backup.ts';
import { isSealed } from '../lib/sealed-stream.ts';

/** daily: made while CoPaw ran, or on request. upgrade: what was there before a new data version. */
export interface BackupFile {
  readonly path: string;
  readonly kind: 'daily' | 'upgrade';
  /** Milliseconds since the epoch, to the second. */
  readonly at: number;
  readonly bytes: number;
}

/** Of how many days, and of how many weeks beyond the newest, one backup stays. */
export interface BackupKeep {
  readonly days: number;
  readonly weeks: number;
}

const pattern = /^(copaw|before-v\d+)-(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\d)Z\.db$/u;
const halfMade = /^(?:copaw|before-v\d+)-[\dTZ-]+\.db\.new(?:-wal|-shm|-journal)?$/u;
const dayMs = 24 * 60 * 60_000;
const mostUpgrades = 2;

/** `2026-01-05T08-00-00Z`: UTC, in characters every file system takes. */
export function timeStamp(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replaceAll(':', '-')}Z`;
}

/** The folder of backups of the home that holds this database. */
export function backupFolder(database: string): string {
  return join(dirname(database), 'backups');
}

/** Newest first; none where there is no folder. */
export function listBackups(folder: string): readonly BackupFile[] {
  if (!existsSync(folder)) return [];
  const found = readdirSync(folder).flatMap((name): BackupFile[] => {
    const [, kind, day, hour, minute, second] = pattern.exec(name) ?? [];
    const at = kind === undefined ? Number.NaN : Date.parse(`${day}${hour}:${minute}:${second}Z`);
    const path = join(folder, name);
    const stat = Number.isNaN(at) ? undefined : statSync(path, { throwIfNoEntry: false });
    return stat?.isFile() ? [{ path, kind: kind === 'copaw' ? 'daily' : 'upgrade', at, bytes: stat.size }] : [];
  });
  return found.sort((one, other) => other.at - one.at || (one.path < other.path ? 1 : -1));
}

/** What `copaw backup create` calls a file where nobody names it. */
export function archiveName(at: number): string {
  return `copaw-${timeStamp(at)}.tar.gz`;
}

const archivePattern = /^copaw-(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\d)Z\.tar\.gz$/u;

/** Databases and archives, newest first. */
export function listAll(folder: string): readonly BackupSummary[] {
  if (!existsSync(folder)) return [];
  const databases = listBackups(folder).map(
    ({ kind, ...file }): BackupSummary => ({ ...file, name: basename(file.path), kind: kind === 'daily' ? 'database' : 'upgrade', encrypted: false }),
  );
  const archives = readdirSync(folder).flatMap((name): BackupSummary[] => {
    const [, day, hour, minute, second] = archivePattern.exec(name) ?? [];
    const path = join(folder, name);
    const at = day === undefined ? Number.NaN : Date.parse(`${day}${hour}:${minute}:${second}Z`);
    const stat = Number.isNaN(at) ? undefined : statSync(path, { throwIfNoEntry: false });
    return stat?.isFile() ? [{ name, path, kind: 'archive', at, bytes: stat.size, encrypted: isSealed(beginningOf(path)) }] : [];
  });
  return [...databases, ...archives].sort((one, other) => other.at - one.at);
}

function beginningOf(path: string): Uint8Array {
  const handle = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(64);
    return bytes.subarray(0, readSync(handle, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(handle);
  }
}

/** The newest of each of the `days` newest days and of each of the `weeks` newest weeks; the newest of all always. */
export function toKeep(times: readonly number[], { days, weeks }: BackupKeep): ReadonlySet<number> {
  const newestFirst = [...times].sort((one, other) => other - one);
  const kept = new Set(newestFirst.slice(0, 1));
  for (const [length, most] of [
    [dayMs, days],
    [7 * dayMs, weeks],
  ] as const) {
    const seen = new Set<number>();
    for (const at of newestFirst) {
      const span = Math.floor((at + 3 * dayMs) / length); // 1970 began on a Thursday; a week on Monday
      if (!seen.has(span) && seen.size < most) kept.add(at);
      seen.add(span);
    }
  }
  return kept;
}

/** Removes what is not kept, and what a crash left half made. */
export function pruneBackups(folder: string, keep: BackupKeep): void {
  const found = listBackups(folder);
  const daily = found.filter(({ kind }) => kind === 'daily');
  const kept = toKeep(
    daily.map(({ at }) => at),
    keep,
  );
  const old = [...daily.filter(({ at }) => !kept.has(at)), ...found.filter(({ kind }) => kind === 'upgrade').slice(mostUpgrades)];
  for (const { path } of old) rmSync(path, { force: true });
  for (const name of readdirSync(folder)) if (halfMade.test(name)) rmSync(join(folder, name), { force: true });
}

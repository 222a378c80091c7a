// One checked copy of the database a day, while something changes.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../lib/clock.ts';
import { createDaily, type Daily } from '../lib/daily.ts';
import { type BackupKeep, listBackups, pruneBackups, timeStamp } from './backup-files.ts';

const soonestMs = 10 * 60_000;

/** `keep` with neither days nor weeks makes none by itself. */
export function createDailyBackup(parts: {
  readonly folder: string;
  readonly clock: Clock;
  readonly keep: () => BackupKeep;
  readonly copy: (target: string) => Promise<void>;
  readonly onFault: (error: unknown) => void;
}): Daily {
  const { folder, clock, keep, onFault } = parts;
  return createDaily({
    ...{ clock, soonestMs, onFault },
    wanted: () => keep().days + keep().weeks > 0,
    last: () => listBackups(folder).find(({ kind }) => kind === 'daily')?.at,
    async work(at) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      await parts.copy(join(folder, `copaw-${timeStamp(at)}.db`));
      pruneBackups(folder, keep());
    },
  });
}

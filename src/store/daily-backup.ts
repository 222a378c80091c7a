// One checked copy of the database a day, while something changes.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BackupSchedule } from '../core/backup.ts';
import type { Clock } from '../lib/clock.ts';
import { createDaily, type Daily } from '../lib/daily.ts';
import { type BackupKeep, listBackups, pruneBackups, timeStamp } from './backup-files.ts';

const soonestMs = 10 * 60_000;

export interface DailyBackup extends Daily {
  schedule(): BackupSchedule;
}

/** `keep` with neither days nor weeks makes none by itself. */
export function createDailyBackup(parts: {
  readonly folder: string;
  readonly clock: Clock;
  readonly keep: () => BackupKeep;
  readonly copy: (target: string) => Promise<void>;
  readonly onFault: (error: unknown) => void;
}): DailyBackup {
  const { folder, clock, keep } = parts;
  let problem: string | undefined;
  const daily = createDaily({
    ...{ clock, soonestMs },
    onFault(error) {
      problem = error instanceof Error ? error.message : String(error);
      parts.onFault(error);
    },
    wanted: () => keep().days + keep().weeks > 0,
    last: () => listBackups(folder).find(({ kind }) => kind === 'daily')?.at,
    async work(at) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      await parts.copy(join(folder, `copaw-${timeStamp(at)}.db`));
      problem = undefined;
      pruneBackups(folder, keep());
    },
  });
  return {
    ...daily,
    schedule() {
      const { days, weeks } = keep();
      const nextAt = daily.nextAt();
      return { days, weeks, ...(nextAt === undefined ? {} : { nextAt }), ...(problem === undefined ? {} : { problem }) };
    },
  };
}

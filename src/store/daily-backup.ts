// One checked copy of the database a day, while something changes. Where nothing was written there is no timer and no work.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Timer } from '../lib/clock.ts';
import { type BackupKeep, listBackups, pruneBackups, timeStamp } from './backup-files.ts';

export interface DailyBackup {
  /** Something was written. Arms the one timer where none is. */
  changed(): void;
  /** Ends the timer and waits for a copy that is being made. */
  stop(): Promise<void>;
}

const dayMs = 24 * 60 * 60_000;
/** Not in the middle of the answer that was written first. */
const soonestMs = 10 * 60_000;
const retryMs = 60 * 60_000;

/** `keep` with neither days nor weeks makes none by itself. */
export function createDailyBackup(parts: {
  readonly folder: string;
  readonly clock: Clock;
  readonly keep: () => BackupKeep;
  readonly copy: (target: string) => Promise<void>;
  readonly onFault: (error: unknown) => void;
}): DailyBackup {
  const { folder, clock, keep } = parts;
  let timer: Timer | undefined;
  let working: Promise<void> | undefined;
  let stopped = false;
  /** When the next may be made. */
  let due: number | undefined;
  let meanwhile = false;

  const arm = (): void => {
    const { days, weeks } = keep();
    if (stopped || timer || days + weeks === 0) return;
    due ??= (listBackups(folder).find(({ kind }) => kind === 'daily')?.at ?? Number.NEGATIVE_INFINITY) + dayMs;
    timer = clock.after(Math.max(soonestMs, due - clock.now()), () => {
      timer = undefined;
      working = make().finally(() => {
        working = undefined;
        if (meanwhile) arm();
        meanwhile = false;
      });
    });
  };
  const make = async (): Promise<void> => {
    const at = clock.now();
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      await parts.copy(join(folder, `copaw-${timeStamp(at)}.db`));
      pruneBackups(folder, keep());
      due = at + dayMs;
    } catch (error) {
      due = at + retryMs;
      meanwhile = true; // tried again without waiting for the next change
      parts.onFault(error);
    }
  };

  return {
    changed() {
      if (working) meanwhile = true;
      else arm();
    },
    async stop() {
      stopped = true;
      timer?.cancel();
      await working;
    },
  };
}

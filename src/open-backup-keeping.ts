// Composition of the backups of a running CoPaw: the daily one, what a crash left of others, and on first use those that somebody asks for.
import type { AuditDoor } from './core/audit.ts';
import type { HomeBackups } from './core/backup.ts';
import type { Clock } from './lib/clock.ts';
import { once } from './lib/once.ts';
import type { BackupKeep } from './store/backup-files.ts';
import { createDailyBackup } from './store/daily-backup.ts';
import { removeLeftovers } from './store/passing-files.ts';

export interface BackupKeeping {
  /** Something was written. */
  changed(): void;
  /** `by` is for the audit. */
  backups(by: string): Promise<HomeBackups>;
  stop(): Promise<void>;
}

/** Only while this process has the home. */
export function openBackupKeeping(parts: {
  readonly home: string;
  readonly version: string;
  readonly clock: Clock;
  readonly audit: AuditDoor;
  readonly keep: () => BackupKeep;
  /** A checked copy of the database. */
  readonly copy: (target: string) => Promise<void>;
  readonly onFault: (error: unknown) => void;
}): BackupKeeping {
  const { home, version, clock, audit, onFault } = parts;
  try {
    removeLeftovers(`${home}/copaw.db`);
  } catch (error) {
    onFault(error); // they only take room
  }
  const daily = createDailyBackup({ folder: `${home}/backups`, clock, keep: parts.keep, copy: parts.copy, onFault });
  let opened: Promise<{ stop(): Promise<void> }> | undefined;
  const open = once(async () => {
    const { openHomeBackups } = await import('./open-home-backups.ts');
    return openHomeBackups({ home, version, clock, audit, schedule: daily.schedule, onFault });
  });
  return {
    changed: daily.changed,
    async backups(by) {
      const made = open();
      opened = made;
      return (await made).backups(by);
    },
    async stop() {
      await daily.stop();
      await (await opened)?.stop();
    },
  };
}

// Runs in a thread of its own: one backup is made, checked or looked at, whatever that takes of time and memory. The result goes out, or the error in words.
import { parentPort, workerData } from 'node:worker_threads';
import type { BackupMade, BackupReport, BackupStep, RestorePlan } from './core/backup.ts';
import { type ErrorCode, toCoPawError } from './core/error.ts';
import { openBackups } from './open-backup.ts';

export interface BackupTasks {
  create: { readonly asks: object; readonly gives: BackupMade };
  verify: { readonly asks: { readonly path: string }; readonly gives: BackupReport };
  plan: { readonly asks: { readonly path: string }; readonly gives: RestorePlan };
}
export type BackupTask = { [Kind in keyof BackupTasks]: { readonly kind: Kind } & BackupTasks[Kind]['asks'] }[keyof BackupTasks];

export interface BackupJob {
  readonly home: string;
  readonly version: string;
  readonly passphrase: string | undefined;
  readonly task: BackupTask;
}

export type BackupNews =
  | { readonly is: 'step'; readonly step: BackupStep; readonly files: number }
  | { readonly is: 'done'; readonly result: BackupTasks[keyof BackupTasks]['gives'] }
  | { readonly is: 'failed'; readonly code: ErrorCode; readonly message: string; readonly next?: string; readonly rule?: string };

const tell = (news: BackupNews): void => parentPort?.postMessage(news);

async function run({ home, version, passphrase, task }: BackupJob): Promise<BackupTasks[keyof BackupTasks]['gives']> {
  const backups = await openBackups(home, {}, version);
  if (task.kind === 'create')
    return backups.create({ onStep: (step, files) => tell({ is: 'step', step, files }), ...(passphrase === undefined ? {} : { passphrase }) });
  return task.kind === 'verify' ? backups.verify(task.path, passphrase) : backups.plan(task.path, passphrase);
}

// Not awaited up here: one module that waits keeps the bundler from joining what every start loads.
void run(workerData as BackupJob).then(
  (result) => tell({ is: 'done', result }),
  (error: unknown) => {
    const { code, message, next, rule } = toCoPawError(error);
    tell({ is: 'failed', code, message, ...(next === undefined ? {} : { next }), ...(rule === undefined ? {} : { rule }) });
  },
);

// Composition of the backups of a running CoPaw: by name, one piece of work at a time, each in a thread, so that no answer waits for it.
import { Worker } from 'node:worker_threads';
import type { AuditDoor } from './core/audit.ts';
import type { BackupLook, BackupMade, BackupSchedule, BackupSummary, BackupWork, HomeBackups } from './core/backup.ts';
import { CoPawError, toCoPawError } from './core/error.ts';
import type { Clock } from './lib/clock.ts';
import { shellWord } from './lib/shell-word.ts';
import type { BackupJob, BackupNews, BackupTasks } from './open-backup-worker.ts';
import { streamBackup } from './store/backup-file.ts';
import { listAll } from './store/backup-files.ts';
import { removeLeftovers } from './store/passing-files.ts';

/** The thread lies beside this file, in src/ as in dist/, with the same extension. */
const thread = new URL(`./open-backup-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
/** Of what is not file content; of that a few pieces are held outside it. */
const heapMegabytes = 256;

export interface HomeBackupsParts {
  readonly home: string;
  readonly version: string;
  readonly clock: Clock;
  readonly audit: AuditDoor;
  readonly schedule: () => BackupSchedule;
  readonly onFault: (error: unknown) => void;
}

/** `stop` ends what goes on, and leaves nothing of it. */
export function openHomeBackups(parts: HomeBackupsParts): { readonly backups: (by: string) => HomeBackups; stop(): Promise<void> } {
  const { home, version, clock, audit } = parts;
  const folder = `${home}/backups`;
  const end = new AbortController();
  let busy: Promise<unknown> | undefined;
  let work: BackupWork | undefined;

  const named = (name: string): BackupSummary => {
    const found = listAll(folder).find((one) => one.name === name);
    if (!found) throw new CoPawError('not-found', `There is no backup ${name} in this home.`, { next: 'Look at the list again: it may have been removed.' });
    return found;
  };

  const alone = <T>(task: () => Promise<T>): Promise<T> => {
    if (busy) throw new CoPawError('busy', 'Another backup is being made or checked.', { next: 'Wait until it is done.' });
    const running = task().finally(() => {
      busy = undefined;
    });
    busy = running;
    return running;
  };

  async function run<Kind extends keyof BackupTasks>(
    job: Pick<BackupJob, 'passphrase'> & { readonly task: { readonly kind: Kind } & BackupTasks[Kind]['asks'] },
    signal: AbortSignal,
    onStep: (news: Extract<BackupNews, { is: 'step' }>) => void = () => undefined,
  ): Promise<BackupTasks[Kind]['gives']> {
    signal.throwIfAborted();
    const outcome = Promise.withResolvers<BackupTasks[Kind]['gives']>();
    const worker = new Worker(thread, {
      workerData: { ...job, home, version },
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
    });
    worker.on('message', (news: BackupNews) => {
      if (news.is === 'step') onStep(news);
      else if (news.is === 'done') outcome.resolve(news.result as BackupTasks[Kind]['gives']);
      else outcome.reject(news.code === 'internal' ? new Error(news.message) : new CoPawError(news.code, news.message, news));
    });
    worker.once('error', outcome.reject);
    worker.once('exit', () => outcome.reject(new CoPawError('internal', 'The work on a backup ended without a word.', { next: 'The log says more.' })));
    const onAbort = (): void => outcome.reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await outcome.promise;
    } finally {
      signal.removeEventListener('abort', onAbort);
      await worker.terminate();
      removeLeftovers(`${home}/copaw.db`);
    }
  }

  const look = <Kind extends 'verify' | 'plan'>(kind: Kind, name: string, { passphrase, signal }: BackupLook): Promise<BackupTasks[Kind]['gives']> => {
    const { path, encrypted } = named(name);
    if (encrypted && passphrase === undefined) throw new CoPawError('invalid', 'This backup is encrypted.', { next: 'Give its passphrase.' });
    return alone(() => run({ task: { kind, path }, passphrase }, AbortSignal.any([signal, end.signal])));
  };

  const make = async (by: string, passphrase: string | undefined): Promise<BackupMade> => {
    await audit.append('backup-create', { by, encrypted: passphrase !== undefined });
    return run({ task: { kind: 'create' }, passphrase }, end.signal, ({ step, files }) => {
      if (work) work = { ...work, step, files };
    });
  };

  /** As a caller over HTTP would learn it. */
  const problemOf = (error: unknown): NonNullable<BackupWork['problem']> => {
    const { code, message, next } = toCoPawError(error);
    if (code !== 'internal') return { message, ...(next === undefined ? {} : { next }) };
    parts.onFault(error);
    return { message: 'Something went wrong inside CoPaw.', next: 'The log says more.' };
  };

  const backups = (by: string): HomeBackups => ({
    async view() {
      return { backups: listAll(folder), schedule: parts.schedule(), ...(work === undefined ? {} : { work }) };
    },
    async create({ passphrase }) {
      const making = alone(() => make(by, passphrase));
      const begun: BackupWork = { startedAt: clock.now(), state: 'running', step: 'database', files: 0 };
      work = begun;
      making.then(
        (made) => {
          work = { ...(work ?? begun), state: 'done', made, files: made.files };
        },
        (error: unknown) => {
          work = { ...(work ?? begun), state: 'failed', problem: problemOf(error) };
        },
      );
      return begun;
    },
    verify: async (name, options) => look('verify', name, options),
    async plan(name, options) {
      const { path, encrypted } = named(name);
      const plan = await look('plan', name, options);
      const command = `copaw backup restore ${shellWord(path)} --home ${shellWord(home)}`;
      return { ...plan, command: encrypted ? `printf %s "$PASSPHRASE" | ${command} --passphrase-stdin --yes` : command };
    },
    async read(name) {
      const { path } = named(name);
      await audit.append('backup-read', { by, name });
      return streamBackup(path);
    },
  });
  return {
    backups,
    async stop() {
      end.abort();
      await busy?.catch(() => undefined);
    },
  };
}

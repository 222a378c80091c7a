// Composition of the backups of one home: what goes into an archive and through which doors it comes back. Secrets are in none (R23).

import { basename } from 'node:path';
import type { BackupReport, BackupsAdmin, LeftOut, RestoreItem, RestorePlan } from './core/backup.ts';
import { CoPawError } from './core/error.ts';
import type { StreamedFiles } from './core/files.ts';
import { systemClock } from './lib/clock.ts';
import { createIds } from './lib/ids.ts';
import type { Members, Prepared } from './open-backup-return.ts';
import { type Environment, withHome } from './open-home.ts';

/** A backup that was checked, with its database laid out beside the home's own. */
interface Looked {
  readonly report: BackupReport;
  readonly staged: string;
  readonly rows: ReadonlyMap<string, number>;
  readonly scheduled: number;
  /** Of an archive. */
  readonly members: Members | undefined;
}

/** Of a database, while a new one is made of it: one with the newest version and one with what comes back. */
const mostCopies = 2;

interface Look {
  readonly passphrase: string | undefined;
  readonly signal: AbortSignal | undefined;
  /** Every file is laid out, not only the database. */
  readonly whole: boolean;
}

export async function openBackups(home: string, environment: Environment, version: string): Promise<BackupsAdmin> {
  const [{ createKeyFiles }, files, file, io, archive, { passingDatabase }, { readText }, { createFiles }] = await Promise.all([
    import('./store/key-file.ts'),
    import('./store/backup-files.ts'),
    import('./store/backup-file.ts'),
    import('./store/backup-io.ts'),
    import('./store/backup-archive.ts'),
    import('./store/passing-files.ts'),
    import('./config/home-facts.ts'),
    import('./security/workspace-files.ts'),
  ]);
  const clock = systemClock;
  const ids = createIds(clock.now);
  const folder = `${home}/backups`;
  const database = `${home}/copaw.db`;
  const keys = createKeyFiles(`${home}.secret`);
  const keyName = 'backup.key';
  const open = (root: string): StreamedFiles => createFiles({ root, trash: `${home}/trash`, clock, ids });
  const openReturn = async () => (await import('./open-backup-return.ts')).openReturn(home, open);

  /** `work` may read what was laid out; it is gone afterwards. */
  const look = async <T>(path: string, { passphrase, signal, whole }: Look, work: (looked: Looked) => Promise<T>): Promise<T> => {
    const staged = passingDatabase(database, 'restore', ids('x')); // nobody else's: the lock of the home is not held here
    const source = await file.openBackupFile(path, signal);
    try {
      return source.isDatabase ? await lookAtDatabase(path, staged, work) : await lookAtArchive(source.read, passphrase, staged, whole, work);
    } finally {
      await source.close();
      io.removeStaged(staged);
    }
  };

  const lookAtDatabase = async <T>(path: string, staged: string, work: (looked: Looked) => Promise<T>): Promise<T> => {
    await io.stageDatabase(path, staged);
    const { dataVersion, rows, scheduled } = await io.checkStaged(staged);
    const own = files.listBackups(folder).find((one) => one.path === path);
    const kind = own?.kind === 'upgrade' ? 'upgrade' : 'database';
    const at = own?.at ?? io.modifiedAt(path);
    const report = { kind, madeHere: own !== undefined, at, dataVersion, ...countsOf(rows), files: 0, leftOut: [] } as const;
    return work({ report, staged, rows, scheduled, members: undefined });
  };

  const lookAtArchive = async <T>(
    read: () => AsyncIterable<Uint8Array>,
    passphrase: string | undefined,
    staged: string,
    whole: boolean,
    work: (looked: Looked) => Promise<T>,
  ): Promise<T> => {
    const [{ openArchive }, { openStaging }, { readMembers }] = await Promise.all([
      import('./store/backup-open.ts'),
      import('./store/backup-staging.ts'),
      import('./open-backup-return.ts'),
    ]);
    const staging = await openStaging({
      database: staged,
      rest: whole ? `${staged}.members` : undefined,
      folders: ['workspaces', 'skills'],
      texts: ['config.json', 'skills.lock.json'],
    });
    try {
      const { onManifest, keep } = staging;
      const { manifest, members, madeHere } = await openArchive({ read, key: keys.read(keyName), passphrase, onManifest, keep });
      await staging.filled();
      const known = readMembers(members, staging);
      const { dataVersion, rows, scheduled } = await io.checkStaged(staged);
      const report = {
        kind: 'archive',
        madeHere,
        at: Date.parse(manifest.time),
        version: manifest.version,
        dataVersion,
        ...countsOf(rows),
        files: members.length,
        leftOut: manifest.leftOut,
      } as const;
      return await work({ report, staged, rows, scheduled, members: known });
    } finally {
      await staging.close();
    }
  };

  const planOf = async ({ report, rows, scheduled, members }: Looked): Promise<RestorePlan> => {
    const held: RestorePlan['held'][number][] = [];
    const hold = (item: RestoreItem, count: number, what: string): void => void (count > 0 && held.push({ item, count, what: `${count} ${what}` }));
    const back = members && (await openReturn());
    const config = members && back?.config(members, report.madeHere);
    const count = (item: 'allowlists' | 'models' | 'rules'): number => config?.held.get(item)?.length ?? 0;
    hold('devices', rows.get('devices') ?? 0, 'devices with a token');
    hold('allowlists', (rows.get('pairings') ?? 0) + count('allowlists'), 'pairings and changes of who is listened to');
    hold('grants', rows.get('grants') ?? 0, 'standing grants');
    hold('skills', [...(members?.lock.values() ?? [])].filter(({ enabled }) => enabled).length, 'enabled skills');
    hold('schedules', scheduled, 'scheduled jobs');
    hold('models', count('models'), 'changes of models and limits');
    hold('rules', count('rules'), 'changes of rules, sandbox, server and other settings');
    const replaces = [`the database: ${report.sessions} sessions with ${report.entries} events take the place of all there are now`];
    if (config && config.free.length > 0) replaces.push(`config.json: ${config.free.map(({ path }) => path.join('.')).join(', ')}`);
    if (members && back) replaces.push(...(await back.differences(members)));
    return { ...report, replaces, held };
  };

  return {
    async list() {
      return files.listAll(folder);
    },
    async create({ out, passphrase, signal, onStep = () => undefined }) {
      const at = clock.now();
      const path = out ?? `${folder}/${files.archiveName(at)}`;
      const secret: LeftOut = { path: `${home}.secret`, why: 'holds secrets and keys: they are in no backup' };
      const copy = passingDatabase(database, 'copy', ids('x'));
      const config = readText(`${home}/config.json`);
      if (config === undefined) throw new CoPawError('config-corrupt', 'config.json cannot be read.', { next: 'Mend it first: copaw config validate' });
      const [{ gather }, { readTree }] = await Promise.all([import('./open-backup-members.ts'), import('./security/artifact-tree.ts')]);
      try {
        onStep('database', 0);
        await io.copyDatabase(database, copy);
        onStep('files', 0);
        const { members, leftOut } = await gather({
          config,
          lock: readText(`${home}/skills.lock.json`),
          skills: open(`${home}/skills`),
          workspaces: open(`${home}/workspaces`),
          skillFiles: (name) => readTree(`${home}/skills`, name),
        });
        const made = await archive.packArchive({
          members: [{ path: 'copaw.db', executable: false, read: () => file.readPieces(copy) }, ...members],
          leftOut: [secret, ...leftOut],
          ...{ version, at, key: keys.readOrMake(keyName), passphrase, signal, onStep },
          write: (chunks) => file.writeBackupFile(path, chunks),
        });
        return { name: basename(path), path, kind: 'archive', at, encrypted: passphrase !== undefined, ...made };
      } finally {
        io.removeStaged(copy);
      }
    },
    verify: (path, passphrase, signal) => look(path, { passphrase, signal, whole: false }, async ({ report }) => report),
    plan: (path, passphrase, signal) => look(path, { passphrase, signal, whole: false }, planOf),
    restore: (path, { passphrase, bring, signal }) =>
      look(path, { passphrase, signal, whole: true }, async (looked) => {
        const { report, members, staged } = looked;
        const named = new Set<RestoreItem>(bring);
        const kept = `${folder}/replaced-${files.timeStamp(clock.now())}`;
        const replaced = ['copaw.db'];
        const { restoreDatabase } = await import('./store/restore-database.ts');
        const back = await openReturn();
        let prepared: Prepared | undefined;
        await withHome(
          home,
          environment,
          async ({ audit }) => {
            await audit.append('backup-restore', { kind: report.kind, madeHere: report.madeHere, at: report.at, with: [...named].sort().join(',') });
            if (prepared) replaced.push(...(await back.bringBack(prepared, { named, kept, audit, ids })));
          },
          async () => {
            prepared = members && (await back.prepare(members, report.madeHere));
            await file.needRoom(home, (prepared?.bytes ?? 0) + mostCopies * io.bytesOf(staged), 'what comes back and what it replaces');
            await restoreDatabase({ staged, path: database, kept, bring: named, madeHere: report.madeHere, now: clock.now() });
          },
        );
        return { kept, replaced };
      }),
  };
}

function countsOf(rows: ReadonlyMap<string, number>): Pick<BackupReport, 'sessions' | 'entries'> {
  return { sessions: rows.get('sessions') ?? 0, entries: rows.get('entries') ?? 0 };
}

// Composition of the backups of one home: what goes into an archive and through which doors it comes back. Secrets are in none (R23).

import { basename } from 'node:path';
import type { BackupReport, BackupsAdmin, LeftOut, RestoreItem, RestorePlan } from './core/backup.ts';
import { systemClock } from './lib/clock.ts';
import { createIds } from './lib/ids.ts';
import { type Members, openMembers, readMembers } from './open-backup-members.ts';
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

export async function openBackups(home: string, environment: Environment, version: string): Promise<BackupsAdmin> {
  const [{ createKeyFiles }, files, io, archive, { passingDatabase }] = await Promise.all([
    import('./store/key-file.ts'),
    import('./store/backup-files.ts'),
    import('./store/backup-io.ts'),
    import('./store/backup-archive.ts'),
    import('./store/passing-files.ts'),
  ]);
  const clock = systemClock;
  const ids = createIds(clock.now);
  const folder = `${home}/backups`;
  const database = `${home}/copaw.db`;
  const keys = createKeyFiles(`${home}.secret`);
  const keyName = 'backup.key';

  /** `work` may read what was laid out; it is gone afterwards. */
  const look = async <T>(path: string, passphrase: string | undefined, work: (looked: Looked) => Promise<T>): Promise<T> => {
    const staged = passingDatabase(database, 'restore', ids('x')); // nobody else's: the lock of the home is not held here
    const source = io.readBackupFile(path);
    try {
      if ('database' in source) {
        const { dataVersion, rows, scheduled } = await io.stageDatabase(source.database, staged);
        const own = files.listBackups(folder).find((file) => file.path === path);
        const kind = own?.kind === 'upgrade' ? 'upgrade' : 'database';
        const report = {
          kind,
          madeHere: own !== undefined,
          at: own?.at ?? io.modifiedAt(path),
          dataVersion,
          ...countsOf(rows),
          files: 0,
          leftOut: [],
        } as const;
        return await work({ report, staged, rows, scheduled, members: undefined });
      }
      const { manifest, members: all, madeHere } = await archive.openArchive(source.bytes, keys.read(keyName), passphrase);
      const members = readMembers(all);
      const { dataVersion, rows, scheduled } = await io.stageDatabase(members.database, staged);
      const report = {
        kind: 'archive',
        madeHere,
        at: Date.parse(manifest.time),
        version: manifest.version,
        dataVersion,
        ...countsOf(rows),
        files: all.length,
        leftOut: manifest.leftOut,
      } as const;
      return await work({ report, staged, rows, scheduled, members });
    } finally {
      io.removeStaged(staged);
    }
  };

  const planOf = async ({ report, rows, scheduled, members }: Looked): Promise<RestorePlan> => {
    const held: RestorePlan['held'][number][] = [];
    const hold = (item: RestoreItem, count: number, what: string): void => void (count > 0 && held.push({ item, count, what: `${count} ${what}` }));
    const config = members && (await (await openMembers(home)).config(members, report.madeHere));
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
    if (members) replaces.push(...(await (await openMembers(home)).differences(members)));
    return { ...report, replaces, held };
  };

  return {
    async list() {
      return files.listAll(folder);
    },
    async create({ out, passphrase, onStep = () => undefined }) {
      const at = clock.now();
      const path = out ?? `${folder}/${files.archiveName(at)}`;
      const leftOut: LeftOut[] = [{ path: `${home}.secret`, why: 'holds secrets and keys: they are in no backup' }];
      onStep('database', 0);
      const copied = await io.databaseBytes(database, passingDatabase(database, 'copy', ids('x')));
      onStep('files', 0);
      const members = await (await openMembers(home)).gather(copied, leftOut, (files) => onStep('files', files));
      onStep('packing', members.length);
      const packed = await archive.packArchive(members, {
        version,
        leftOut,
        at,
        key: keys.readOrMake(keyName),
        ...(passphrase === undefined ? {} : { passphrase }),
      });
      onStep('writing', members.length);
      io.writeBackupFile(path, packed);
      return { name: basename(path), path, kind: 'archive', at, bytes: packed.length, files: members.length, encrypted: passphrase !== undefined, leftOut };
    },
    verify: (path, passphrase) => look(path, passphrase, async ({ report }) => report),
    plan: (path, passphrase) => look(path, passphrase, planOf),
    restore: (path, { passphrase, bring }) =>
      look(path, passphrase, async (looked) => {
        const { report, members, staged } = looked;
        const named = new Set<RestoreItem>(bring);
        const kept = `${folder}/replaced-${files.timeStamp(clock.now())}`;
        const replaced = ['copaw.db'];
        const { restoreDatabase } = await import('./store/restore-database.ts');
        await withHome(
          home,
          environment,
          async ({ audit }) => {
            await audit.append('backup-restore', { kind: report.kind, madeHere: report.madeHere, at: report.at, with: [...named].sort().join(',') });
            if (members) replaced.push(...(await (await openMembers(home)).bringBack(members, { named, kept, madeHere: report.madeHere, audit, ids })));
          },
          () => restoreDatabase({ staged, path: database, kept, bring: named, madeHere: report.madeHere, now: clock.now() }),
        );
        return { kept, replaced };
      }),
  };
}

function countsOf(rows: ReadonlyMap<string, number>): Pick<BackupReport, 'sessions' | 'entries'> {
  return { sessions: rows.get('sessions') ?? 0, entries: rows.get('entries') ?? 0 };
}

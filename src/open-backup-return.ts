// What of an archive comes back into a home: workspaces through the path door, skills through the artifact door, settings through the config door.

import { readText } from './config/home-facts.ts';
import { type ConfigRestore, configToRestore } from './config/restore-config.ts';
import { parseSkillLock } from './config/skill-lock.ts';
import type { AuditDoor } from './core/audit.ts';
import type { RestoreItem } from './core/backup.ts';
import { CoPawError } from './core/error.ts';
import type { FileInfo, StreamedFiles } from './core/files.ts';
import type { SkillLock } from './core/skill.ts';
import type { ArchiveEntry } from './lib/archive.ts';
import { entriesFault } from './lib/artifact-rules.ts';
import { systemClock } from './lib/clock.ts';
import type { Ids } from './lib/ids.ts';
import { treeHash, treeHashOf } from './lib/tree-hash.ts';
import { readFile } from './open-backup-members.ts';
import { refused } from './store/backup-archive.ts';
import { type ArchivedFile, hashOf } from './store/backup-open.ts';
import type { Staging } from './store/backup-staging.ts';

export interface Members {
  readonly config: string | undefined;
  readonly lock: SkillLock;
  /** By name; paths are relative to the skill's folder. */
  readonly skills: ReadonlyMap<string, readonly ArchivedFile[]>;
  /** Paths begin with the agent. */
  readonly workspaces: readonly ArchivedFile[];
  /** By the path in the archive. Only where a restore wants it. */
  readonly read: Staging['read'];
}

/** Members of no known place are left where they are. Throws `artifact-refused` for a skill that could not be installed. */
export function readMembers(all: readonly ArchivedFile[], { text, read }: Pick<Staging, 'text' | 'read'>): Members {
  const words = text('skills.lock.json');
  const lock: SkillLock = words === undefined ? new Map() : parseSkillLock(words);
  const skills = new Map<string, ArchivedFile[]>();
  const workspaces: ArchivedFile[] = [];
  for (const member of all) {
    const [place, first = '', ...rest] = member.path.split('/');
    if (place === 'workspaces' && first !== '') workspaces.push({ ...member, path: [first, ...rest].join('/') });
    if (place !== 'skills' || rest.length === 0) continue;
    const files = skills.get(first) ?? [];
    files.push({ ...member, path: rest.join('/') });
    skills.set(first, files);
  }
  for (const [name, files] of skills) {
    if (!lock.has(name)) continue;
    const fault = entriesFault(files.map(({ path, bytes }) => ({ path, kind: 'file' as const, data: { length: bytes } })));
    if (fault !== undefined) throw refused(`Its skill ${JSON.stringify(name)} cannot be installed. ${fault}`);
  }
  workspaces.sort((one, other) => (one.path < other.path ? -1 : 1));
  return { config: text('config.json'), lock, skills, workspaces, read };
}

interface Differing {
  readonly file: ArchivedFile;
  /** Bytes of what is there now and is another thing. */
  readonly before: number | undefined;
}

/** What a restore will do to the files of this home. */
export interface Prepared {
  readonly members: Members;
  readonly config: ConfigRestore | undefined;
  readonly files: readonly Differing[];
  /** That they take on the disk, with what is kept of those they replace. */
  readonly bytes: number;
}

export interface Return {
  config(members: Members, madeHere: boolean): ConfigRestore | undefined;
  /** One line for each kind of change outside the database. */
  differences(members: Members): Promise<readonly string[]>;
  /** Changes nothing, and throws where something could not come back. */
  prepare(members: Members, madeHere: boolean): Promise<Prepared>;
  /** What changed, by path. `kept` is the folder that takes in what is overwritten. */
  bringBack(
    prepared: Prepared,
    parts: { readonly named: ReadonlySet<RestoreItem>; readonly kept: string; readonly audit: AuditDoor; readonly ids: Ids },
  ): Promise<readonly string[]>;
}

export async function openReturn(home: string, open: (root: string) => StreamedFiles): Promise<Return> {
  const { readTree } = await import('./security/artifact-tree.ts');
  const workspaces = open(`${home}/workspaces`);

  const present = (): string => {
    const text = readText(`${home}/config.json`);
    if (text === undefined) throw new CoPawError('config-corrupt', 'config.json cannot be read.', { next: 'Mend it first: copaw config validate' });
    return text;
  };
  const config = (members: Members, madeHere: boolean): ConfigRestore | undefined => {
    if (members.config === undefined) return undefined;
    try {
      return configToRestore(members.config, present(), madeHere);
    } catch (error) {
      if (error instanceof CoPawError) throw error;
      throw new CoPawError('artifact-refused', 'Its config.json cannot be used.', { rule: 'R20', cause: error });
    }
  };
  /** What lies in a folder now, by path; nothing where there is none. A list costs less than a look at each file. */
  const listed = async (folder: string): Promise<ReadonlyMap<string, FileInfo>> => {
    try {
      return new Map((await workspaces.list(folder, { limit: Number.MAX_SAFE_INTEGER })).map((info) => [info.path, info]));
    } catch (error) {
      if (error instanceof CoPawError && error.code === 'path-missing') return new Map();
      throw error instanceof CoPawError && error.code === 'path-refused' ? inTheWay(folder) : error;
    }
  };
  const inTheWay = (path: string): CoPawError =>
    new CoPawError('conflict', `${JSON.stringify(path)} is another kind of thing in this home than in the backup.`, {
      next: `Move it away first; it lies in ${home}/workspaces.`,
      retryable: false,
    });
  const differing = async (members: Members): Promise<readonly Differing[]> => {
    const found: Differing[] = [];
    let folder: string | undefined;
    let present: ReadonlyMap<string, FileInfo> = new Map();
    for (const file of members.workspaces) {
      const parent = file.path.slice(0, Math.max(0, file.path.lastIndexOf('/')));
      if (parent !== folder) present = await listed(parent);
      folder = parent;
      const now = present.get(file.path);
      if (now && now.kind !== 'file') throw inTheWay(file.path);
      if (now?.size === file.bytes && (await hashOf(readFile(workspaces, file.path))) === file.sha256) continue;
      found.push({ file, before: now?.size });
    }
    return found;
  };
  const skillHash = async (name: string): Promise<string | undefined> => {
    try {
      return treeHash(await readTree(`${home}/skills`, name));
    } catch (error) {
      if (error instanceof CoPawError) return undefined;
      throw error;
    }
  };

  return {
    config,
    async differences(members) {
      const files = await differing(members);
      const over = files.filter(({ before }) => before !== undefined).length;
      const skills: string[] = [];
      for (const [name, entries] of members.skills) if ((await skillHash(name)) !== treeHashOf(entries)) skills.push(name);
      return [
        ...(files.length > 0 ? [`workspaces: ${over} files are overwritten, ${files.length - over} appear again; files made since stay`] : []),
        ...(skills.length > 0 ? [`skills, installed and not enabled: ${skills.join(', ')}`] : []),
      ];
    },
    async prepare(members, madeHere) {
      const files = await differing(members);
      return { members, config: config(members, madeHere), files, bytes: files.reduce((sum, { file, before = 0 }) => sum + file.bytes + before, 0) };
    },
    async bringBack({ members, config: restore, files }, { named, kept, audit, ids }) {
      const replaced: string[] = [];
      const old = open(kept);
      const changes = restore ? [...restore.free, ...[...restore.held].flatMap(([item, list]) => (named.has(item) ? list : []))] : [];
      if (changes.length > 0) {
        await old.write('config.json', present());
        const [{ openConfig }, { createCommitConfig }] = await Promise.all([import('./config/config-file.ts'), import('./security/commit-config.ts')]);
        const opened = openConfig(home, { onWarning: () => undefined });
        await createCommitConfig({ write: (all) => opened.write(all), audit })('cli', changes);
        replaced.push('config.json');
      }
      for (const { file, before } of files) {
        const path = `workspaces/${file.path}`;
        if (before !== undefined) await old.write(path, readFile(workspaces, file.path));
        await workspaces.write(file.path, members.read(path));
        replaced.push(path);
      }
      replaced.push(...(await bringSkills(members)));
      return replaced;

      async function bringSkills({ skills, lock, read }: Members): Promise<readonly string[]> {
        const [{ createInstallArtifact }, { createCommitSkillLock }, { writeSkillRecord }] = await Promise.all([
          import('./security/install-artifact.ts'),
          import('./security/commit-skill-lock.ts'),
          import('./config/skill-lock.ts'),
        ]);
        const install = createInstallArtifact({ home, clock: systemClock, ids, audit });
        const commit = createCommitSkillLock({ write: (change) => writeSkillRecord(home, change), audit });
        const done: string[] = [];
        for (const [name, files] of skills) {
          const known = lock.get(name);
          if (!known) continue;
          const { enabled, ...bare } = known;
          const wanted = treeHashOf(files);
          const mayRun = named.has('skills') && enabled?.hash === wanted;
          const same = (await skillHash(name)) === wanted;
          if (same && !mayRun) continue;
          const record = async (hash: string): Promise<void> => {
            await commit('cli', { change: mayRun ? 'enable' : 'install', name, record: mayRun ? { ...known, hash } : { ...bare, hash } });
          };
          if (same) await record(known.hash);
          else await install(await entriesOf(files, (path) => read(`skills/${name}/${path}`)), 'skill', name, { replace: true, record });
          done.push(`skills/${name}`);
        }
        return done;
      }
    },
  };
}

/** One skill, which the caps of the artifact door keep small. */
async function entriesOf(files: readonly ArchivedFile[], read: (path: string) => AsyncIterable<Uint8Array>): Promise<readonly ArchiveEntry[]> {
  const entries: ArchiveEntry[] = [];
  for (const { path, executable } of files) {
    const pieces: Uint8Array[] = [];
    for await (const piece of read(path)) pieces.push(piece);
    entries.push({ path, kind: 'file', executable, data: Buffer.concat(pieces) });
  }
  return entries;
}

// The files of a home as members of an archive, and back: workspaces through the path door, skills through the artifact door, settings through the config door.

import { readText } from './config/home-facts.ts';
import { type ConfigRestore, configToRestore } from './config/restore-config.ts';
import { parseSkillLock } from './config/skill-lock.ts';
import type { AuditDoor } from './core/audit.ts';
import type { LeftOut, RestoreItem } from './core/backup.ts';
import { CoPawError } from './core/error.ts';
import type { Files } from './core/files.ts';
import type { SkillLock } from './core/skill.ts';
import type { ArchiveEntry } from './lib/archive.ts';
import { systemClock } from './lib/clock.ts';
import { createIds, type Ids } from './lib/ids.ts';
import { foldedName, nameFault } from './lib/portable-name.ts';
import { treeHash } from './lib/tree-hash.ts';

export interface Members {
  readonly database: Uint8Array;
  readonly config: string | undefined;
  readonly lock: SkillLock;
  /** By name; paths are relative to the skill's folder. */
  readonly skills: ReadonlyMap<string, readonly ArchiveEntry[]>;
  /** Paths begin with the agent. */
  readonly workspaces: readonly ArchiveEntry[];
}

const mebibyte = 1024 * 1024;
const mostFiles = 15_000;
const toldEach = 50;
const mostOfFile = 8 * mebibyte;
const mostOfAll = 224 * mebibyte;
/** Can be made again, or is other programs' business. */
const skipped: ReadonlySet<string> = new Set(['.git', 'node_modules', '.venv', '__pycache__']);

const file = (path: string, data: Uint8Array | string, executable = false): ArchiveEntry => ({
  path,
  kind: 'file',
  data: typeof data === 'string' ? Buffer.from(data) : data,
  executable,
});

/** Throws `artifact-refused` for an archive without a database. Members of no known place are left where they are. */
export function readMembers(all: readonly ArchiveEntry[]): Members {
  const text = (path: string): string | undefined => {
    const found = all.find((member) => member.path === path);
    return found && new TextDecoder().decode(found.data);
  };
  const below = (folder: string): readonly ArchiveEntry[] =>
    all.flatMap((member) => (member.path.startsWith(`${folder}/`) ? [{ ...member, path: member.path.slice(folder.length + 1) }] : []));
  const database = all.find(({ path }) => path === 'copaw.db')?.data;
  if (!database) throw new CoPawError('artifact-refused', 'It holds no database.', { rule: 'R20', next: 'Take another backup: copaw backup list' });
  const skills = new Map<string, ArchiveEntry[]>();
  for (const entry of below('skills')) {
    const [name = '', ...rest] = entry.path.split('/');
    if (rest.length > 0) skills.set(name, [...(skills.get(name) ?? []), { ...entry, path: rest.join('/') }]);
  }
  const lock = text('skills.lock.json');
  return { database, config: text('config.json'), lock: lock === undefined ? new Map() : parseSkillLock(lock), skills, workspaces: below('workspaces') };
}

export async function openMembers(home: string) {
  const [{ createFiles }, { readTree }] = await Promise.all([import('./security/workspace-files.ts'), import('./security/artifact-tree.ts')]);
  const ids = createIds(systemClock.now);
  const open = (root: string): Files => createFiles({ root, trash: `${home}/trash`, clock: systemClock, ids });
  const workspaces = open(`${home}/workspaces`);
  const present = (): string => {
    const text = readText(`${home}/config.json`);
    if (text === undefined) throw new CoPawError('config-corrupt', 'config.json cannot be read.', { next: 'Mend it first: copaw config validate' });
    return text;
  };
  const config = async (members: Members, madeHere: boolean): Promise<ConfigRestore | undefined> => {
    if (members.config === undefined) return undefined;
    try {
      return configToRestore(members.config, present(), madeHere);
    } catch (error) {
      if (error instanceof CoPawError) throw error;
      throw new CoPawError('artifact-refused', 'Its config.json cannot be used.', { rule: 'R20', cause: error });
    }
  };
  const current = async (path: string): Promise<Uint8Array | undefined> => {
    const found = await workspaces.stat(path);
    return found?.kind === 'file' ? workspaces.read(path) : undefined;
  };
  const differing = async (members: Members): Promise<{ readonly entry: ArchiveEntry; readonly before: Uint8Array | undefined }[]> => {
    const found: { entry: ArchiveEntry; before: Uint8Array | undefined }[] = [];
    for (const entry of members.workspaces) {
      const before = await current(entry.path);
      if (!before || Buffer.compare(before, entry.data) !== 0) found.push({ entry, before });
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
    /** Everything that goes into an archive; what does not is added to `leftOut`. `onFiles` hears now and then how many were read. */
    async gather(database: Uint8Array, leftOut: LeftOut[], onFiles: (files: number) => void): Promise<readonly ArchiveEntry[]> {
      const members = [file('copaw.db', database), file('config.json', present())];
      const lock = readText(`${home}/skills.lock.json`);
      if (lock !== undefined) members.push(file('skills.lock.json', lock));
      for (const name of lock === undefined ? [] : parseSkillLock(lock).keys()) {
        try {
          for (const entry of await readTree(`${home}/skills`, name)) members.push({ ...entry, path: `skills/${name}/${entry.path}` });
        } catch (error) {
          if (!(error instanceof CoPawError)) throw error;
          leftOut.push({ path: `skills/${name}`, why: 'could not be read' });
        }
      }
      members.push(...(await readWorkspaces(workspaces, leftOut, (files) => onFiles(members.length + files))));
      return members;
    },
    /** One line for each kind of change outside the database. */
    async differences(members: Members): Promise<readonly string[]> {
      const files = await differing(members);
      const over = files.filter(({ before }) => before !== undefined).length;
      const skills: string[] = [];
      for (const [name, entries] of members.skills) if ((await skillHash(name)) !== treeHash(entries)) skills.push(name);
      return [
        ...(files.length > 0 ? [`workspaces: ${over} files are overwritten, ${files.length - over} appear again; files made since stay`] : []),
        ...(skills.length > 0 ? [`skills, installed and not enabled: ${skills.join(', ')}`] : []),
      ];
    },
    /** What changed, by path. `kept` is the folder that takes in what is overwritten. */
    async bringBack(
      members: Members,
      parts: { readonly named: ReadonlySet<RestoreItem>; readonly kept: string; readonly madeHere: boolean; readonly audit: AuditDoor; readonly ids: Ids },
    ): Promise<readonly string[]> {
      const { named, kept, madeHere, audit } = parts;
      const replaced: string[] = [];
      const old = open(kept);
      const restore = await config(members, madeHere);
      const changes = restore ? [...restore.free, ...[...restore.held].flatMap(([item, list]) => (named.has(item) ? list : []))] : [];
      if (changes.length > 0) {
        await old.write('config.json', present());
        const [{ openConfig }, { createCommitConfig }] = await Promise.all([import('./config/config-file.ts'), import('./security/commit-config.ts')]);
        const opened = openConfig(home, { onWarning: () => undefined });
        await createCommitConfig({ write: (all) => opened.write(all), audit })('cli', changes);
        replaced.push('config.json');
      }
      for (const { entry, before } of await differing(members)) {
        if (before) await old.write(`workspaces/${entry.path}`, before);
        await workspaces.write(entry.path, entry.data);
        replaced.push(`workspaces/${entry.path}`);
      }
      replaced.push(...(await bringSkills(members)));
      return replaced;

      async function bringSkills({ skills, lock }: Members): Promise<readonly string[]> {
        const [{ createInstallArtifact }, { createCommitSkillLock }, { writeSkillRecord }] = await Promise.all([
          import('./security/install-artifact.ts'),
          import('./security/commit-skill-lock.ts'),
          import('./config/skill-lock.ts'),
        ]);
        const install = createInstallArtifact({ home, clock: systemClock, ids: parts.ids, audit });
        const commit = createCommitSkillLock({ write: (name, record) => writeSkillRecord(home, name, record), audit });
        const done: string[] = [];
        for (const [name, entries] of skills) {
          const known = lock.get(name);
          if (!known) continue;
          const { enabled, ...bare } = known;
          const mayRun = named.has('skills') && enabled !== undefined && enabled.hash === treeHash(entries);
          const same = (await skillHash(name)) === treeHash(entries);
          if (same && !mayRun) continue;
          const record = async (hash: string): Promise<void> => {
            await commit('cli', { change: mayRun ? 'enable' : 'install', name, record: mayRun ? { ...known, hash } : { ...bare, hash } });
          };
          if (same) await record(known.hash);
          else await install(entries, 'skill', name, { replace: true, record });
          done.push(`skills/${name}`);
        }
        return done;
      }
    },
  };
}

/** Regular files within the bounds, with names every system can keep. */
async function readWorkspaces(files: Files, leftOut: LeftOut[], onFiles: (files: number) => void): Promise<readonly ArchiveEntry[]> {
  const found: ArchiveEntry[] = [];
  const spelled = new Map<string, string>();
  let total = 0;
  const walk = async (folder: string): Promise<void> => {
    for (const { path, kind, size } of await files.list(folder, { limit: mostFiles })) {
      const name = path.split('/').at(-1) ?? '';
      const clash = spelled.get(foldedName(path));
      const why = skipped.has(name)
        ? 'can be made again'
        : kind === 'other'
          ? 'is a link or a device'
          : nameFault(name) !== undefined || path.split('/').length > 20
            ? 'has a name or place that not every system can keep'
            : clash !== undefined
              ? `differs from ${clash} in case or spelling alone`
              : size > mostOfFile
                ? `is larger than ${mostOfFile / mebibyte} MiB`
                : total + size > mostOfAll || found.length >= mostFiles
                  ? 'is over the bound of all files'
                  : undefined;
      if (why !== undefined) {
        leftOut.push({ path: `workspaces/${path}`, why });
        continue;
      }
      spelled.set(foldedName(path), path);
      if (kind === 'directory') await walk(path);
      else {
        total += size;
        found.push(file(`workspaces/${path}`, await files.read(path)));
        if (found.length % toldEach === 0) onFiles(found.length);
      }
    }
  };
  await walk('');
  return found;
}

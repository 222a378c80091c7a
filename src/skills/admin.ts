// Skills for the operator: install, review, enable, disable, remove. What a skill may do once enabled is not decided here.
import { basename } from 'node:path';
import { CoPawError } from '../core/error.ts';
import type {
  ArtifactInstall,
  RemovedSkill,
  SkillFinding,
  SkillInstall,
  SkillLock,
  SkillLockChange,
  SkillRecord,
  SkillReport,
  SkillsAdmin,
} from '../core/skill.ts';
import type { ArchiveEntry } from '../lib/archive.ts';
import type { Clock } from '../lib/clock.ts';
import { type LoadedSkill, type LoadParts, loadSkills } from './load.ts';
import { isSkillName, manifestFile, manifestFindings, readManifest, toSkillName } from './manifest.ts';
import type { Source } from './read-source.ts';
import { unwrap } from './unwrap.ts';

/** What changes something. */
export interface SkillDoors {
  /** Calls `record` with the tree hash before the skill appears; returns the hash. */
  install(entries: readonly ArchiveEntry[], name: string, options: ArtifactInstall): Promise<string>;
  commit(change: SkillLockChange): Promise<void>;
  /** Moves the folder to the trash and returns its id there. */
  trash(name: string): Promise<string>;
  /** Takes a thing out of the trash for good. */
  empty(trash: string): Promise<void>;
}

export interface SkillsParts extends LoadParts {
  readonly clock: Clock;
  /** What the operator named, read and within the caps. */
  source(path: string): Promise<Source>;
  /** What is known of a removed skill by its id in the trash. */
  removed(trash: string): RemovedSkill | undefined;
  /** Its files; undefined where they left the trash. */
  trashed(trash: string): Promise<readonly ArchiveEntry[] | undefined>;
  scan(files: readonly ArchiveEntry[]): readonly SkillFinding[];
  /** Runs one change at a time on this home. */
  alone<T>(work: (doors: SkillDoors) => Promise<T>): Promise<T>;
}

export function createSkillsAdmin(parts: SkillsParts): SkillsAdmin {
  const { clock, alone } = parts;

  const find = async (name: string): Promise<LoadedSkill> => {
    for await (const skill of loadSkills(only(parts, name))) return skill;
    throw unknown(name);
  };
  const recordOf = (name: string): SkillRecord => {
    const record = parts.lock().get(name);
    if (!record) throw unknown(name);
    return record;
  };
  const findingsIn = (name: string, entries: readonly ArchiveEntry[]): readonly SkillFinding[] => [
    ...manifestFindings(name, readManifest(entries)),
    ...parts.scan(entries),
  ];
  const inspect = async (name: string): Promise<SkillReport> => {
    const { summary, tree } = await find(name);
    return { ...summary, findings: tree ? findingsIn(name, tree.entries) : [] };
  };

  return {
    async list() {
      const summaries: LoadedSkill['summary'][] = [];
      for await (const { summary } of loadSkills(parts)) summaries.push(summary);
      return summaries;
    },
    inspect,
    async install(asked) {
      const source = await parts.source(asked.path);
      const { entries, folder } = unwrap(source.entries);
      if (!entries.some(({ path }) => path === manifestFile))
        throw new CoPawError('artifact-refused', `There is no ${manifestFile} in it.`, {
          next: `Name the folder that holds ${manifestFile}, or an archive of it.`,
          rule: 'R20',
        });
      const name = chooseName(asked, entries, folder);
      await alone(async (doors) => {
        parts.lock(); // a damaged lock stops this before anything is written
        const record = (hash: string): Promise<void> =>
          doors.commit({
            change: 'install',
            name,
            record: { source: { kind: source.kind, path: asked.path }, hash, installedAt: clock.now(), findings: findingsIn(name, entries) },
          });
        await doors.install(entries, name, { replace: asked.replace === true, record });
      });
      return inspect(name);
    },
    enable: (name, hash) =>
      alone(async ({ commit }) => {
        const record = recordOf(name);
        const { summary, manifest } = await find(name);
        if (summary.hash !== hash)
          throw new CoPawError('plan-changed', `What was reviewed of "${name}" is not what is there now.`, {
            next: `Look again with \`copaw skills audit ${name}\` and name the hash it shows.`,
            rule: 'R19',
          });
        if (!manifest) throw new CoPawError('artifact-refused', `"${name}" cannot be used: ${summary.reason ?? ''}`, { rule: 'R19' });
        await commit({ change: 'enable', name, record: { ...record, enabled: { hash, at: clock.now() } } });
        return (await find(name)).summary;
      }),
    disable: (name) =>
      alone(async ({ commit }) => {
        const { enabled: _, ...record } = recordOf(name);
        await commit({ change: 'disable', name, record });
        return (await find(name)).summary;
      }),
    remove: (name) =>
      alone(async ({ commit, trash }) => {
        const present = (await parts.folders()).includes(name);
        const record = present ? parts.lock().get(name) : recordOf(name);
        await commit({ change: 'remove', name });
        if (!present) return {};
        const id = await trash(name);
        await commit({ change: 'trash', name, trash: id, ...(record ? { record } : {}) });
        return { trash: id };
      }),
    restore: (trash) =>
      alone(async ({ install, commit, empty }) => {
        const removed = parts.removed(trash);
        const entries = removed && (await parts.trashed(trash));
        if (!removed || !entries)
          throw new CoPawError('not-found', `There is no skill ${trash} in the trash.`, { next: 'Install it again from where it came.' });
        const { name, record } = removed;
        if (parts.lock().has(name))
          throw new CoPawError('conflict', `A skill "${name}" is installed by now.`, {
            next: `Remove that one first: copaw skills remove ${name}`,
            retryable: false,
          });
        await install(entries, name, { replace: false, record: () => commit({ change: 'restore', name, trash, ...(record ? { record } : {}) }) });
        await empty(trash);
        return (await find(name)).summary;
      }),
  };
}

function chooseName(asked: SkillInstall, entries: readonly ArchiveEntry[], folder: string | undefined): string {
  if (asked.name !== undefined) {
    if (isSkillName(asked.name)) return asked.name;
    throw new CoPawError('usage', `${JSON.stringify(asked.name)} cannot name a skill.`, { next: 'Use lower-case letters, digits, "-" and "_".' });
  }
  const manifest = readManifest(entries);
  const stem = basename(asked.path).replace(/\.(?:zip|tar|tgz|tar\.gz|skill)$/iu, '');
  for (const text of ['fault' in manifest ? '' : manifest.name, folder ?? '', stem]) {
    const name = toSkillName(text);
    if (name !== undefined) return name;
  }
  throw new CoPawError('usage', 'No name for the skill follows from what it holds.', { next: 'Give one with --name.' });
}

/** The same parts, showing one skill. */
function only(parts: LoadParts, name: string): LoadParts {
  return {
    lock: (): SkillLock => new Map([...parts.lock()].filter(([known]) => known === name)),
    folders: async () => (await parts.folders()).filter((known) => known === name),
    tree: (known) => parts.tree(known),
  };
}

function unknown(name: string): CoPawError {
  return new CoPawError('not-found', `There is no skill ${JSON.stringify(name)}.`, { next: 'See what there is with `copaw skills list`.' });
}

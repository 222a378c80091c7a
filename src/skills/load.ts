// Which installed skills may be used: only those whose files are, byte for byte, what the operator enabled (R19). Drift disables and says why.
import { CoPawError } from '../core/error.ts';
import type { SkillLock, SkillRecord, SkillState, SkillSummary } from '../core/skill.ts';
import type { ArchiveEntry } from '../lib/archive.ts';
import { type Manifest, readManifest } from './manifest.ts';

/** A skill's files as they are now, and the hash that stands for them. */
export interface Tree {
  readonly hash: string;
  readonly entries: readonly ArchiveEntry[];
}

export interface LoadParts {
  /** Throws `config-corrupt` for a lock that cannot be read: then nothing is loaded. */
  lock(): SkillLock;
  /** Names of what lies in the skills folder, whatever it is. */
  folders(): Promise<readonly string[]>;
  /** Throws for a folder that holds links, devices or too much. */
  tree(name: string): Promise<Tree>;
}

export interface LoadedSkill {
  readonly summary: SkillSummary;
  /** What was hashed; the skill's text is taken from here and not read again. */
  readonly tree?: Tree;
  readonly manifest: Manifest | undefined;
}

/** Every skill with its state; only those "enabled" may be used. */
export async function* loadSkills(parts: LoadParts): AsyncGenerator<LoadedSkill> {
  const lock = parts.lock();
  const folders = await parts.folders();
  for (const name of [...new Set([...lock.keys(), ...folders])].sort()) yield await loadSkill(parts, name, lock.get(name), folders.includes(name));
}

async function loadSkill(parts: LoadParts, name: string, record: SkillRecord | undefined, present: boolean): Promise<LoadedSkill> {
  const known = {
    name,
    ...(record ? { source: record.source, installedAt: record.installedAt } : {}),
    ...(record?.enabled ? { enabledAt: record.enabled.at } : {}),
  };
  const refused = (state: SkillState, reason: string): LoadedSkill => ({ summary: { ...known, state, reason }, manifest: undefined });
  if (!record) return refused('unlisted', 'Nobody installed it; `copaw skills install` does.');
  if (!present) return refused('missing', 'Its folder is gone.');
  const tree = await parts.tree(name).catch((error: unknown) => {
    if (error instanceof CoPawError) return error;
    throw error;
  });
  if (tree instanceof CoPawError) return refused('drifted', `Its files cannot be read as a skill's: ${tree.message}`);
  const manifest = readManifest(tree.entries);
  const usable = 'fault' in manifest ? undefined : manifest;
  const { state, reason } = stateOf(record, tree.hash, 'fault' in manifest ? manifest.fault : undefined);
  const summary = { ...known, state, hash: tree.hash, ...(reason === undefined ? {} : { reason }), ...(usable ? { description: usable.description } : {}) };
  return { summary, tree, manifest: usable };
}

function stateOf({ enabled, hash }: SkillRecord, now: string, fault: string | undefined): { readonly state: SkillState; readonly reason?: string } {
  if (now !== (enabled ?? { hash }).hash)
    return {
      state: 'drifted',
      reason: enabled
        ? 'Its files are not the ones that were enabled. Review it, then enable it again.'
        : 'Its files are not the ones that were installed. Review it, then enable it again.',
    };
  if (fault !== undefined) return { state: 'invalid', reason: fault };
  return enabled ? { state: 'enabled' } : { state: 'disabled', reason: 'It was not enabled yet, or disabled.' };
}

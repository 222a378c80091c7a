// What the operator named to install, as entries: a directory, or an archive that is unpacked in memory.
import { CoPawError } from '../core/error.ts';
import type { SkillSource } from '../core/skill.ts';
import { type ArchiveEntry, readArchive } from '../lib/archive.ts';
import { artifactCaps } from '../lib/artifact-rules.ts';

export interface Source {
  readonly kind: SkillSource['kind'];
  readonly entries: readonly ArchiveEntry[];
}

/** The files of a directory, or the bytes of a file; read through the path door and within the caps. */
export type ReadNamed = (path: string) => Promise<{ readonly entries: readonly ArchiveEntry[] } | { readonly data: Uint8Array }>;

/** Throws `artifact-refused` for a damaged or odd archive, and whatever `read` throws. The entries are not judged here: the door does that. */
export async function readSource(path: string, read: ReadNamed): Promise<Source> {
  const found = await read(path);
  if ('entries' in found) return { kind: 'directory', entries: found.entries };
  const archive = readArchive(found.data, artifactCaps);
  if ('entries' in archive) return archive;
  throw new CoPawError('artifact-refused', `The archive ${archive.refused}.`, { rule: 'R20', next: 'Take it from a source you trust, or repack it.' });
}

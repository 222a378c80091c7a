// From what an archive or folder holds to what the skill is: without the wrapping folder that archives have, and without what macOS adds.
import type { ArchiveEntry } from '../lib/archive.ts';
import { manifestFile } from './manifest.ts';

/** `folder` is the name of the wrapping folder, where there was one. Paths are only cut, never made better: the door judges them. */
export function unwrap(entries: readonly ArchiveEntry[]): { readonly entries: readonly ArchiveEntry[]; readonly folder?: string } {
  const kept = entries.filter(({ path }) => path !== '__MACOSX' && !path.startsWith('__MACOSX/') && path.split('/').at(-1) !== '.DS_Store');
  if (kept.some(({ path }) => path === manifestFile)) return { entries: kept };
  const [folder, ...others] = new Set(kept.map(({ path }) => path.split('/')[0] ?? ''));
  if (folder === undefined || others.length > 0 || !kept.some(({ path }) => path === `${folder}/${manifestFile}`)) return { entries: kept };
  const inside = kept.filter(({ path }) => path !== folder).map((entry) => ({ ...entry, path: entry.path.slice(folder.length + 1) }));
  return { entries: inside, folder };
}

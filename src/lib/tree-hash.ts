// The one hash that stands for a whole folder.
import type { ArchiveEntry } from './archive.ts';
import { sha256 } from './canonical-json.ts';

/** sha256 over path, executable bit and content of every file, whatever order they come in. Empty folders do not count. */
export function treeHash(entries: readonly ArchiveEntry[]): string {
  return treeHashOf(entries.filter(({ kind }) => kind === 'file').map(({ path, executable, data }) => ({ path, executable, sha256: sha256(data) })));
}

/** The same of files whose content is known by its hash. */
export function treeHashOf(files: readonly (Pick<ArchiveEntry, 'path' | 'executable'> & { readonly sha256: string })[]): string {
  const rows = files.map((file) => [file.path, file.executable, file.sha256] as const).sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  return sha256(JSON.stringify(rows));
}

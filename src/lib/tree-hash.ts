// The one hash that stands for a whole folder.
import { createHash } from 'node:crypto';
import type { ArchiveEntry } from './archive.ts';

/** sha256 over path, executable bit and content of every file, whatever order they come in. Empty folders do not count. */
export function treeHash(entries: readonly ArchiveEntry[]): string {
  const rows = entries
    .filter(({ kind }) => kind === 'file')
    .map(({ path, executable, data }) => [path, executable, createHash('sha256').update(data).digest('hex')] as const)
    .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
}

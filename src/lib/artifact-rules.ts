// What a folder or archive may hold to be installed: caps, kinds and names. Plain data in, a reason out.
import type { ArchiveCaps, ArchiveEntry } from './archive.ts';
import { foldedName, nameFault } from './portable-name.ts';
import { escapeForDisplay } from './visible-text.ts';

const mebibyte = 1024 * 1024;
export const artifactCaps: ArchiveCaps = {
  archiveBytes: 32 * mebibyte,
  totalBytes: 32 * mebibyte,
  fileBytes: 8 * mebibyte,
  entries: 1000,
  depth: 10,
  ratio: 100,
};

/** An entry of which only the length counts. */
type Measured = Pick<ArchiveEntry, 'path' | 'kind'> & { readonly data: { readonly length: number } };

/** Undefined when every system would unpack these entries to the same regular files, below the folder and within the caps; else a sentence that says why not. */
export function entriesFault(
  entries: readonly Measured[],
  caps: Pick<ArchiveCaps, 'totalBytes' | 'fileBytes' | 'entries' | 'depth'> = artifactCaps,
): string | undefined {
  const seen = new Map<string, { readonly path: string; readonly file: boolean }>();
  let total = 0;
  if (entries.length > caps.entries) return `It holds more than ${caps.entries} entries.`;
  for (const { path, kind, data } of entries) {
    const shown = JSON.stringify(escapeForDisplay(path).slice(0, 200));
    if (kind !== 'file' && kind !== 'directory') return `${shown} is a link or a device.`;
    total += data.length;
    if (data.length > caps.fileBytes || total > caps.totalBytes) return `${shown} makes it too large.`;
    const parts = path.split('/');
    if (parts.length > caps.depth) return `${shown} lies too deep.`;
    for (const [index, part] of parts.entries()) {
      const wrong = nameFault(part);
      if (wrong !== undefined) return `${shown} ${wrong}.`;
      const here = { path: parts.slice(0, index + 1).join('/'), file: kind === 'file' && index === parts.length - 1 };
      const folded = foldedName(here.path);
      const known = seen.get(folded);
      if (known && (known.path !== here.path || known.file || here.file)) return `${shown} is there twice, where case and spelling do not count.`;
      seen.set(folded, here);
    }
  }
  return undefined;
}

// Whole folders read through the path door, as entries within the caps (R19, R20).
import { lstat, readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { CoPawError } from '../core/error.ts';
import { pathError } from '../core/path-error.ts';
import type { ArchiveEntry } from '../lib/archive.ts';
import { artifactCaps } from '../lib/artifact-rules.ts';
import { readRange } from '../lib/read-range.ts';
import { systemCode } from '../lib/system-error.ts';
import { openPath } from './open-path.ts';

export function artifactRefused(message: string, next = 'Take it from a source you trust, or repack it.'): CoPawError {
  return new CoPawError('artifact-refused', message, { rule: 'R20', next });
}

/** Every file below `folder`, itself a relative path below `root`. Throws for links, devices and whatever is over the caps. `skip` is told paths below `folder`. */
export async function readTree(root: string, folder: string, skip: (path: string) => boolean = () => false): Promise<readonly ArchiveEntry[]> {
  const found: ArchiveEntry[] = [];
  let total = 0;
  let count = 0;
  const below = (path: string): string => [folder, path].filter((part) => part !== '').join('/');
  const walk = async (path: string, depth: number): Promise<void> => {
    const opened = await openPath(root, below(path), 'directory');
    try {
      const children = (await readdir(opened.path)).map((name) => (path === '' ? name : `${path}/${name}`)).filter((child) => !skip(child));
      count += children.length;
      if (count > artifactCaps.entries || (children.length > 0 && depth > artifactCaps.depth))
        throw artifactRefused('It holds too many files, or nests too deep.');
      for (const child of children) {
        if ((await lstat(`${opened.path}/${basename(child)}`)).isDirectory()) {
          await walk(child, depth + 1);
          continue;
        }
        const file = await readFile(root, below(child), child, Math.min(artifactCaps.fileBytes, artifactCaps.totalBytes - total));
        total += file.data.length;
        found.push(file);
      }
    } catch (error) {
      throw pathError(error, systemCode(error), path);
    } finally {
      await opened.close();
    }
  };
  await walk('', 1).catch(asArtifact);
  return found;
}

/** What the path door refuses, or the system, said to somebody who installs. */
function asArtifact(error: unknown): never {
  if (systemCode(error) === 'EACCES') throw artifactRefused('It holds a file that may not be read.', 'Give yourself the right to read it.');
  throw error instanceof CoPawError && error.code === 'path-refused'
    ? artifactRefused(error.message, 'Only regular files and folders can be installed.')
    : error;
}

async function readFile(root: string, relative: string, path: string, most: number): Promise<ArchiveEntry> {
  const file = await openPath(root, relative, 'read');
  try {
    if (file.size > most) throw artifactRefused(`${JSON.stringify(path)} has ${file.size} bytes; that is too much.`);
    const data = await readRange(file.handle, 0, file.size);
    if (data.length !== file.size) throw artifactRefused(`${JSON.stringify(path)} changed while it was read.`, 'Try again.');
    return { path, kind: 'file', data, executable: ((await file.handle.stat()).mode & 0o111) !== 0 };
  } finally {
    await file.close();
  }
}

/** What the operator named: the files of a directory (read without following links, without `.git`) or the bytes of a file. */
export async function readNamed(path: string): Promise<{ readonly entries: readonly ArchiveEntry[] } | { readonly data: Uint8Array }> {
  const info = await lstat(path).catch((error: unknown) => {
    throw pathError(error, systemCode(error), path);
  });
  if (info.isDirectory()) return { entries: await readTree(path, '', (child) => child === '.git') };
  const name = basename(path);
  return readFile(dirname(path), name, name, artifactCaps.archiveBytes).catch(asArtifact);
}

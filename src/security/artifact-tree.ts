// Folders and archives as entries, read through the path door, and the one hash that stands for a whole folder (R19, R20).
import { createHash } from 'node:crypto';
import { lstat, readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { CoPawError } from '../core/error.ts';
import type { SkillSource } from '../core/skill.ts';
import { type ArchiveCaps, type ArchiveEntry, readArchive } from '../lib/archive.ts';
import { fromSystem, openPath, systemCode } from './path-walk.ts';

const mebibyte = 1024 * 1024;
export const artifactCaps: ArchiveCaps = {
  archiveBytes: 32 * mebibyte,
  totalBytes: 32 * mebibyte,
  fileBytes: 8 * mebibyte,
  entries: 1000,
  depth: 10,
  ratio: 100,
};

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
      const names = (await readdir(opened.path)).filter((name) => !skip(path === '' ? name : `${path}/${name}`));
      count += names.length;
      if (count > artifactCaps.entries || (names.length > 0 && depth > artifactCaps.depth))
        throw artifactRefused('It holds too many files, or nests too deep.');
      for (const name of names) {
        const child = path === '' ? name : `${path}/${name}`;
        if ((await lstat(`${opened.path}/${name}`)).isDirectory()) {
          await walk(child, depth + 1);
          continue;
        }
        const file = await readFile(root, below(child), child, Math.min(artifactCaps.fileBytes, artifactCaps.totalBytes - total));
        total += file.data.length;
        found.push(file);
      }
    } catch (error) {
      throw fromSystem(error, path);
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
    const data = new Uint8Array(file.size);
    const { bytesRead } = await file.handle.read(data, 0, data.length, 0);
    if (bytesRead !== data.length) throw artifactRefused(`${JSON.stringify(path)} changed while it was read.`, 'Try again.');
    return { path, kind: 'file', data, executable: ((await file.handle.stat()).mode & 0o111) !== 0 };
  } finally {
    await file.close();
  }
}

/** What the operator named: a directory (read without following links, without `.git`) or an archive. */
export async function readArtifact(path: string): Promise<{ readonly kind: SkillSource['kind']; readonly entries: readonly ArchiveEntry[] }> {
  const info = await lstat(path).catch((error: unknown) => {
    throw fromSystem(error, path);
  });
  const [root, name] = [dirname(path), basename(path)];
  if (info.isDirectory()) return { kind: 'directory', entries: await readTree(path, '', (child) => child === '.git') };
  const { data } = await readFile(root, name, name, artifactCaps.archiveBytes).catch(asArtifact);
  const archive = readArchive(data, artifactCaps);
  if ('refused' in archive) throw artifactRefused(`The archive ${archive.refused}.`);
  return archive;
}

/** sha256 over path, executable bit and content of every file, whatever order they come in. Empty folders do not count. */
export function treeHash(entries: readonly ArchiveEntry[]): string {
  const rows = entries
    .filter(({ kind }) => kind === 'file')
    .map(({ path, executable, data }) => [path, executable, createHash('sha256').update(data).digest('hex')] as const)
    .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
}

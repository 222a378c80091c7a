// Door "installArtifact" (R20): entries become a new folder of the home, whole or not at all. Installing never enables.
import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { CoPawError } from '../core/error.ts';
import type { Files } from '../core/files.ts';
import type { ArchiveEntry } from '../lib/archive.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import { escapeForDisplay } from '../lib/visible-text.ts';
import { artifactCaps, artifactRefused, readTree, treeHash } from './artifact-tree.ts';
import type { AuditDoor } from './audit.ts';
import { createFiles } from './open-path.ts';
import { openPath, reservedOnWindows, systemCode } from './path-walk.ts';

export interface InstallOptions {
  /** What is there goes to the trash; else a taken name is a `conflict`. */
  readonly replace: boolean;
  /** Writes down what is about to be there, after all was checked and before it appears. A throw ends the installation. */
  readonly record: (hash: string) => Promise<void>;
}

/** Where each kind lives below the home. */
const folders = { skill: 'skills' } as const;

/** Only one installation at a time may run on a home. Returns the tree hash of what was written. */
export function createInstallArtifact(parts: { readonly home: string; readonly clock: Clock; readonly ids: Ids; readonly audit: AuditDoor }) {
  const { home, clock, ids, audit } = parts;
  return async (entries: readonly ArchiveEntry[], kind: keyof typeof folders, name: string, { replace, record }: InstallOptions): Promise<string> => {
    const wrong = name.includes('/') ? 'is not a plain name' : wrongName(name);
    if (wrong !== undefined) throw artifactRefused(`The name ${JSON.stringify(escapeForDisplay(name))} ${wrong}.`);
    checkEntries(entries);
    const root = `${home}/${folders[kind]}`;
    const target = `${root}/${name}`;
    const quarantine = `${home}/quarantine`;
    await mkdir(root, { recursive: true, mode: 0o700 });
    const taken = await lstat(target).catch((error: unknown) => {
      if (systemCode(error) !== 'ENOENT') throw error;
    });
    if (taken && !(replace && taken.isDirectory()))
      throw new CoPawError('conflict', `"${name}" is installed already.`, { next: 'Use --replace, or another --name.', retryable: false });
    // What an interrupted installation left goes too.
    await rm(quarantine, { recursive: true, force: true });
    try {
      await mkdir(quarantine, { mode: 0o700 });
      await writeEntries(createFiles({ root: quarantine, trash: `${home}/trash`, clock, ids }), quarantine, entries);
      const hash = treeHash(await readTree(quarantine, ''));
      await audit.append('artifact-install', { artifact: kind, name, hash });
      await record(hash);
      if (taken) await createFiles({ root, trash: `${home}/trash`, clock, ids }).trash(name);
      await rename(quarantine, target);
      return hash;
    } finally {
      await rm(quarantine, { recursive: true, force: true });
    }
  };
}

async function writeEntries(files: Files, root: string, entries: readonly ArchiveEntry[]): Promise<void> {
  for (const { path, kind, data, executable } of entries) {
    if (kind !== 'file') continue;
    await files.write(path, data);
    const written = await openPath(root, path, 'read');
    await written.handle.chmod(executable ? 0o755 : 0o644).finally(() => written.close());
  }
}

/** Throws `artifact-refused` unless every system would unpack these entries to the same regular files, below the folder and within the caps. */
export function checkEntries(entries: readonly ArchiveEntry[]): void {
  const seen = new Map<string, { readonly path: string; readonly file: boolean }>();
  let total = 0;
  if (entries.length > artifactCaps.entries) throw artifactRefused(`It holds more than ${artifactCaps.entries} entries.`);
  for (const { path, kind, data } of entries) {
    const shown = JSON.stringify(escapeForDisplay(path).slice(0, 200));
    if (kind !== 'file' && kind !== 'directory') throw artifactRefused(`${shown} is a link or a device.`);
    total += data.length;
    if (data.length > artifactCaps.fileBytes || total > artifactCaps.totalBytes) throw artifactRefused(`${shown} makes it too large.`);
    const parts = path.split('/');
    if (parts.length > artifactCaps.depth) throw artifactRefused(`${shown} lies too deep.`);
    for (const [index, part] of parts.entries()) {
      const wrong = wrongName(part);
      if (wrong !== undefined) throw artifactRefused(`${shown} ${wrong}.`);
      const here = { path: parts.slice(0, index + 1).join('/'), file: kind === 'file' && index === parts.length - 1 };
      const folded = fold(here.path);
      const known = seen.get(folded);
      if (known && (known.path !== here.path || known.file || here.file))
        throw artifactRefused(`${shown} is there twice, where case and spelling do not count.`);
      seen.set(folded, here);
    }
  }
}

function wrongName(part: string): string | undefined {
  if (part === '' || part === '.' || part === '..') return 'is not a plain relative path';
  if (Buffer.byteLength(part) > 255) return 'has a name over 255 bytes';
  if (/[\\:\n\t]/u.test(part) || escapeForDisplay(part) !== part) return 'holds a character that names cannot have';
  if (/[. ]$/u.test(part)) return 'ends in a dot or a space';
  if (reservedOnWindows.test(part.replace(/ +(?=\.|$)/u, ''))) return 'names a device of Windows';
  return fold(part) === '.git' ? 'is a place that git runs things from' : undefined;
}

/** One spelling for all that some file system takes for the same name. */
function fold(name: string): string {
  return name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}

// Door "installArtifact" (R20): entries become a new folder of the home, whole or not at all. Installing never enables.
import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import type { AuditDoor } from '../core/audit.ts';
import { CoPawError } from '../core/error.ts';
import type { Files } from '../core/files.ts';
import type { ArtifactInstall } from '../core/skill.ts';
import type { ArchiveEntry } from '../lib/archive.ts';
import { entriesFault } from '../lib/artifact-rules.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import { nameFault } from '../lib/portable-name.ts';
import { systemCode } from '../lib/system-error.ts';
import { treeHash } from '../lib/tree-hash.ts';
import { escapeForDisplay } from '../lib/visible-text.ts';
import { artifactRefused, readTree } from './artifact-tree.ts';
import { openPath } from './open-path.ts';
import { createFiles } from './workspace-files.ts';

/** Where each kind lives below the home. */
const folders = { skill: 'skills' } as const;

/** Only one installation at a time may run on a home. Returns the tree hash of what was written. */
export function createInstallArtifact(parts: { readonly home: string; readonly clock: Clock; readonly ids: Ids; readonly audit: AuditDoor }) {
  const { home, clock, ids, audit } = parts;
  return async (entries: readonly ArchiveEntry[], kind: keyof typeof folders, name: string, { replace, record }: ArtifactInstall): Promise<string> => {
    const wrong = name.includes('/') ? 'is not a plain name' : nameFault(name);
    if (wrong !== undefined) throw artifactRefused(`The name ${JSON.stringify(escapeForDisplay(name))} ${wrong}.`);
    const fault = entriesFault(entries);
    if (fault !== undefined) throw artifactRefused(fault);
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

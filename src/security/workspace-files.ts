// Files below one root on top of the path door: reads, atomic writes, lists and trash, all through directory handles (R17).
import { randomBytes } from 'node:crypto';
import { constants, lstatSync, type Stats } from 'node:fs';
import { lstat, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CoPawError } from '../core/error.ts';
import type { FileInfo, StreamedFiles } from '../core/files.ts';
import { pathError, pathRefused } from '../core/path-error.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import { mapInGroups } from '../lib/map-in-groups.ts';
import { readRange } from '../lib/read-range.ts';
import { isGitName } from '../lib/relative-path.ts';
import { systemCode } from '../lib/system-error.ts';
import { type Opened, openPath, splitPath } from './open-path.ts';

const wholeFileLimit = 64 * 1024 * 1024;

/** Files below `root`, which must exist. Deleted things go to `trash` as `<id>-<name>` with a `<id>.json` that says where they were. */
export function createFiles(options: { readonly root: string; readonly trash: string; readonly clock: Clock; readonly ids: Ids }): StreamedFiles {
  const { root, trash, clock, ids } = options;

  /** Runs `fn` with the directory that holds `relative` open, and its last component. */
  async function inParent<T>(relative: string, mode: 'directory' | 'make', fn: (parent: Opened, name: string) => Promise<T>): Promise<T> {
    const parts = splitPath(relative);
    const name = parts.at(-1);
    if (name === undefined) throw pathRefused(relative, 'is the root itself');
    const parent = await openPath(root, parts.slice(0, -1).join('/'), mode);
    try {
      return await fn(parent, name);
    } catch (error) {
      throw pathError(error, systemCode(error), relative);
    } finally {
      await parent.close();
    }
  }

  async function read(path: string, range?: { readonly offset: number; readonly length: number }): Promise<Uint8Array> {
    const file = await openPath(root, path, 'read');
    try {
      const offset = Math.max(0, range?.offset ?? 0);
      const wanted = Math.max(0, Math.min(range?.length ?? file.size, file.size - offset));
      if (wanted > wholeFileLimit) throw new CoPawError('too-large', `${JSON.stringify(path)} has ${file.size} bytes.`, { next: 'Read a part of it.' });
      return await readRange(file.handle, offset, wanted);
    } finally {
      await file.close();
    }
  }

  async function listInto(found: FileInfo[], path: string, recursive: boolean, limit: number): Promise<void> {
    const folder = await openPath(root, path, 'directory');
    const from = found.length;
    try {
      const names = (await readdir(folder.path)).sort().slice(0, limit - from);
      const infos = await mapInGroups(names, (name) => lstat(`${folder.path}/${name}`).catch(() => undefined)); // one may be gone meanwhile
      names.forEach((name, at) => void (infos[at] && found.push(describe(path === '' ? name : `${path}/${name}`, infos[at]))));
    } finally {
      await folder.close();
    }
    if (!recursive) return;
    for (const { path: child } of found.slice(from).filter(({ kind }) => kind === 'directory')) {
      if (found.length >= limit) return;
      await listInto(found, child, true, limit).catch((error: unknown) => {
        // A name that was swapped for a link, or that R17 does not open, is listed and not entered.
        if (!(error instanceof CoPawError) && systemCode(error) !== 'EACCES') throw error;
      });
    }
  }

  return {
    read,
    readText: async (path) => new TextDecoder().decode(await read(path)),
    write: async (path, data) => {
      splitPath(path, true);
      await inParent(path, 'make', async (parent, name) => {
        const target = `${parent.path}/${name}`;
        const before = await lstat(target).catch(() => undefined);
        if (isGitName(name)) throw pathRefused(path, 'is read-only: git would follow it');
        if (before !== undefined && !before.isFile()) throw pathRefused(path, 'is not a regular file');
        if (before !== undefined && before.nlink > 1) throw pathRefused(path, 'has another name (hard link)');
        const temporary = `${parent.path}/.copaw-${randomBytes(8).toString('hex')}.tmp`;
        const handle = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0), 0o644);
        try {
          await handle.writeFile(data);
          if (before !== undefined) await handle.chmod(before.mode & 0o777);
          await handle.sync();
          await handle.close();
          await rename(temporary, target);
        } catch (error) {
          await handle.close().catch(() => undefined);
          await rm(temporary, { force: true });
          throw error;
        }
      });
    },
    list: async (path, listing = {}) => {
      const found: FileInfo[] = [];
      await listInto(found, splitPath(path).join('/'), listing.recursive === true, listing.limit ?? 1000);
      return found.sort((one, other) => (one.path < other.path ? -1 : one.path > other.path ? 1 : 0));
    },
    // Asked on every turn: a few microseconds at once instead of a round through the thread pool for each name.
    stamps: async (names) => {
      if (names.some((name) => splitPath(name).length !== 1)) throw pathRefused(names.join(', '), 'is not a name');
      return names.map((name) => {
        const info = lstatSync(join(root, name), { bigint: true, throwIfNoEntry: false });
        return info === undefined ? '' : `${info.ino}:${info.ctimeNs}:${info.size}`;
      });
    },
    stat: async (path) => {
      const shown = splitPath(path).join('/');
      try {
        if (shown !== '') return await inParent(path, 'directory', async (parent, name) => describe(shown, await lstat(`${parent.path}/${name}`)));
        const folder = await openPath(root, path, 'directory');
        await folder.close();
        return { path: '.', kind: folder.kind, size: folder.size, modifiedAt: folder.modifiedAt, changedAt: folder.changedAt };
      } catch (error) {
        if (error instanceof CoPawError && error.code === 'path-missing') return undefined;
        throw error;
      }
    },
    trash: async (path) => {
      splitPath(path, true);
      return inParent(path, 'directory', async (parent, name) => {
        const source = `${parent.path}/${name}`;
        const info = await lstat(source);
        if (!info.isFile() && !info.isDirectory()) throw pathRefused(path, 'is not a file or directory');
        const id = ids('trash');
        await mkdir(trash, { recursive: true, mode: 0o700 });
        await rename(source, join(trash, `${id}-${Buffer.from(name).subarray(0, 120).toString()}`));
        await writeFile(join(trash, `${id}.json`), JSON.stringify({ path, at: clock.now() }), { mode: 0o600, flag: 'wx' });
        return id;
      });
    },
  };
}

function describe(path: string, info: Stats): FileInfo {
  const kind = info.isFile() ? 'file' : info.isDirectory() ? 'directory' : 'other';
  return { path, kind, size: kind === 'file' ? info.size : 0, modifiedAt: Math.round(info.mtimeMs), changedAt: info.ctimeMs };
}

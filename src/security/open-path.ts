// Door "openPath" (R17): opens what a relative path names below a root, component by component, and never through a link.
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { pathError, pathRefused } from '../core/path-error.ts';
import { gitFault, pathFault, pathParts } from '../lib/relative-path.ts';
import { systemCode } from '../lib/system-error.ts';

/** read: a regular file. directory: an existing directory. make: a directory, made with its parents where missing. */
export type OpenMode = 'read' | 'directory' | 'make';

/** Something open below a root; whoever gets one closes it. */
export interface Opened {
  readonly handle: FileHandle;
  readonly size: number;
  readonly modifiedAt: number;
  readonly changedAt: number;
  readonly kind: 'file' | 'directory';
  /** A path that stays on this directory whatever is renamed meanwhile (Linux); elsewhere its plain path. */
  readonly path: string;
  close(): Promise<void>;
}

const linux = process.platform === 'linux';

/**
 * The components of a relative path; none for the root itself. Throws `path-refused` for everything that could mean another place and,
 * with `change`, where a write would change what git runs.
 */
export function splitPath(relative: string, change = false): readonly string[] {
  const fault = pathFault(relative) ?? (change ? gitFault(relative) : undefined);
  if (fault !== undefined) throw pathRefused(relative, fault);
  return pathParts(relative);
}

/** Opens `relative` below `root`. Throws `path-refused` or `path-missing`; the caller closes the result. */
export async function openPath(root: string, relative: string, mode: OpenMode): Promise<Opened> {
  const parts = splitPath(relative, mode === 'make');
  const start = await open(root, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0)).catch((error: unknown) => {
    throw pathError(error, systemCode(error), relative);
  });
  let current = start;
  let path = root;
  try {
    const device = (await start.stat()).dev;
    for (const [index, part] of parts.entries()) {
      const last = index === parts.length - 1;
      const next = await openChild(`${pinned(current, path)}/${part}`, relative, mode, last);
      if (current !== start) await current.close();
      current = next;
      path = join(path, part);
      const info = await next.stat();
      if (info.dev !== device) throw pathRefused(relative, 'is on another device');
      const wanted = last && mode === 'read' ? info.isFile() : info.isDirectory();
      if (!wanted) throw pathRefused(relative, last && mode === 'read' ? 'is not a regular file' : 'is not a directory');
    }
    if (parts.length === 0 && mode === 'read') throw pathRefused(relative, 'is not a regular file');
    if (current !== start) await start.close();
    const info = await current.stat();
    const handle = current;
    return {
      handle,
      size: info.isDirectory() ? 0 : info.size,
      modifiedAt: Math.round(info.mtimeMs),
      changedAt: info.ctimeMs,
      kind: info.isDirectory() ? 'directory' : 'file',
      path: pinned(handle, path),
      close: () => handle.close(),
    };
  } catch (error) {
    if (current !== start) await current.close();
    await start.close().catch(() => undefined);
    throw pathError(error, systemCode(error), relative);
  }
}

/** A path that stays on what is open whatever is renamed meanwhile (Linux); elsewhere its plain path. */
function pinned(handle: FileHandle, path: string): string {
  return linux ? `/proc/self/fd/${handle.fd}` : path;
}

async function openChild(child: string, relative: string, mode: OpenMode, last: boolean): Promise<FileHandle> {
  if (mode === 'make') {
    await mkdir(child, 0o755).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw error;
    });
  }
  const file = last && mode === 'read';
  // lstat first so that opening a device or FIFO has no side effect; O_NOFOLLOW and the caller's fstat are what decides.
  const before = await lstat(child);
  if (before.isSymbolicLink()) throw pathRefused(relative, 'goes through a link');
  if (file ? !before.isFile() : !before.isDirectory()) throw pathRefused(relative, file ? 'is not a regular file' : 'is not a directory');
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (file ? (constants.O_NONBLOCK ?? 0) : (constants.O_DIRECTORY ?? 0));
  const handle = await open(child, flags);
  const after = await handle.stat();
  if (linux || (after.ino === before.ino && after.dev === before.dev)) return handle;
  await handle.close();
  throw pathRefused(relative, 'changed while it was opened');
}

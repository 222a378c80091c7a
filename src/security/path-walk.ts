// Door "openPath" (R17): opens what a relative path names below a root, component by component, and never through a link.
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { CoPawError } from '../core/error.ts';

/** read: a regular file. directory: an existing directory. make: a directory, made with its parents where missing. */
export type OpenMode = 'read' | 'directory' | 'make';

/** Something open below a root; whoever gets one closes it. */
export interface Opened {
  readonly handle: FileHandle;
  readonly size: number;
  readonly modifiedAt: number;
  readonly kind: 'file' | 'directory';
  /** A path that stays on this directory whatever is renamed meanwhile (Linux); elsewhere its plain path. */
  readonly path: string;
  close(): Promise<void>;
}

const linux = process.platform === 'linux';
const windows = process.platform === 'win32';
export const reservedOnWindows = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;

/** Splits a relative path into its components; throws `path-refused` for everything that could mean another place. `.` is the root itself. */
export function splitPath(relative: string): readonly string[] {
  if (relative.includes('\0')) throw refused(relative, 'holds a NUL character');
  if (relative.startsWith('/')) throw refused(relative, 'is absolute');
  if (relative.includes('\\') || relative.includes(':')) throw refused(relative, 'holds a backslash or a colon');
  const parts = relative.split('/').filter((part) => part !== '' && part !== '.');
  for (const part of parts) {
    if (part === '..') throw refused(relative, 'leaves its folder');
    if (Buffer.byteLength(part) > 255) throw refused(relative, 'has a name over 255 bytes');
    if (windows && (reservedOnWindows.test(part) || /[. ]$/.test(part))) throw refused(relative, 'names a device');
  }
  return parts;
}

/** Throws `path-refused` where a write would change what git runs: hooks and configuration below `.git`, or a `.git` file. */
export function refuseProtected(relative: string, parts: readonly string[]): void {
  const names = parts.map((part) =>
    part
      .replace(/\p{Cf}/gu, '')
      .normalize('NFKC')
      .toLowerCase(),
  );
  const git = names.findIndex((name) => name === '.git' || /^git~\d+$/.test(name));
  if (git === -1) return;
  const inside = names.slice(git + 1);
  if (inside.some((name) => name === 'hooks' || name === 'config' || name === 'config.worktree')) throw refused(relative, 'is read-only: git would run it');
}

/** Opens `relative` below `root`. Throws `path-refused` or `path-missing`; the caller closes the result. */
export async function openPath(root: string, relative: string, mode: OpenMode): Promise<Opened> {
  const parts = splitPath(relative);
  if (mode === 'make') refuseProtected(relative, parts);
  const start = await open(root, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0)).catch((error: unknown) => {
    throw fromSystem(error, relative);
  });
  let current = start;
  let path = root;
  try {
    const device = (await start.stat()).dev;
    for (const [index, part] of parts.entries()) {
      const last = index === parts.length - 1;
      const child = childPath(current, path, part);
      const next = await openChild(child, relative, mode, last);
      if (current !== start) await current.close();
      current = next;
      path = join(path, part);
      const info = await next.stat();
      if (info.dev !== device) throw refused(relative, 'is on another device');
      const wanted = last && mode === 'read' ? info.isFile() : info.isDirectory();
      if (!wanted) throw refused(relative, last && mode === 'read' ? 'is not a regular file' : 'is not a directory');
    }
    if (parts.length === 0 && mode === 'read') throw refused(relative, 'is not a regular file');
    if (current !== start) await start.close();
    const info = await current.stat();
    const handle = current;
    return {
      handle,
      size: info.isDirectory() ? 0 : info.size,
      modifiedAt: Math.round(info.mtimeMs),
      kind: info.isDirectory() ? 'directory' : 'file',
      path: linux ? `/proc/self/fd/${handle.fd}` : path,
      close: () => handle.close(),
    };
  } catch (error) {
    if (current !== start) await current.close();
    await start.close().catch(() => undefined);
    throw fromSystem(error, relative);
  }
}

function childPath(parent: FileHandle, parentPath: string, name: string): string {
  return linux ? `/proc/self/fd/${parent.fd}/${name}` : join(parentPath, name);
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
  if (before.isSymbolicLink()) throw refused(relative, 'goes through a link');
  if (file ? !before.isFile() : !before.isDirectory()) throw refused(relative, file ? 'is not a regular file' : 'is not a directory');
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (file ? (constants.O_NONBLOCK ?? 0) : (constants.O_DIRECTORY ?? 0));
  const handle = await open(child, flags);
  const after = await handle.stat();
  if (linux || (after.ino === before.ino && after.dev === before.dev)) return handle;
  await handle.close();
  throw refused(relative, 'changed while it was opened');
}

/** A refusal of R17 with its reason. */
export function refused(relative: string, reason: string): CoPawError {
  const shown = relative.length > 200 ? `${relative.slice(0, 200)}…` : relative;
  return new CoPawError('path-refused', `${JSON.stringify(shown)} ${reason}.`, { rule: 'R17', next: 'Name a file below the workspace by its relative path.' });
}

/** Node's error code of a thrown value, if it has one. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** The error a caller sees for a failed system call; CoPaw's own pass through. */
export function fromSystem(error: unknown, relative: string): unknown {
  if (error instanceof CoPawError) return error;
  switch (systemCode(error)) {
    case 'ENOENT':
      return new CoPawError('path-missing', `Nothing is at ${JSON.stringify(relative)}.`, { cause: error });
    case 'ELOOP':
    case 'ENOTDIR':
      return refused(relative, 'goes through a link or a file');
    case 'ENXIO':
    case 'EISDIR':
      return refused(relative, 'is not a regular file');
    default:
      return error;
  }
}

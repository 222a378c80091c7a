// Relative paths as text: what they name below a root, and whether one lies below another. Opening them is the path door's business.
import { isOverlong, isWindowsDevice } from './portable-name.ts';

const windows = process.platform === 'win32';

/** The components of a path; none for the root itself. */
export function pathParts(path: string): readonly string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

/** Why a path could mean another place than one below its root, or undefined. Completes a sentence, as do the others. */
export function pathFault(path: string): string | undefined {
  if (path.includes('\0')) return 'holds a NUL character';
  if (path.startsWith('/')) return 'is absolute';
  if (path.includes('\\') || path.includes(':')) return 'holds a backslash or a colon';
  for (const part of pathParts(path)) {
    if (part === '..') return 'leaves its folder';
    if (isOverlong(part)) return 'has a name over 255 bytes';
    if (windows && (isWindowsDevice(part) || /[. ]$/.test(part))) return 'names a device';
  }
  return undefined;
}

/** A name as the most lenient file system reads it. */
function leniently(name: string): string {
  return name
    .replace(/\p{Cf}/gu, '')
    .normalize('NFKC')
    .toLowerCase();
}

/** Whether some file system takes a name, in any spelling, for `.git`. */
export function isGitName(name: string): boolean {
  return /^(?:\.git|git~\d+)$/.test(leniently(name));
}

/** Why a change at this path would change what git runs: hooks and configuration below `.git`. Undefined when it would not. */
export function gitFault(path: string): string | undefined {
  const parts = pathParts(path);
  const git = parts.findIndex(isGitName);
  const inside = git === -1 ? [] : parts.slice(git + 1).map(leniently);
  return inside.some((name) => name === 'hooks' || name === 'config' || name === 'config.worktree') ? 'is read-only: git would run it' : undefined;
}

/** Whether `listed` is `asked` or a folder above it. Upward steps match nothing. */
export function covers(listed: string, asked: string): boolean {
  if (asked.split('/').includes('..')) return false;
  const root = pathParts(listed).join('/');
  const path = pathParts(asked).join('/');
  return root === '' || path === root || path.startsWith(`${root}/`);
}

/** Whether `path` is `folder` or below it, by names alone. What climbs, is absolute or oddly spelled is not; `folder` is taken as it is spelled. */
export function isInside(path: string, folder: string): boolean {
  const parts = pathParts(path);
  return !path.startsWith('/') && !path.includes('\\') && !parts.includes('..') && `${parts.join('/')}/`.startsWith(`${folder}/`);
}

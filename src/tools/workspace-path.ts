// One spelling per path, so that what is judged and what is done name the same file. Whether it may be touched is the path door's business.
import { posix } from 'node:path';
import { z } from 'zod';

/** "./a//b/" becomes "a/b", "" becomes ".". Leading "/" and ".." stay, for the door to refuse. */
export function workspacePath(path: string): string {
  const normal = posix.normalize(path === '' ? '.' : path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}

/** A path argument. */
export const pathInput = z.string().min(1);

// Whether something built is older than what it is built from. Plain JS: runs on the system's Node before ours is installed.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Newest modification time below the given files and directories, in milliseconds. */
export function newest(paths) {
  let latest = 0;
  for (const path of paths) {
    if (!existsSync(path)) continue;
    const stat = statSync(path);
    latest = Math.max(
      latest,
      stat.isDirectory()
        ? newest(
            readdirSync(path)
              .filter((name) => name !== 'node_modules' && name !== 'dist')
              .map((name) => join(path, name)),
          )
        : stat.mtimeMs,
    );
  }
  return latest;
}

/** True when `stamp` is missing or older than any of the sources. */
export function isStale(stamp, sources) {
  return !existsSync(stamp) || statSync(stamp).mtimeMs < newest(sources);
}

/** sha256 of a file, hex; empty when it is missing. */
export function hashOf(path) {
  return existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : '';
}

// What a command names on this machine, and the hashes an approval binds to (R15): the program, and the script it runs.
import { createHash } from 'node:crypto';
import { accessSync, closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

export interface Executable {
  /** Absolute, as found; links are followed for the hash and kept in the path. */
  readonly path: string;
  /** Lower-case hexadecimal of the file's bytes. */
  readonly sha256: string;
}

/** Hashes by what a file is and when it last changed, so that large programs are read once. A change time cannot be set back. */
export type KnownHashes = Map<string, string>;
const mostKnown = 512;

/** The file that `argv0` names: looked up in `hostPath`, or relative to `cwd` inside the workspace when it holds a slash. */
export function resolveExecutable(argv0: string, hostPath: string, workspace: string, cwd: string, known?: KnownHashes): Executable | undefined {
  const candidates = argv0.includes('/')
    ? [inWorkspace(argv0, workspace, cwd)]
    : hostPath
        .split(delimiter)
        .filter(isAbsolute)
        .map((folder) => join(folder, argv0));
  for (const path of candidates) {
    const sha256 = isExecutable(path) ? hashFile(path, known) : undefined;
    if (sha256 !== undefined) return { path, sha256 };
  }
  return undefined;
}

/** The first argument that names a file: what an interpreter would run. */
export function resolveScript(argv: readonly string[], workspace: string, cwd: string, known?: KnownHashes): Executable | undefined {
  for (const argument of argv.slice(1)) {
    const path = argument.startsWith('-') ? '' : inWorkspace(argument, workspace, cwd);
    const sha256 = path === '' ? undefined : hashFile(path, known);
    if (sha256 !== undefined) return { path, sha256 };
  }
  return undefined;
}

/** sha256 of a regular file, or undefined when it is none or cannot be read. A pipe or device is never waited for. */
export function hashFile(path: string, known: KnownHashes = new Map()): string | undefined {
  let handle: number | undefined;
  try {
    handle = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const info = fstatSync(handle, { bigint: true });
    if (!info.isFile()) return undefined;
    const key = `${info.dev}:${info.ino}:${info.size}:${info.ctimeNs}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const hash = createHash('sha256');
    const chunk = Buffer.alloc(1024 * 1024);
    for (let read = readSync(handle, chunk); read > 0; read = readSync(handle, chunk)) hash.update(chunk.subarray(0, read));
    const sha256 = hash.digest('hex');
    if (known.size >= mostKnown) known.clear();
    known.set(key, sha256);
    return sha256;
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** An absolute path stays; the workspace as the sandbox shows it is the real one. */
function inWorkspace(path: string, workspace: string, cwd: string): string {
  if (!isAbsolute(path)) return resolve(workspace, cwd, path);
  return path.startsWith('/workspace/') ? join(workspace, path.slice('/workspace/'.length)) : path;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

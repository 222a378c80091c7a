// What a command names on this machine, and the hashes an approval binds to (R15): the program, and the scripts it may run.
import { createHash } from 'node:crypto';
import { accessSync, closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { CoPawError } from '../core/error.ts';

export interface Executable {
  /** Absolute, as found; links are followed for the hash and kept in the path. */
  readonly path: string;
  /** Lower-case hexadecimal; see `hashFile`. */
  readonly sha256: string;
}

/** Hashes of programs outside the workspace, by what a file is and when it last changed. Files a command can write are read each time: clocks of file systems are coarse. */
export type KnownHashes = Map<string, string>;
const mostKnown = 512;
/** Larger files are known by what they are and when they last changed, not by their bytes: a file of the workspace is read each time. */
const mostHashed = { program: 64n * 1024n * 1024n, script: 1024n * 1024n };
/** Files of the workspace that one command may name. */
const mostScripts = 256;

/** The file that `argv0` names: looked up in `hostPath`, or relative to `cwd` inside the workspace when it holds a slash. */
export function resolveExecutable(argv0: string, hostPath: string, workspace: string, cwd: string, known?: KnownHashes): Executable | undefined {
  const candidates = argv0.includes('/')
    ? [inWorkspace(argv0, workspace, cwd)]
    : hostPath
        .split(delimiter)
        .filter(isAbsolute)
        .map((folder) => join(folder, argv0));
  for (const path of candidates) {
    const sha256 = isExecutable(path) ? hashFile(path, path.startsWith(`${workspace}/`) ? undefined : known) : undefined;
    if (sha256 !== undefined) return { path, sha256 };
  }
  return undefined;
}

/** Every file of the workspace that an argument names, also behind `--option=`: whichever of them the program runs. Throws invalid for too many. */
export function resolveScripts(argv: readonly string[], workspace: string, cwd: string): readonly Executable[] {
  const named = new Set(argv.slice(1).map((argument) => inWorkspace(argument.replace(/^-[^=]*=/, ''), workspace, cwd)));
  const files = [...named].filter((path) => path.startsWith(`${workspace}/`) && isFile(path));
  if (files.length > mostScripts) throw new CoPawError('invalid', `A command may name at most ${mostScripts} files of the workspace.`);
  return files.flatMap((path) => {
    const sha256 = hashFile(path);
    return sha256 === undefined ? [] : [{ path, sha256 }];
  });
}

/** sha256 of a regular file (of a large one: of its identity and change time), or undefined when it is none or cannot be read. A pipe or device is never waited for. */
export function hashFile(path: string, known?: KnownHashes): string | undefined {
  let handle: number | undefined;
  try {
    if (!isFile(path)) return undefined;
    handle = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const info = fstatSync(handle, { bigint: true });
    if (!info.isFile()) return undefined;
    const key = `${info.dev}:${info.ino}:${info.size}:${info.ctimeNs}`;
    const before = known?.get(key);
    if (before !== undefined) return before;
    const hash = createHash('sha256');
    if (info.size > mostHashed[known ? 'program' : 'script']) return hash.update(key).digest('hex');
    const chunk = Buffer.alloc(1024 * 1024);
    for (let read = readSync(handle, chunk); read > 0; read = readSync(handle, chunk)) hash.update(chunk.subarray(0, read));
    const sha256 = hash.digest('hex');
    if (known && known.size >= mostKnown) known.clear();
    known?.set(key, sha256);
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
    return isFile(path);
  } catch {
    return false;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

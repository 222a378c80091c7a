// What a command name means on this machine, and the hash an approval binds to (R15).
import { createHash } from 'node:crypto';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

export interface Executable {
  /** Absolute, as found; links are followed for the hash and kept in the path. */
  readonly path: string;
  /** Lower-case hexadecimal of the file's bytes. */
  readonly sha256: string;
}

/** The file that `argv0` names: looked up in `hostPath`, or relative to `cwd` inside the workspace when it holds a slash. */
export function resolveExecutable(argv0: string, hostPath: string, workspace: string, cwd: string): Executable | undefined {
  const candidates = argv0.includes('/')
    ? [isAbsolute(argv0) ? fromSandbox(argv0, workspace) : resolve(workspace, cwd, argv0)]
    : hostPath
        .split(delimiter)
        .filter(isAbsolute)
        .map((folder) => join(folder, argv0));
  for (const path of candidates) {
    const sha256 = isExecutable(path) ? hashFile(path) : undefined;
    if (sha256 !== undefined) return { path, sha256 };
  }
  return undefined;
}

/** sha256 of the file, or undefined when it cannot be read. */
export function hashFile(path: string): string | undefined {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch {
    return undefined;
  }
}

function fromSandbox(path: string, workspace: string): string {
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

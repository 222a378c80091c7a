// What a caller of the path door is told (R17).
import { CoPawError } from './error.ts';

/** A refusal of R17 with its reason. */
export function pathRefused(relative: string, reason: string): CoPawError {
  const shown = relative.length > 200 ? `${relative.slice(0, 200)}…` : relative;
  return new CoPawError('path-refused', `${JSON.stringify(shown)} ${reason}.`, { rule: 'R17', next: 'Name a file below the workspace by its relative path.' });
}

/** The error a caller sees for a failed system call; CoPaw's own pass through. */
export function pathError(error: unknown, code: string | undefined, relative: string): unknown {
  if (error instanceof CoPawError) return error;
  switch (code) {
    case 'ENOENT':
      return new CoPawError('path-missing', `Nothing is at ${JSON.stringify(relative)}.`, { cause: error });
    case 'ELOOP':
    case 'ENOTDIR':
      return pathRefused(relative, 'goes through a link or a file');
    case 'ENXIO':
    case 'EISDIR':
      return pathRefused(relative, 'is not a regular file');
    default:
      return error;
  }
}

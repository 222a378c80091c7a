// Files the operator asks for: written line by line, private, and never over one that exists.
import { appendFileSync, closeSync, openSync } from 'node:fs';
import { CoPawError } from '../core/error.ts';
import { systemCode } from '../lib/system-error.ts';

/** Mode 0600. Returns the number of lines. */
export async function writeLines(path: string, lines: AsyncIterable<string>): Promise<number> {
  let handle: number;
  try {
    handle = openSync(path, 'wx', 0o600);
  } catch (error) {
    const exists = systemCode(error) === 'EEXIST';
    throw new CoPawError(exists ? 'conflict' : 'invalid', exists ? `${path} exists already.` : `${path} cannot be written.`, {
      next: 'Name another file.',
      cause: error,
      retryable: false,
    });
  }
  let count = 0;
  try {
    for await (const line of lines) {
      appendFileSync(handle, `${line}\n`);
      count++;
    }
  } finally {
    closeSync(handle);
  }
  return count;
}

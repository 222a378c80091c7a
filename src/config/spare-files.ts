// Whether this process may open what a busy hour needs: found out at start, not in the middle of an answer.
import { closeSync, openSync } from 'node:fs';
import { CoPawError } from '../core/error.ts';
import { systemCode } from '../lib/system-error.ts';

/** Database, log, sandboxes with their pipes, model connections, browsers. */
const needed = 64;

/** Throws `files-exhausted` where fewer than 64 more files can be opened. */
export function checkSpareFiles(): void {
  const opened: number[] = [];
  try {
    for (let count = 0; count < needed; count++) opened.push(openSync(process.execPath, 'r'));
  } catch (error) {
    if (systemCode(error) !== 'EMFILE' && systemCode(error) !== 'ENFILE') throw error;
    throw new CoPawError('files-exhausted', `This process may open ${opened.length} more files; CoPaw needs ${needed}.`, {
      next: 'Raise the limit (ulimit -n 1024, LimitNOFILE= of a service), then start CoPaw again.',
      cause: error,
    });
  } finally {
    for (const handle of opened) closeSync(handle);
  }
}

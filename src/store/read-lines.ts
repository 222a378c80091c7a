// A file the operator names, line by line or as it is: it may be larger than the memory.
import { createReadStream } from 'node:fs';
import { CoPawError } from '../core/error.ts';
import { linesOf } from '../lib/text-lines.ts';

/** Bytes of one line. */
const mostLine = 16 * 1024 * 1024;

export async function* readLines(path: string): AsyncGenerator<string> {
  yield* linesOf(readBytes(path), mostLine, () => new CoPawError('too-large', 'A line may have 16 MiB.'));
}

export async function* readBytes(path: string): AsyncGenerator<Uint8Array> {
  const stream = createReadStream(path);
  const opened = new Promise<void>((resolve, reject) => {
    stream.once('open', () => resolve());
    stream.once('error', reject);
  });
  try {
    await opened;
  } catch (error) {
    throw new CoPawError('not-found', `${path} cannot be read.`, { next: 'Name a file that is there.', cause: error });
  }
  try {
    yield* stream;
  } finally {
    stream.destroy();
  }
}

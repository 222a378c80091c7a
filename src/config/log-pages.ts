// The log from its end: one page of lines, newest first, read backwards in steps, so that the newest ones cost little however much is kept.
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type LogPage, type LogQuery, logFilter } from '../core/log-page.ts';
import { systemCode } from '../lib/system-error.ts';
import { olderFiles, parseLine } from './log-files.ts';

interface LogFile {
  readonly handle: FileHandle;
  readonly inode: number;
  readonly size: number;
}

/** What one step reads. */
const stepBytes = 64 * 1024;
const lineEnd = 10;

/** Rejects with the signal's reason when it aborts. `step` is for tests. */
export async function readLogPage(directory: string, query: LogQuery, signal: AbortSignal, step = stepBytes): Promise<LogPage> {
  const files = await openAll(join(directory, 'copaw.log'));
  try {
    const wanted = logFilter(query);
    const [before, after] = [placeOf(query.before), placeOf(query.after)];
    const entries: LogPage['entries'][number][] = [];
    let newest = query.before;
    // A place whose file has left is before all there is.
    const from = before === undefined ? 0 : files.findIndex(({ inode }) => inode === before.inode);
    for (const file of from < 0 ? [] : files.slice(from)) {
      const end = file.inode === before?.inode ? before.offset : file.size;
      const stop = file.inode === after?.inode ? after.offset : 0;
      for await (const { text, start, next } of linesBackwards(file.handle, { stop, end, step })) {
        signal.throwIfAborted();
        newest ??= placeText(file.inode, next);
        const line = parseLine(text);
        if (line === undefined || !wanted(line)) continue;
        const place = placeText(file.inode, start);
        entries.push({ place, line });
        if (entries.length === query.limit) return { entries, newest, older: place };
      }
      if (file.inode === after?.inode) break;
    }
    return { entries, newest: newest ?? query.after ?? placeText(files[0]?.inode ?? 0, 0) };
  } finally {
    for (const { handle } of files) await handle.close();
  }
}

/** Newest first, all opened before the first is read: a file that is moved on meanwhile is still the same. */
async function openAll(path: string): Promise<readonly LogFile[]> {
  const files: LogFile[] = [];
  for (const name of [path, ...Array.from({ length: olderFiles }, (_, part) => `${path}.${part + 1}`)]) {
    const handle = await open(name).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    });
    if (!handle) continue;
    const { ino, size } = await handle.stat();
    // Between two openings it may have moved one place on.
    if (files.some(({ inode }) => inode === ino)) await handle.close();
    else files.push({ handle, inode: ino, size });
  }
  return files;
}

/** Whole lines between two offsets, the last one first; `next`: where the one behind it begins. What has no end yet is left out. */
async function* linesBackwards(handle: FileHandle, { stop, end, step }: { readonly stop: number; readonly end: number; readonly step: number }) {
  let rest = Buffer.alloc(0);
  let first = true;
  for (let at = end; at > stop; ) {
    const start = Math.max(stop, at - step);
    const part = Buffer.alloc(at - start);
    const { bytesRead } = await handle.read(part, 0, part.length, start);
    const bytes = Buffer.concat([part.subarray(0, bytesRead), rest]);
    at = start;
    let upTo = bytes.length;
    if (first) {
      upTo = bytes.lastIndexOf(lineEnd) + 1;
      if (upTo === 0 && at > stop) {
        rest = bytes;
        continue;
      }
      first = false;
    }
    while (upTo > 0) {
      const begins = upTo < 2 ? 0 : bytes.lastIndexOf(lineEnd, upTo - 2) + 1;
      if (begins === 0 && at > stop) break;
      yield { text: bytes.toString('utf8', begins, upTo - 1), start: at + begins, next: at + upTo };
      upTo = begins;
    }
    rest = bytes.subarray(0, upTo);
  }
}

const placeText = (inode: number, offset: number): string => `${inode}.${offset}`;

function placeOf(place: string | undefined): { readonly inode: number; readonly offset: number } | undefined {
  const [inode, offset] = (place ?? '').split('.').map(Number);
  return inode === undefined || offset === undefined ? undefined : { inode, offset };
}

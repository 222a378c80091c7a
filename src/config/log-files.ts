// What was logged, read back: copaw.log and its older parts, oldest line first, and what is added while somebody looks.

import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type LogLine, logLine } from '../core/log-page.ts';
import { jsonOf } from '../lib/json-of.ts';

/** As many as lib/log.ts keeps. */
export const olderFiles = 4;
/** What one look reads of what was added; the rest comes with the next. */
const mostAdded = 1024 * 1024;

/** A log that is not there is empty, and a line that is none is left out. */
export function openLogFiles(directory: string): {
  /** All there is. */
  all(): readonly LogLine[];
  /** What came since the last call, or since `all`. */
  added(): readonly LogLine[];
} {
  const path = join(directory, 'copaw.log');
  let file = 0;
  let offset = 0;
  let rest = '';

  const take = (text: string): readonly LogLine[] => {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    return lines.flatMap((line) => parseLine(line) ?? []);
  };
  const readOn = (from: string): readonly LogLine[] => {
    const { text, inode, end } = readFrom(from, offset);
    if (inode !== file) return [];
    offset = end;
    return take(text);
  };

  return {
    all() {
      const texts: string[] = [];
      for (let part = olderFiles; part >= 1; part--) texts.push(readAll(`${path}.${part}`).text);
      const newest = readAll(path);
      [file, offset, rest] = [newest.inode, newest.size, ''];
      texts.push(newest.text);
      return take(texts.join(''));
    },
    added() {
      const now = statSync(path, { throwIfNoEntry: false });
      if (!now) return [];
      if (now.ino === file) return readOn(path);
      // It was moved on: first what is left of the old one.
      const left = readOn(`${path}.1`);
      [file, offset, rest] = [now.ino, 0, ''];
      return [...left, ...readOn(path)];
    },
  };
}

function readAll(path: string): { readonly text: string; readonly inode: number; readonly size: number } {
  const inode = statSync(path, { throwIfNoEntry: false })?.ino;
  if (inode === undefined) return { text: '', inode: 0, size: 0 };
  const bytes = readFileSync(path);
  return { text: bytes.toString('utf8'), inode, size: bytes.length };
}

/** Whole lines are cut at their ends by the caller; a character is never cut, because only whole lines are written at once. */
function readFrom(path: string, offset: number): { readonly text: string; readonly inode: number; readonly end: number } {
  if (!statSync(path, { throwIfNoEntry: false })) return { text: '', inode: 0, end: offset };
  const handle = openSync(path, 'r');
  try {
    const { ino, size } = fstatSync(handle);
    const buffer = Buffer.alloc(Math.max(0, Math.min(mostAdded, size - offset)));
    const read = readSync(handle, buffer, 0, buffer.length, offset);
    const whole = buffer.subarray(0, read).lastIndexOf('\n') + 1;
    return { text: buffer.subarray(0, whole).toString('utf8'), inode: ino, end: offset + whole };
  } finally {
    closeSync(handle);
  }
}

/** Undefined where it is none. */
export function parseLine(text: string): LogLine | undefined {
  return logLine.safeParse(jsonOf(text)).data;
}

import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLog } from '../lib/log.ts';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { openLogFiles } from './log-files.ts';

let folder: TempFolder;
beforeEach(() => {
  folder = tempFolder();
});
afterEach(() => folder.remove());
const numbers = (lines: readonly object[]): unknown[] => lines.map((line) => ('n' in line ? line.n : undefined));

test('all that is kept comes back in order, over every part, and what is no line is left out', async () => {
  expect(openLogFiles(join(folder.path, 'none')).all()).toEqual([]);
  const { log, close } = openLog({ directory: folder.path, redact: (text) => text, mostBytes: 1_000 });
  for (let n = 0; n < 30; n++) log('info', 'tick', { n });
  await close();
  appendFileSync(join(folder.path, 'copaw.log'), 'not json\n{"level":"loud","time":"2026-01-01T00:00:00.000Z","event":"x"}\n{"half":');
  expect(numbers(openLogFiles(folder.path).all())).toEqual(Array.from({ length: 30 }, (_, n) => n));
});

test('what is added comes once and whole, also when the file was moved on meanwhile', async () => {
  const files = openLogFiles(folder.path);
  expect([files.all(), files.added()]).toEqual([[], []]);
  const seen: unknown[] = [];
  for (let n = 0; n < 40; n++) {
    const { log, close } = openLog({ directory: folder.path, redact: (text) => text, mostBytes: 400 });
    log('info', 'tick', { n, word: '你好' });
    await close();
    if (n % 3 === 0) seen.push(...numbers(files.added()));
  }
  seen.push(...numbers(files.added()));
  expect(seen).toEqual(Array.from({ length: 40 }, (_, n) => n));
  expect(files.added()).toEqual([]);
});

test('a line that is half written waits for its other half', () => {
  mkdirSync(folder.path, { recursive: true });
  const path = join(folder.path, 'copaw.log');
  writeFileSync(path, '');
  const files = openLogFiles(folder.path);
  files.all();
  const text = '{"level":"info","time":"2026-01-01T00:00:00.000Z","event":"é"}\n';
  const bytes = Buffer.from(text);
  const cut = bytes.indexOf(Buffer.from('é')) + 1;
  appendFileSync(path, bytes.subarray(0, cut));
  expect(files.added()).toEqual([]);
  appendFileSync(path, bytes.subarray(cut));
  expect(files.added().map(({ event }) => event)).toEqual(['é']);
});

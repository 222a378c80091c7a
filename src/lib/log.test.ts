import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { openLog } from './log.ts';

let folder: TempFolder;
beforeEach(() => {
  folder = tempFolder();
});
afterEach(() => folder.remove());

test('a line says level, event, time and fields, without the secrets in them', async () => {
  const directory = join(folder.path, 'logs');
  const { log, close } = openLog({ directory, redact: (text) => text.replaceAll('sk-canary', '[redacted]') });
  log('warn', 'model-failed', { turnId: 'turn_1', detail: 'key sk-canary was refused' });
  await close();
  const text = readFileSync(join(directory, 'copaw.log'), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ level: 'warn', event: 'model-failed', turnId: 'turn_1', detail: 'key [redacted] was refused' });
  expect(statSync(join(directory, 'copaw.log')).mode & 0o777).toBe(0o600);
  log('info', 'turn-end'); // by what had not let go yet
  await close();
  expect(readFileSync(join(directory, 'copaw.log'), 'utf8')).toBe(text);
});

test('an error keeps its causes', async () => {
  const { log, close } = openLog({ directory: folder.path, redact: (text) => text });
  log('error', 'fault', { err: new Error('outer', { cause: new Error('inner') }) });
  await close();
  const text = readFileSync(join(folder.path, 'copaw.log'), 'utf8');
  expect(text).toContain('outer');
  expect(text).toContain('inner');
});

test('files stay few and small, the newest lines in the first', async () => {
  const { log, close } = openLog({ directory: folder.path, redact: (text) => text, mostBytes: 2_000 });
  for (let index = 0; index < 200; index++) log('info', 'tick', { index });
  await close();
  const names = readdirSync(folder.path).sort();
  expect(names).toEqual(['copaw.log', 'copaw.log.1', 'copaw.log.2', 'copaw.log.3', 'copaw.log.4']);
  for (const name of names) expect(statSync(join(folder.path, name)).size).toBeLessThan(2_200);
  expect(readFileSync(join(folder.path, 'copaw.log'), 'utf8')).toContain('"index":199');
});

test('a log that cannot be written stops nobody', async () => {
  mkdirSync(join(folder.path, 'copaw.log'));
  const { log, close } = openLog({ directory: folder.path, redact: (text) => text });
  log('info', 'tick');
  await close();
});

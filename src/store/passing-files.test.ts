// What a crash leaves of a backup is known by its name and removed at the next start; what another process is using is not.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { halfWrittenName, passingDatabase, removeLeftovers } from './passing-files.ts';

let folder: TempFolder;
let database: string;
beforeEach(() => {
  folder = tempFolder();
  database = join(folder.path, 'copaw.db');
  mkdirSync(join(folder.path, 'backups'));
});
afterEach(() => folder.remove());
const write = (...names: readonly string[]): void => {
  for (const name of names) writeFileSync(join(folder.path, name), 'x');
};
const left = (): string[] => readdirSync(folder.path, { recursive: true }).map(String).sort();

test('files of a process that is gone leave, with their companions; those of one that lives stay', () => {
  const gone = 2 ** 22 + 1; // no system gives so high a number
  const archive = 'backups/copaw-2026-01-05T08-00-00Z.tar.gz';
  const living = [`copaw.db.restore_${process.ppid}_x_01k`, `copaw.db.copy_${process.ppid}_x_01k-wal`, `${archive}.new_${process.ppid}`];
  const others = ['copaw.db', 'copaw.db-wal', 'config.json', archive, 'backups/copaw-mine.tar.gz.new_1', 'backups/copaw-2026-01-05T08-00-00Z.db'];
  write(...living, ...others);
  write(`copaw.db.restore_${gone}_x_01k`, `copaw.db.restore_${gone}_x_01k.built-journal`, 'copaw.db.restore_01kb', `copaw.db.copy_${gone}_x_01k.new-shm`);
  write(passingDatabase('copaw.db', 'restore', 'x_01k'), halfWrittenName(archive), `${archive}.new_${gone}`);
  removeLeftovers(database);
  expect(left()).toEqual(['backups', ...living, ...others].sort());
});

test('where there is nothing, nothing is done', () => {
  folder.remove();
  expect(() => removeLeftovers(database)).not.toThrow();
});

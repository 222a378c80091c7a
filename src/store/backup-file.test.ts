// Backup files on the disk: a name only for what is whole, nothing half left behind, and room for a CoPaw that runs beside it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { inOne } from './backup-archive.ts';
import { needRoom, openBackupFile, readPieces, writeBackupFile } from './backup-file.ts';

let folder: TempFolder;
beforeEach(() => {
  folder = tempFolder();
});
afterEach(() => folder.remove());

const read = async (chunks: AsyncIterable<Uint8Array>): Promise<string> => {
  const found: Uint8Array[] = [];
  for await (const chunk of chunks) found.push(chunk);
  return Buffer.concat(found).toString();
};

test('a backup is never written over another file, and nothing half of it stays', async () => {
  const path = join(folder.path, 'backups/one.tar.gz');
  expect(await writeBackupFile(path, inOne(Buffer.from('first')))).toBe(5);
  await expect(writeBackupFile(path, inOne(Buffer.from('second')))).rejects.toMatchObject({ code: 'conflict' });
  async function* torn(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('begin');
    writeFileSync(join(folder.path, 'backups/two.tar.gz'), 'of somebody else');
    yield Buffer.from('end');
  }
  await expect(writeBackupFile(join(folder.path, 'backups/two.tar.gz'), torn())).rejects.toMatchObject({ code: 'conflict' });
  async function* full(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('begin');
    throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
  }
  await expect(writeBackupFile(join(folder.path, 'backups/three.tar.gz'), full())).rejects.toMatchObject({
    code: 'disk-full',
    message: expect.stringContaining('nothing of it was kept'),
  });
  expect(readdirSync(join(folder.path, 'backups')).sort()).toEqual(['one.tar.gz', 'two.tar.gz']);
  expect(readFileSync(path, 'utf8')).toBe('first');
});

test('what finds no room is refused with both figures, before anything is written', async () => {
  await expect(needRoom(folder.path, Number.MAX_SAFE_INTEGER, 'this backup')).rejects.toMatchObject({
    code: 'disk-full',
    message: expect.stringMatching(/^There is no room for this backup: \d+ MiB are wanted, \d+ are there\.$/u),
  });
  await needRoom(folder.path, 0, 'this backup');
});

test('a file is read from its beginning each time, and a database is told by its own', async () => {
  const path = join(folder.path, 'x');
  writeFileSync(path, 'SQLite format 3\0 and more');
  const source = await openBackupFile(path);
  expect([source.isDatabase, await read(source.read()), await read(source.read()), await read(readPieces(path))]).toEqual([
    true,
    ...Array.from({ length: 3 }, () => 'SQLite format 3\0 and more'),
  ]);
  await source.close();
  writeFileSync(path, 'short');
  const other = await openBackupFile(path);
  expect(other.isDatabase).toBe(false);
  await other.close();
  await expect(openBackupFile(join(folder.path, 'none'))).rejects.toMatchObject({ code: 'not-found' });
  await expect(openBackupFile(folder.path)).rejects.toMatchObject({ code: 'artifact-refused' });
});

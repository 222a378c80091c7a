// What of a workspace goes into an archive, and what is said of the rest.
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Files } from './core/files.ts';
import { type Gathered, gather, readFile } from './open-backup-members.ts';
import { createFiles } from './security/workspace-files.ts';
import { createCountingIds } from './testing/counting-ids.ts';
import { createFakeClock } from './testing/fake-clock.ts';
import { type TempFolder, tempFolder } from './testing/temp-home.ts';

let folder: TempFolder;
let files: Files;
beforeEach(() => {
  folder = tempFolder();
  files = createFiles({ root: folder.path, trash: join(folder.path, 'trash'), clock: createFakeClock(), ids: createCountingIds() });
});
afterEach(() => folder.remove());
const write = (path: string, content: string | Uint8Array, seconds = 1): void => {
  writeFileSync(join(folder.path, path), content);
  utimesSync(join(folder.path, path), seconds, seconds);
};
const all = (): Promise<Gathered> => gather({ config: '{}', lock: undefined, skills: files, workspaces: files, skillFiles: async () => [] });

test('what changed last comes first, and what is left out is named with the reason', async () => {
  mkdirSync(join(folder.path, 'node_modules'));
  mkdirSync(join(folder.path, 'notes'));
  write('old', 'x', 1);
  write('notes/new', 'x', 3);
  write('middle', 'x', 2);
  write('aux.txt', 'x');
  symlinkSync('/etc/passwd', join(folder.path, 'link'));
  const { members, leftOut } = await all();
  expect(members.map(({ path }) => path)).toEqual(['config.json', 'workspaces/notes/new', 'workspaces/middle', 'workspaces/old']);
  expect(leftOut).toEqual([
    { path: 'workspaces/aux.txt', why: 'has a name or place that not every system can keep' },
    { path: 'workspaces/link', why: 'is a link or a device' },
    { path: 'workspaces/node_modules', why: 'can be made again' },
  ]);
});

test('a list of what is left out ends somewhere, with how many more there are', async () => {
  const many = Array.from({ length: 1_003 }, (_, index) => ({ path: `l${index}`, kind: 'other' as const, size: 0, modifiedAt: 0, changedAt: 0 }));
  const { leftOut } = await gather({
    config: '{}',
    lock: undefined,
    skills: files,
    workspaces: { ...files, list: async () => many },
    skillFiles: async () => [],
  });
  expect([leftOut.length, leftOut.at(-1)]).toEqual([1_001, { path: 'workspaces', why: 'holds 3 more that are left out' }]);
});

test.each([0, 1, 1024 * 1024, 1024 * 1024 + 1])('a file of %i bytes is read whole, in pieces of a mebibyte at most', async (bytes) => {
  write('file', Buffer.alloc(bytes, 7));
  const lengths: number[] = [];
  for await (const piece of readFile(files, 'file')) lengths.push(piece.length);
  expect([lengths.reduce((sum, length) => sum + length, 0), Math.max(0, ...lengths) <= 1024 * 1024]).toEqual([bytes, true]);
});

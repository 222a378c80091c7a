// What the operator names to install, read through the real door: folders without links, archives within the caps.
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { artifactCaps } from '../lib/artifact-rules.ts';
import { readNamed } from '../security/artifact-tree.ts';
import { buildTar, buildZip } from '../testing/build-archive.ts';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { readSource } from './read-source.ts';

const unix = process.platform !== 'win32';
let home: TempFolder;
beforeEach(() => {
  home = tempFolder();
});
afterEach(() => home.remove());

const at = (...parts: string[]): string => join(home.path, ...parts);
const named = (path: string) => readSource(path, readNamed);

describe('reading what the operator named', () => {
  test('a folder, without its .git', async () => {
    mkdirSync(at('source/.git'), { recursive: true });
    mkdirSync(at('source/empty'));
    writeFileSync(at('source/.git/config'), 'x');
    writeFileSync(at('source/SKILL.md'), 'hello');
    writeFileSync(at('source/run.sh'), 'echo');
    chmodSync(at('source/run.sh'), 0o755);
    const { kind, entries } = await named(at('source'));
    expect(kind).toBe('directory');
    expect(entries.map(({ path, executable }) => [path, executable]).sort()).toEqual([
      ['SKILL.md', false],
      ['run.sh', unix],
    ]);
  });

  test.skipIf(!unix).each(['link', 'folder', 'loop'])('a folder with a %s in it that leads elsewhere is refused', async (what) => {
    mkdirSync(at('source'));
    writeFileSync(at('secret'), 'secret');
    symlinkSync(what === 'link' ? at('secret') : what === 'folder' ? home.path : at('source'), at('source/inner'));
    await expect(named(at('source'))).rejects.toMatchObject({ code: 'artifact-refused', rule: 'R20', message: expect.stringContaining('link') });
  });

  test('a folder over the caps is refused before it is read', async () => {
    mkdirSync(at('source'));
    writeFileSync(at('source/big'), Buffer.alloc(artifactCaps.fileBytes + 1));
    await expect(named(at('source'))).rejects.toMatchObject({ code: 'artifact-refused' });
    rmSync(at('source/big'));
    for (let index = 0; index <= artifactCaps.entries; index++) writeFileSync(at('source', `f${index}`), '');
    await expect(named(at('source'))).rejects.toMatchObject({ code: 'artifact-refused' });
  }, 20_000);

  test('a folder that nests without end is refused', async () => {
    mkdirSync(at('source', ...Array.from({ length: artifactCaps.depth + 1 }, () => 'd')), { recursive: true });
    await expect(named(at('source'))).rejects.toMatchObject({ code: 'artifact-refused' });
  });

  test.each([
    ['zip', buildZip([{ name: 'SKILL.md', data: 'hello' }])],
    ['tar', buildTar([{ name: 'SKILL.md', data: 'hello' }])],
    ['tar.gz', gzipSync(buildTar([{ name: 'SKILL.md', data: 'hello' }]))],
  ])('a %s', async (kind, bytes) => {
    writeFileSync(at('archive.bin'), bytes);
    expect(await named(at('archive.bin'))).toMatchObject({ kind, entries: [{ path: 'SKILL.md' }] });
  });

  test('a damaged archive says what is wrong, nothing is not there', async () => {
    writeFileSync(at('a.zip'), 'PK\x03\x04 no');
    await expect(named(at('a.zip'))).rejects.toMatchObject({ code: 'artifact-refused', message: expect.stringContaining('cut short') });
    await expect(named(at('none'))).rejects.toMatchObject({ code: 'path-missing' });
    if (unix) symlinkSync(at('a.zip'), at('b.zip'));
    if (unix) await expect(named(at('b.zip'))).rejects.toMatchObject({ code: 'artifact-refused', message: expect.stringContaining('link') });
  });
});

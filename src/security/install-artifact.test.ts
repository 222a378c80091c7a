// The artifact door: every way to write somewhere else, or something else than was seen, is refused; what fails leaves nothing behind.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ArtifactInstall } from '../core/skill.ts';
import type { ArchiveEntry } from '../lib/archive.ts';
import { artifactCaps } from '../lib/artifact-rules.ts';
import { treeHash } from '../lib/tree-hash.ts';
import { createCountingIds } from '../testing/counting-ids.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { readTree } from './artifact-tree.ts';
import { createInstallArtifact } from './install-artifact.ts';

const unix = process.platform !== 'win32';
let home: TempFolder;
let audited: { kind: string; detail: object }[];
beforeEach(() => {
  home = tempFolder();
  audited = [];
});
afterEach(() => home.remove());

function door(fail = false) {
  const append = async (kind: string, detail: object) => {
    if (fail) throw new Error('disk full');
    audited.push({ kind, detail });
  };
  const audit = { append, verify: async () => ({ ok: true, records: 0 }) };
  return createInstallArtifact({ home: home.path, clock: createFakeClock(), ids: createCountingIds(), audit });
}

const file = (path: string, data = 'x', executable = false): ArchiveEntry => ({ path, kind: 'file', data: Buffer.from(data), executable });
const other = (path: string, kind: ArchiveEntry['kind']): ArchiveEntry => ({ path, kind, data: new Uint8Array(), executable: false });
const plain: ArtifactInstall = { replace: false, record: async () => undefined };
const weather = [file('SKILL.md', 'hello'), file('scripts/run.sh', 'echo', true), other('scripts', 'directory')];
const at = (...parts: string[]): string => join(home.path, ...parts);

describe('installing', () => {
  test('writes a new folder, with scripts executable, and audits digests only', async () => {
    const recorded: string[] = [];
    const hash = await door()(weather, 'skill', 'weather', {
      replace: false,
      record: async (given) => {
        recorded.push(given);
        expect(existsSync(at('skills/weather'))).toBe(false);
      },
    });
    expect(readFileSync(at('skills/weather/SKILL.md'), 'utf8')).toBe('hello');
    if (unix) expect(statSync(at('skills/weather/scripts/run.sh')).mode & 0o777).toBe(0o755);
    if (unix) expect(statSync(at('skills/weather/SKILL.md')).mode & 0o777).toBe(0o644);
    expect(recorded).toEqual([hash]);
    expect(hash).toBe(treeHash(await readTree(at('skills'), 'weather')));
    if (unix) expect(hash).toBe(treeHash(weather));
    expect(audited).toEqual([{ kind: 'artifact-install', detail: { artifact: 'skill', name: 'weather', hash } }]);
    expect(readdirSync(home.path)).toEqual(['skills']);
  });

  test('never overwrites', async () => {
    await door()(weather, 'skill', 'weather', plain);
    await expect(door()([file('SKILL.md', 'other')], 'skill', 'weather', plain)).rejects.toMatchObject({ code: 'conflict' });
    expect(readFileSync(at('skills/weather/SKILL.md'), 'utf8')).toBe('hello');
  });

  test('replaces when told to; the old folder is in the trash', async () => {
    await door()(weather, 'skill', 'weather', plain);
    await door()([file('SKILL.md', 'other')], 'skill', 'weather', { ...plain, replace: true });
    expect(readdirSync(at('skills/weather'))).toEqual(['SKILL.md']);
    const [old = ''] = readdirSync(at('trash')).filter((name) => !name.endsWith('.json'));
    expect(readFileSync(at('trash', old, 'SKILL.md'), 'utf8')).toBe('hello');
  });

  test.skipIf(!unix)('does not replace through a link that stands in its place', async () => {
    mkdirSync(at('skills'));
    mkdirSync(at('elsewhere'));
    symlinkSync(at('elsewhere'), at('skills/weather'));
    await expect(door()(weather, 'skill', 'weather', { ...plain, replace: true })).rejects.toMatchObject({ code: 'conflict' });
    expect(readdirSync(at('elsewhere'))).toEqual([]);
  });

  test.each(['../x', 'a/b', '', '.', 'con', 'x ', 'a\u200bb'])('refuses the name %j', async (name) => {
    await expect(door()(weather, 'skill', name, plain)).rejects.toMatchObject({ code: 'artifact-refused', rule: 'R20' });
    expect(readdirSync(home.path)).toEqual([]);
  });

  describe('a failure leaves nothing behind', () => {
    const clean = (): void => {
      expect(existsSync(at('quarantine'))).toBe(false);
      expect(existsSync(at('skills')) ? readdirSync(at('skills')) : []).toEqual([]);
    };
    test('the audit log cannot be written', async () => {
      await expect(door(true)(weather, 'skill', 'weather', plain)).rejects.toThrow('disk full');
      clean();
    });
    test('the lock cannot be written', async () => {
      const record = () => Promise.reject(new Error('no space left on device'));
      await expect(door()(weather, 'skill', 'weather', { replace: false, record })).rejects.toThrow('no space');
      clean();
    });
    test('the disk is full half-way', async () => {
      const full: ArchiveEntry = {
        ...file('b'),
        get data(): Uint8Array {
          if (existsSync(at('quarantine/a'))) throw new Error('no space left on device');
          return Buffer.from('x');
        },
      };
      await expect(door()([file('a'), full], 'skill', 'weather', plain)).rejects.toThrow('no space');
      clean();
    });
    test('the lock cannot be written while another is replaced', async () => {
      await door()(weather, 'skill', 'weather', plain);
      const record = () => Promise.reject(new Error('no space left on device'));
      await expect(door()([file('SKILL.md', 'new')], 'skill', 'weather', { replace: true, record })).rejects.toThrow('no space');
      expect(readFileSync(at('skills/weather/SKILL.md'), 'utf8')).toBe('hello');
    });
    test('what an installation that was killed left goes with the next one', async () => {
      mkdirSync(at('quarantine/deep'), { recursive: true });
      writeFileSync(at('quarantine/deep/left'), 'x');
      await door()(weather, 'skill', 'weather', plain);
      expect(readdirSync(at('skills/weather')).sort()).toEqual(['SKILL.md', 'scripts']);
      expect(existsSync(at('quarantine'))).toBe(false);
    });
    test.skipIf(!unix)('a quarantine that is a link is not followed', async () => {
      mkdirSync(at('elsewhere'));
      writeFileSync(at('elsewhere/kept'), 'x');
      symlinkSync(at('elsewhere'), at('quarantine'));
      await door()(weather, 'skill', 'weather', plain);
      expect(readdirSync(at('elsewhere'))).toEqual(['kept']);
    });
  });
});

describe('entries that are refused', () => {
  test.each<[string, readonly ArchiveEntry[]]>([
    ['zip slip', [file('../SKILL.md')]],
    ['zip slip in the middle', [file('a/../../b')]],
    ['an absolute path', [file('/etc/passwd')]],
    ['a drive', [file('C:/x')]],
    ['a drive without a slash', [file('C:x')]],
    ['a backslash', [file('a\\..\\b')]],
    ['an alternate data stream', [file('SKILL.md:evil')]],
    ['a NUL', [file('a\0.md')]],
    ['a line end', [file('a\nb')]],
    ['an escape sequence', [file('a\u001b[2Jb')]],
    ['a bidi override', [file('a\u202egnp.sh')]],
    ['a zero-width character', [file('SKILL\u200b.md')]],
    ['a tag character', [file('a\u{e0041}')]],
    ['a trailing dot', [file('SKILL.md.')]],
    ['a trailing space', [file('a /b')]],
    ['an empty part', [file('a//b')]],
    ['a dot', [file('./a')]],
    ['a device of Windows', [file('scripts/con')]],
    ['a device with an ending', [file('NUL.txt')]],
    ['a device with a space before its ending', [file('aux .md')]],
    ['a serial port with a raised digit', [file('com¹')]],
    ['git configuration', [file('.git/config')]],
    ['git configuration in other letters', [file('a/.GIT/hooks/pre-commit')]],
    ['a symbolic link', [other('a', 'link')]],
    ['a device or FIFO', [other('a', 'other')]],
    ['the same name twice', [file('a'), file('a')]],
    ['"Readme" and "README"', [file('Readme'), file('README')]],
    ['folders that differ in case', [file('Docs/a'), file('docs/b')]],
    ['"é" composed and decomposed', [file('caf\u00e9'), file('cafe\u0301')]],
    ['a ligature', [file('ﬁle'), file('file')]],
    ['"ß" and "ss"', [file('straße'), file('STRASSE')]],
    ['a file that is also a folder', [file('a'), file('a/b')]],
    ['a folder that is also a file', [file('a/b'), file('A')]],
    ['too deep', [file(Array.from({ length: artifactCaps.depth + 1 }, () => 'd').join('/'))]],
    ['too long a name', [file('n'.repeat(256))]],
    ['too large a file', [{ ...file('a'), data: new Uint8Array(artifactCaps.fileBytes + 1) }]],
    ['too much in all', Array.from({ length: 5 }, (_, index) => ({ ...file(`f${index}`), data: new Uint8Array(artifactCaps.fileBytes) }))],
    ['too many', Array.from({ length: artifactCaps.entries + 1 }, (_, index) => file(`f${index}`))],
  ])('%s', async (_, entries) => {
    await expect(door()([file('SKILL.md.txt'), ...entries], 'skill', 'weather', plain)).rejects.toMatchObject({ code: 'artifact-refused', rule: 'R20' });
    expect(readdirSync(home.path)).toEqual([]);
    expect(audited).toEqual([]);
  });
});

// The path door against everything that tries to reach past it. Real folders, links, pipes and races; each attack has its own name.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CoPawError } from '../core/error.ts';
import type { Files } from '../core/files.ts';
import { createCountingIds } from '../testing/counting-ids.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { buildPathWorld } from '../testing/path-world.ts';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { createFiles } from './workspace-files.ts';

let folder: TempFolder;
let root: string;
let outside: string;
let canary: string;
let outsideNow: () => string[];
let files: Files;

beforeEach(() => {
  folder = tempFolder();
  ({ root, outside, canary, outsideNow } = buildPathWorld(folder.path));
  files = createFiles({ root, trash: join(folder.path, 'trash'), clock: createFakeClock(), ids: createCountingIds() });
});
afterEach(() => folder.remove());

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    return `not refused: ${JSON.stringify(await work)}`;
  } catch (error) {
    return error instanceof CoPawError ? `${error.code} ${error.rule ?? ''}` : `raw error: ${String(error)}`;
  }
}

const r17 = 'path-refused R17';

/** All that can be done with a path, each as a refusal or not. */
async function everything(path: string): Promise<Record<string, string>> {
  return {
    read: await refusal(files.readText(path)),
    range: await refusal(files.read(path, { offset: 0, length: 4 })),
    write: await refusal(files.write(path, 'overwritten')),
    list: await refusal(files.list(path)),
    trash: await refusal(files.trash(path)),
  };
}

const allRefused = { read: r17, range: r17, write: r17, list: r17, trash: r17 };

describe('attacks on the path door', () => {
  test.each(['file-link', 'folder-link', 'dangling-link', 'sub/relative-link'])(
    'symlink escape: %s is never opened, written, listed or moved',
    async (path) => {
      const before = outsideNow();
      expect(await everything(path)).toEqual(allRefused);
      expect(await files.stat(path)).toMatchObject({ kind: 'other', size: 0 });
      expect(outsideNow()).toEqual(before);
    },
  );

  test.each(['folder-link/canary', 'folder-link/deep/canary', 'sub/relative-link/canary', 'folder-link/new', 'folder-link/new/deeper'])(
    'linked parent folder: nothing is reached through %s',
    async (path) => {
      const before = outsideNow();
      expect(await everything(path)).toEqual(allRefused);
      expect(await refusal(files.stat(path))).toBe(r17);
      expect(outsideNow()).toEqual(before);
    },
  );

  test('a linked root folder inside a listing is shown and not entered', async () => {
    const listed = await files.list('.', { recursive: true });
    expect(listed.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
      'other dangling-link',
      'other file-link',
      'other folder-link',
      'file plain',
      'directory sub',
      'file sub/plain',
      'other sub/relative-link',
    ]);
  });

  test('hard link: a file with a second name is not written, so that the other name keeps its text', async () => {
    linkSync(join(outside, 'canary'), join(root, 'hard'));
    expect(await refusal(files.write('hard', 'overwritten'))).toBe(r17);
    expect(readFileSync(join(outside, 'canary'), 'utf8')).toBe(canary);
  });

  test.each([
    ['upward steps', '../outside/canary'],
    ['upward steps', 'sub/../../outside/canary'],
    ['upward steps', '..'],
    ['upward steps inside', 'sub/../plain'],
    ['absolute', '/etc/passwd'],
    ['absolute', '//plain'],
    ['NUL', 'plain\0.txt'],
    ['NUL', '\0'],
    ['drive', 'C:/Windows/win.ini'],
    ['drive', 'C:plain'],
    ['network share', '\\\\host\\share\\file'],
    ['backslash', '..\\outside\\canary'],
    ['alternate stream', 'plain::$DATA'],
    ['alternate stream', 'sub/plain:stream'],
    ['overlong name', 'x'.repeat(256)],
  ])('%s: %j', async (_attack, path) => {
    const before = outsideNow();
    expect(await everything(path)).toEqual(allRefused);
    expect(await refusal(files.stat(path))).toBe(r17);
    expect(outsideNow()).toEqual(before);
  });

  test.each(['', '.', './', 'sub/..'])('the root itself, as %j, is neither written nor moved', async (path) => {
    expect(await refusal(files.write(path, 'x'))).toBe(r17);
    expect(await refusal(files.trash(path))).toBe(r17);
    expect(await refusal(files.readText(path))).toBe(r17);
    expect(existsSync(join(root, 'plain'))).toBe(true);
  });

  test.skipIf(process.platform === 'win32')('fifo: refused at once, where opening it would hang', async () => {
    execFileSync('mkfifo', [join(root, 'pipe')]);
    expect(await everything('pipe')).toEqual(allRefused);
    expect(await refusal(files.readText('pipe/below'))).toBe(r17);
    expect(await files.stat('pipe')).toMatchObject({ kind: 'other' });
  });

  test.each([
    '.git/hooks/pre-commit',
    '.git/hooks',
    '.GIT/HOOKS/pre-commit',
    '.git/config',
    '.Git/Config',
    '.git/config.worktree',
    'sub/.git/config',
    '.git/modules/one/hooks/post-checkout',
    '.git/worktrees/one/config.worktree',
    '.git',
    'sub/.GIT',
    'git~1/config',
    'git~1',
    '.g\u200cit',
    '.\uff47it',
    '.g\u200cit/config',
    '.\uff47it/hooks/x',
    './.git//hooks/./pre-commit',
  ])('what git would run: %s is not written', async (path) => {
    mkdirSync(join(root, 'sub', 'repository'));
    expect(await refusal(files.write(path, '[core]\n\tfsmonitor = touch /tmp/owned'))).toBe(r17);
    expect(readdirSync(root, { recursive: true }).filter((name) => /git/i.test(String(name)))).toEqual([]);
  });

  test('what git would run is not moved away either; the rest of a repository is ordinary', async () => {
    mkdirSync(join(root, '.git', 'hooks'), { recursive: true });
    writeFileSync(join(root, '.git', 'config'), '[core]');
    expect(await refusal(files.trash('.git/config'))).toBe(r17);
    expect(await refusal(files.trash('.git/hooks'))).toBe(r17);
    expect(await files.readText('.git/config')).toBe('[core]');
    await files.write('.git/info/exclude', '*.log\n');
    await files.write('.gitignore', 'dist/\n');
    expect(await files.readText('.gitignore')).toBe('dist/\n');
  });
});

describe('ordinary use of the path door', () => {
  test('files are written with their folders, read back, and read in parts', async () => {
    await files.write('new/深い/a b.txt', 'zero one two');
    expect(await files.readText('new/深い/a b.txt')).toBe('zero one two');
    expect(new TextDecoder().decode(await files.read('new/深い/a b.txt', { offset: 5, length: 3 }))).toBe('one');
    expect(await files.read('plain', { offset: 100, length: 5 })).toHaveLength(0);
    await files.write('empty', new Uint8Array());
    expect(await files.stat('empty')).toMatchObject({ path: 'empty', kind: 'file', size: 0 });
    expect(await files.stat('absent/deeper')).toBeUndefined();
    expect(await refusal(files.readText('absent'))).toBe('path-missing ');
  });

  test('a write keeps the mode of the file, leaves no temporary file, and does not follow a file used as a folder', async () => {
    chmodSync(join(root, 'plain'), 0o755);
    await files.write('plain', 'new text');
    expect(statSync(join(root, 'plain')).mode & 0o777).toBe(0o755);
    expect(readdirSync(root).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(await refusal(files.write('plain/below', 'x'))).toBe(r17);
    expect(await refusal(files.write('sub', 'x'))).toBe(r17);
    expect(readdirSync(root).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('a listing is sorted and keeps its limit', async () => {
    for (const name of ['c', 'a', 'b']) await files.write(`many/${name}`, name);
    expect((await files.list('many')).map(({ path }) => path)).toEqual(['many/a', 'many/b', 'many/c']);
    expect(await files.list('many', { limit: 2 })).toHaveLength(2);
    expect(await files.list('.', { recursive: true, limit: 4 })).toHaveLength(4);
    for (let at = 0; at < 70; at++) await files.write(`many/d${at}/x`, '');
    const all = (await files.list('many', { recursive: true })).map(({ path }) => path);
    expect(all).toHaveLength(3 + 2 * 70);
    expect(all).toEqual(all.toSorted());
    expect(await refusal(files.list('plain'))).toBe(r17);
    expect(await refusal(files.list('absent'))).toBe('path-missing ');
  });

  test('trash keeps what was there and where it was, whatever it is called', async () => {
    const long = `${'长'.repeat(83)}.md`;
    await files.write(`sub/${long}`, 'kept');
    for (const path of ['plain', 'sub']) {
      const id = await files.trash(path);
      expect(await files.stat(path)).toBeUndefined();
      expect(JSON.parse(readFileSync(join(folder.path, 'trash', `${id}.json`), 'utf8'))).toMatchObject({ path });
      expect(existsSync(join(folder.path, 'trash', `${id}-${path}`))).toBe(true);
    }
    await files.write(long, 'kept too');
    const id = await files.trash(long);
    expect(readdirSync(join(folder.path, 'trash')).filter((name) => name.startsWith(`${id}-长`))).toHaveLength(1);
  });
});

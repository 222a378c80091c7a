// The path door against everything that tries to reach past it. Real folders, links, pipes and races; each attack has its own name.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CoPawError } from '../core/error.ts';
import type { Files } from '../core/files.ts';
import { createCountingIds } from '../testing/counting-ids.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { createFiles } from './workspace-files.ts';

const canary = 'CANARY-outside-the-root';
let folder: TempFolder;
let root: string;
let outside: string;
let files: Files;

beforeEach(() => {
  folder = tempFolder();
  build();
});
afterEach(() => folder.remove());

/** root/ with a file and links of every kind that lead to outside/, which holds the canary. */
function build(): void {
  root = join(folder.path, 'root');
  outside = join(folder.path, 'outside');
  for (const path of [root, outside, join(root, 'sub'), join(outside, 'deep')]) mkdirSync(path);
  writeFileSync(join(outside, 'canary'), canary);
  writeFileSync(join(outside, 'deep', 'canary'), canary);
  writeFileSync(join(root, 'plain'), 'plain');
  writeFileSync(join(root, 'sub', 'plain'), 'below');
  symlinkSync(join(outside, 'canary'), join(root, 'file-link'));
  symlinkSync(outside, join(root, 'folder-link'));
  symlinkSync('../outside', join(root, 'sub', 'relative-link'));
  symlinkSync(join(outside, 'new-file'), join(root, 'dangling-link'));
  files = createFiles({ root, trash: join(folder.path, 'trash'), clock: createFakeClock(), ids: createCountingIds() });
}

/** Every file outside the root with its text: equal before and after means that nothing got out. */
function outsideNow(): string[] {
  return readdirSync(outside, { recursive: true, withFileTypes: true })
    .map((one) => `${one.parentPath}/${one.name}${one.isFile() ? ` ${readFileSync(join(one.parentPath, one.name), 'utf8')}` : ''}`)
    .sort();
}

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

  test('rename race: a folder that is swapped for a link all the time never gives the canary and takes no write', { timeout: 30_000 }, async () => {
    const racing = join(root, 'racing');
    mkdirSync(racing);
    writeFileSync(join(racing, 'canary'), 'inside');
    const before = outsideNow();
    const stop = new SharedArrayBuffer(4);
    const swapper = new Worker(
      `const { renameSync, rmSync, symlinkSync, unlinkSync } = require('node:fs');
       const { racing, aside, outside, stop } = require('node:worker_threads').workerData;
       const stopped = new Int32Array(stop);
       const attempt = (work) => { try { work(); return true; } catch { return false; } };
       while (Atomics.load(stopped, 0) === 0) {
         attempt(() => renameSync(racing, aside));
         attempt(() => symlinkSync(outside, racing));
         attempt(() => unlinkSync(racing));
         // A write that came in between has made the folder anew.
         if (!attempt(() => renameSync(aside, racing))) attempt(() => rmSync(racing, { recursive: true }));
       }`,
      { eval: true, workerData: { racing, aside: join(folder.path, 'aside'), outside, stop } },
    );
    const ended = new Promise((resolve) => swapper.once('exit', resolve));
    const seen = { read: 0, refused: 0 };
    try {
      for (let tries = 0; tries < 3_000 && (seen.read < 60 || seen.refused < 60); tries++) {
        const text = await files.readText('racing/canary').catch((error: unknown) => (error instanceof CoPawError ? 'refused' : `raw error: ${String(error)}`));
        expect(['inside', 'refused']).toContain(text);
        seen[text === 'inside' ? 'read' : 'refused']++;
        if (tries % 8 === 0) await files.write('racing/new', 'text').catch(() => undefined);
        const listed = await files.list('racing').catch(() => []);
        expect(listed.filter((one) => one.path.includes('deep'))).toEqual([]);
      }
    } finally {
      Atomics.store(new Int32Array(stop), 0, 1);
      await ended;
    }
    expect(seen.read).toBeGreaterThan(0);
    expect(seen.refused).toBeGreaterThan(0);
    expect(outsideNow()).toEqual(before);
  });

  test.each([
    ['link', 'symlinkSync(target, racing)'],
    ['hard link', 'linkSync(target, racing)'],
  ])('rename race: a file that is swapped for a %s all the time takes no write through it and gives no other text', { timeout: 30_000 }, async (kind, swap) => {
    const racing = join(root, 'racing.txt');
    writeFileSync(racing, 'inside');
    const before = outsideNow();
    const stop = new SharedArrayBuffer(4);
    const swapper = new Worker(
      `const { linkSync, renameSync, symlinkSync, writeFileSync } = require('node:fs');
       const { racing: last, target, stop } = require('node:worker_threads').workerData;
       const stopped = new Int32Array(stop);
       for (let n = 0; Atomics.load(stopped, 0) === 0; n++) {
         const racing = last + '.' + n;
         try { ${swap}; renameSync(racing, last); } catch {}
         try { writeFileSync(racing, 'inside'); renameSync(racing, last); } catch {}
       }`,
      { eval: true, workerData: { racing, target: join(outside, 'canary'), stop } },
    );
    const ended = new Promise((resolve) => swapper.once('exit', resolve));
    const seen = { written: 0, refused: 0 };
    try {
      for (let tries = 0; tries < 3_000 && (seen.written < 60 || seen.refused < 60); tries++) {
        const done = await files.write('racing.txt', 'inside').then(
          () => 'written' as const,
          (error: unknown) => (error instanceof CoPawError && error.rule === 'R17' ? ('refused' as const) : Promise.reject(error)),
        );
        seen[done]++;
        if (kind === 'link') expect(['inside', 'refused']).toContain(await files.readText('racing.txt').catch(() => 'refused'));
      }
    } finally {
      Atomics.store(new Int32Array(stop), 0, 1);
      await ended;
    }
    expect(seen.written).toBeGreaterThan(0);
    expect(seen.refused).toBeGreaterThan(0);
    expect(outsideNow()).toEqual(before);
  });

  test('rename race: what is moved to the trash is never what lies outside', { timeout: 30_000 }, async () => {
    const racing = join(root, 'racing');
    const before = outsideNow();
    for (let tries = 0; tries < 200; tries++) {
      mkdirSync(racing, { recursive: true });
      writeFileSync(join(racing, 'canary'), 'inside');
      const moving = files.trash('racing/canary').catch(() => undefined);
      renameSync(racing, join(folder.path, `aside${tries}`));
      symlinkSync(outside, racing);
      await moving;
      rmSync(racing, { recursive: true });
    }
    expect(outsideNow()).toEqual(before);
  });

  test('whatever the path, nothing outside is read or changed', { timeout: 20_000 }, async () => {
    const part = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.constantFrom('..', '.', '', 'sub', 'plain', 'folder-link', 'file-link', 'relative-link', 'deep', 'canary', 'dangling-link', 'outside'),
      },
      { weight: 1, arbitrary: fc.constantFrom('.git', 'hooks', '\0', 'C:', '~', '%2e%2e', '..\\..', '．．', '‥', '../outside/canary') },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
    );
    const path = fc.tuple(fc.constantFrom('', '/', './'), fc.array(part, { maxLength: 6 })).map(([start, parts]) => start + parts.join('/'));
    const before = outsideNow();
    await fc.assert(
      fc.asyncProperty(path, async (tried) => {
        const text = await files.readText(tried).catch((error: unknown) => String(error));
        expect(text).not.toContain(canary);
        const listed = await files.list(tried, { recursive: true }).catch(() => []);
        expect(listed.filter((one) => one.path.includes('deep') && one.kind !== 'directory' && one.path.includes('link/'))).toEqual([]);
        await files.write(tried, 'written').catch(() => undefined);
        await files.stat(tried).catch(() => undefined);
        await files.trash(tried).catch(() => undefined);
        expect(outsideNow()).toEqual(before);
      }),
      { numRuns: 100 },
    );
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

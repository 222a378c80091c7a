// Following the files: the index is right whatever happens to them, reads no more than what changed, and never waits for ever.
import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CoPawError } from '../../src/core/error.ts';
import type { Files } from '../../src/core/files.ts';
import { createFollower, type Follower, type WatchFolder } from '../../src/memory/follow.ts';
import { createFiles } from '../../src/security/workspace-files.ts';
import { watchFolder } from '../../src/store/watch-folder.ts';
import { createCountingIds } from '../../src/testing/counting-ids.ts';
import { createFakeClock, type FakeClock } from '../../src/testing/fake-clock.ts';
import { type TempFolder, tempFolder } from '../../src/testing/temp-home.ts';

let folder: TempFolder;
let root: string;
let clock: FakeClock;
let files: Files;
/** What the index holds, by path, and every file that was read into it since. */
let index: Map<string, { stamp: string; markdown: string }>;
let reads: string[];
let faults: unknown[];
let follower: Follower;

const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const held = (): Record<string, string> => Object.fromEntries([...index].sort().map(([path, { markdown }]) => [path, markdown]));
const open = (watch?: WatchFolder): Follower =>
  createFollower({
    files: () => files,
    stamps: async () => new Map([...index].map(([path, { stamp }]) => [path, stamp])),
    index: async (_agentId, read) => {
      for (const { path, stamp, markdown } of read) {
        if (stamp === '') index.delete(path);
        else index.set(path, { stamp, markdown });
        reads.push(stamp === '' ? `-${path}` : path);
      }
    },
    clock,
    onFault: (error) => faults.push(error),
    ...(watch ? { watch } : {}),
  });
const watched: WatchFolder = (_agentId, name, changed) => watchFolder(root, name, changed);
/** What was read for this question alone. */
const asked = async (): Promise<string[]> => {
  reads = [];
  await follower.current('main');
  return reads.sort();
};

beforeEach(() => {
  folder = tempFolder();
  root = join(folder.path, 'main');
  mkdirSync(root);
  clock = createFakeClock();
  files = createFiles({ root, trash: join(folder.path, 'trash'), clock, ids: createCountingIds() });
  index = new Map();
  reads = [];
  faults = [];
  follower = open(watched);
});
afterEach(async () => {
  await follower.close();
  folder.remove();
  expect(faults).toEqual([]);
});

describe('at first', () => {
  test('nothing is read before somebody asks; then what is new, and of what is known only what changed', async () => {
    put('MEMORY.md', 'a');
    put('memory/deep/b.md', 'b');
    put('memory/.obsidian/c.md', 'hidden');
    put('memory/d.txt', 'no note');
    put('AGENTS.md', 'no note');
    expect(reads).toEqual([]);
    expect(await asked()).toEqual(['MEMORY.md', 'memory/deep/b.md']);
    await follower.close();
    put('MEMORY.md', 'changed');
    follower = open(watched);
    expect(await asked()).toEqual(['MEMORY.md']);
    expect(held()).toEqual({ 'MEMORY.md': 'changed', 'memory/deep/b.md': 'b' });
    expect(follower.followed('main')).toBe(true);
  });

  test('a file that changed within a tick of the clock of its disk is read once more', async () => {
    put('MEMORY.md', 'a');
    const info = await files.stat('MEMORY.md');
    clock.jump((info?.changedAt ?? 0) - clock.now());
    await follower.current('main');
    await follower.close();
    follower = open(watched);
    clock.jump(60_000);
    expect(await asked()).toEqual(['MEMORY.md']);
    await follower.close();
    follower = open(watched);
    expect(await asked()).toEqual([]);
  });
});

describe.each([
  ['followed by events', watched],
  ['compared each time', undefined],
])('%s', (_how, watch) => {
  beforeEach(async () => {
    await follower.close();
    follower = open(watch);
    put('MEMORY.md', 'a');
    put('memory/b.md', 'b');
    put('memory/trips/c.md', 'c');
    await follower.current('main');
    expect(follower.followed('main')).toBe(watch !== undefined);
  });

  test('nothing changed: nothing is read', async () => expect(await asked()).toEqual([]));

  test('an edit in place, one that renames, a new file in a new folder, a removed one', async () => {
    put('MEMORY.md', 'edited');
    expect(await asked()).toEqual(['MEMORY.md']);
    put('memory/.b.md.swp', 'x');
    put('memory/b.md~', 'renamed over');
    renameSync(join(root, 'memory/b.md~'), join(root, 'memory/b.md'));
    expect(await asked()).toEqual(['memory/b.md']);
    put('memory/new/deep/d.md', 'd');
    expect(await asked()).toEqual(['memory/new/deep/d.md']);
    put('memory/new/deep/d.md', 'again');
    expect(await asked()).toEqual(['memory/new/deep/d.md']);
    rmSync(join(root, 'memory/b.md'));
    expect(await asked()).toEqual(['-memory/b.md']);
    expect(held()).toEqual({ 'MEMORY.md': 'edited', 'memory/new/deep/d.md': 'again', 'memory/trips/c.md': 'c' });
  });

  test('the same size and an old time are a change too', async () => {
    put('memory/b.md', 'B');
    utimesSync(join(root, 'memory/b.md'), new Date(0), new Date(0));
    expect(await asked()).toEqual(['memory/b.md']);
  });

  test('a folder that moves, and the whole of memory deleted and back again', async () => {
    renameSync(join(root, 'memory/trips'), join(root, 'memory/travel'));
    await asked();
    expect(held()).toEqual({ 'MEMORY.md': 'a', 'memory/b.md': 'b', 'memory/travel/c.md': 'c' });
    put('memory/travel/c.md', 'still followed');
    expect(await asked()).toEqual(['memory/travel/c.md']);
    rmSync(join(root, 'memory'), { recursive: true });
    await asked();
    expect(held()).toEqual({ 'MEMORY.md': 'a' });
    put('memory/b.md', 'back');
    expect(await asked()).toEqual(['memory/b.md']);
    put('memory/b.md', 'and followed');
    expect(await asked()).toEqual(['memory/b.md']);
  });

  test('the whole workspace replaced by another', async () => {
    renameSync(root, `${root}-old`);
    put('memory/e.md', 'e');
    await asked();
    await asked(); // the first may have found no workspace
    expect(held()).toEqual({ 'memory/e.md': 'e' });
    put('memory/e.md', 'followed');
    await asked();
    expect(held()).toEqual({ 'memory/e.md': 'followed' });
  });

  test('a note that is too large is not read, is said, and is back once it is smaller', async () => {
    put('memory/b.md', 'x'.repeat(3 * 1024 * 1024));
    expect(await asked()).toEqual(['-memory/b.md']);
    expect(follower.left('main')).toEqual([{ path: 'memory/b.md', bytes: 3 * 1024 * 1024, why: 'too-large' }]);
    put('memory/b.md', 'small');
    expect(await asked()).toEqual(['memory/b.md']);
    expect(follower.left('main')).toEqual([]);
  });

  test('what is no UTF-8 is read as far as it is text', async () => {
    writeFileSync(join(root, 'memory/b.md'), Buffer.from('caf\xe9 au lait', 'latin1'));
    await asked();
    expect(held()['memory/b.md']).toBe('caf\uFFFD au lait');
  });

  test('attack: a link is not followed, neither a note nor a folder', async () => {
    mkdirSync(join(folder.path, 'elsewhere'));
    writeFileSync(join(folder.path, 'elsewhere/s.md'), 'stolen');
    symlinkSync(join(folder.path, 'elsewhere'), join(root, 'memory/link'));
    symlinkSync(join(folder.path, 'elsewhere/s.md'), join(root, 'memory/s.md'));
    expect((await asked()).filter((path) => !path.startsWith('-'))).toEqual([]);
    rmSync(join(root, 'memory'), { recursive: true });
    symlinkSync(join(folder.path, 'elsewhere'), join(root, 'memory'));
    await asked();
    expect(held()).toEqual({ 'MEMORY.md': 'a' });
  });
});

describe('trouble', () => {
  test('more names at once than are followed one by one', async () => {
    put('memory/a.md', 'a');
    await follower.current('main');
    for (let number = 0; number < 280; number++) put(`memory/n${number}.md`, `${number}`);
    expect(await asked()).toHaveLength(280);
    expect(await asked()).toEqual([]);
  });

  test('a file that cannot be read is said, and does not hold up the others', async () => {
    put('MEMORY.md', 'a');
    put('memory/b.md', 'b');
    const real = files;
    files = { ...real, readText: async (path) => (path === 'MEMORY.md' ? Promise.reject(new CoPawError('path-refused', 'no')) : real.readText(path)) };
    expect(await asked()).toEqual(['memory/b.md']);
    expect(follower.left('main')).toEqual([{ path: 'MEMORY.md', bytes: 1, why: 'unreadable' }]);
  });

  test('a failure is told to whoever asks, and nothing is taken for read', async () => {
    put('memory/b.md', 'b');
    const real = files;
    files = { ...real, readText: () => Promise.reject(new Error('disk')) };
    await expect(follower.current('main')).rejects.toThrow('disk');
    files = real;
    expect(await asked()).toEqual(['memory/b.md']);
  });

  test('a change is read unasked once it was quiet for a moment', async () => {
    put('memory/b.md', 'b');
    await follower.current('main');
    put('memory/b.md', 'changed');
    while (clock.waiting === 0) await new Promise((resolve) => setImmediate(resolve));
    reads = [];
    await clock.advance(20);
    while (reads.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(held()['memory/b.md']).toBe('changed');
    await follower.current('main');
  });

  test('whoever closes it waits for what is being read, and nothing is put into the index after that', async () => {
    put('memory/b.md', 'b');
    put('memory/c.md', 'c');
    const real = files;
    const reading = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    files = {
      ...real,
      async readText(path) {
        reading.resolve();
        await goOn.promise;
        return real.readText(path);
      },
    };
    const asking = follower.current('main');
    await reading.promise;
    const order: string[] = [];
    const closing = follower.close().then(() => order.push('closed'));
    goOn.resolve();
    await asking.then(() => order.push('read'));
    await closing;
    expect([order, reads]).toEqual([['read', 'closed'], []]);
    await follower.current('main'); // a turn that has not let go yet
    expect([reads, follower.followed('main')]).toEqual([[], false]);
  });

  test('a change that no event told of is found by the next search after ten minutes', async () => {
    await follower.close();
    follower = open((_agentId, name) => watchFolder(root, name, () => undefined));
    put('memory/b.md', 'b');
    await follower.current('main');
    put('memory/b.md', 'changed');
    expect(await asked()).toEqual([]);
    await clock.advance(10 * 60_000);
    await follower.current('main'); // looks in the background
    await follower.current('main');
    expect(held()['memory/b.md']).toBe('changed');
  });

  test('reading all again reads all again', async () => {
    put('MEMORY.md', 'a');
    put('memory/b.md', 'b');
    await follower.current('main');
    reads = [];
    await follower.again('main');
    expect(reads.sort()).toEqual(['MEMORY.md', 'memory/b.md']);
    expect(await asked()).toEqual([]);
  });
});

// Races for the path door: names that are swapped for links all the time while they are used, and paths of every form.
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CoPawError } from '../../src/core/error.ts';
import type { Files } from '../../src/core/files.ts';
import { createFiles } from '../../src/security/workspace-files.ts';
import { createCountingIds } from '../../src/testing/counting-ids.ts';
import { createFakeClock } from '../../src/testing/fake-clock.ts';
import { buildPathWorld } from '../../src/testing/path-world.ts';
import { type TempFolder, tempFolder } from '../../src/testing/temp-home.ts';

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

describe('races on the path door', () => {
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
         // Long enough in place for some reads to come to an end, too short for most.
         Atomics.wait(stopped, 0, 0, Math.random() / 3);
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

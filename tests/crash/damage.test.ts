// Damage at any place: a database is refused as it is, with the way back, or it opens with every row; a torn log of writes costs only what it tore.
import { copyFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CoPawError } from '../../src/core/error.ts';
import { openStore } from '../../src/store/open-store.ts';
import { entry, inboxRow, session } from '../../src/testing/store-rows.ts';
import { type TempFolder, tempFolder } from '../../src/testing/temp-home.ts';

const most = 60;
let folder: TempFolder;
let whole: Buffer;
let log: Buffer;
let base: Buffer;
let path: string;
beforeAll(async () => {
  folder = tempFolder();
  const source = join(folder.path, 'source.db');
  const store = await openStore(source);
  await store.commit({ session: session('s1') });
  for (let number = 0; number < most; number++) await store.commit({ inbox: [inboxRow(`m${number}`)], entries: [entry('s1', `t${number}`, 'x'.repeat(900))] });
  base = readFileSync(source);
  log = readFileSync(`${source}-wal`);
  await store.close();
  whole = readFileSync(source);
  mkdirSync(join(folder.path, 'home/backups'), { recursive: true });
  path = join(folder.path, 'home/copaw.db');
  copyFileSync(source, join(folder.path, 'home/backups/copaw-2026-01-04T08-00-00Z.db'));
  copyFileSync(source, join(folder.path, 'home/backups/copaw-2026-01-05T08-00-00Z.db'));
});
afterAll(() => folder.remove());

/** Opens what was put there: the keys of the messages, in order, or undefined where it was refused as it should be. */
async function tryToOpen(): Promise<readonly string[] | undefined> {
  const before = readFileSync(path);
  try {
    const store = await openStore(path);
    try {
      // Whatever their state says: a bit in the text of a state is one that no check of the file can know.
      const rows = await store.inbox.page({ limit: 10_000 });
      return rows.map(({ key }) => key).reverse();
    } catch (error) {
      // What is inside a text, or an index, no quick check of the file can know: it is found, and said, when it is read.
      expect(error).toMatchObject({ code: 'store-corrupt', next: expect.stringContaining('copaw backup list') });
      return undefined;
    } finally {
      await store.close();
    }
  } catch (error) {
    if (!(error instanceof CoPawError)) throw error;
    expect(error.code).toBe('store-corrupt');
    expect(error.next).toContain(`copaw backup restore ${join(folder.path, 'home/backups/copaw-2026-01-05T08-00-00Z.db')} --home ${join(folder.path, 'home')}`);
    expect(readFileSync(path).equals(before)).toBe(true);
    return undefined;
  } finally {
    for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
  }
}

test('cut off anywhere, it is refused', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 1 }), async (length) => {
      writeFileSync(path, whole.subarray(0, length));
      expect(await tryToOpen()).toBeUndefined();
    }),
    { numRuns: 60, examples: [[0], [1], [100], [4096], [8192], [whole.length - 4096], [whole.length - 1]] },
  );
});

test('with a flipped bit anywhere, it is refused or opens with every message', { timeout: 60_000 }, async () => {
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: whole.length * 8 - 1 }), async (bit) => {
      const bytes = Buffer.from(whole);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      writeFileSync(path, bytes);
      const keys = await tryToOpen();
      if (keys) expect(keys).toHaveLength(most);
      else refused++;
    }),
    { numRuns: 150, examples: [[0], [16 * 8], [100 * 8], [4096 * 8]] },
  );
  expect(refused).toBeGreaterThan(0);
});

test('a whole page overwritten is refused or opens with every message', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: whole.length / 4096 - 1 }), fc.integer({ min: 0, max: 255 }), async (page, byte) => {
      const bytes = Buffer.from(whole);
      bytes.fill(byte, page * 4096, page * 4096 + 4096);
      writeFileSync(path, bytes);
      const keys = await tryToOpen();
      if (keys) expect(keys).toHaveLength(most);
    }),
    { numRuns: 80 },
  );
});

test('a log of writes torn anywhere costs only the newest of it', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: log.length }), fc.boolean(), async (at, cut) => {
      writeFileSync(path, base);
      writeFileSync(`${path}-wal`, log);
      if (cut) truncateSync(`${path}-wal`, at);
      else if (at < log.length) writeFileSync(`${path}-wal`, Buffer.concat([log.subarray(0, at), Buffer.from([(log[at] ?? 0) ^ 0xff]), log.subarray(at + 1)]));
      const keys = await tryToOpen();
      expect(keys).toEqual(Array.from({ length: keys?.length ?? 0 }, (_, index) => `m${index}`));
      if (at === log.length) expect(keys).toHaveLength(most);
    }),
    {
      numRuns: 60,
      examples: [
        [0, true],
        [31, true],
        [log?.length ?? 0, true],
      ],
    },
  );
});

test('missing, with backups beside it, it is not begun anew', { timeout: 60_000 }, async () => {
  const refused: unknown = await openStore(path).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'store-corrupt', next: expect.stringContaining('copaw backup restore') });
});

// What waits for a message: bounded in size, number and time, whole or not there, and never in a workspace before a message takes it.
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { UploadLimits } from '../core/media.ts';
import { systemClock } from '../lib/clock.ts';
import { createFiles } from '../security/workspace-files.ts';
import { createCountingIds } from '../testing/counting-ids.ts';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { createMediaFiles } from './media-files.ts';

let folder: TempFolder;
let now = Date.UTC(2026, 0, 5, 8);
let limits: UploadLimits;
const ids = createCountingIds();
beforeEach(() => {
  folder = tempFolder();
  limits = { fileBytes: 1000, messageFiles: 3, waitingFiles: 5, waitingBytes: 2500, waitMs: 3_600_000 };
});
afterEach(() => folder.remove());

const media = () => createMediaFiles({ folder: join(folder.path, 'media'), clock: { now: () => now }, ids, limits: () => limits });
async function* pieces(...all: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const piece of all) yield typeof piece === 'string' ? Buffer.from(piece) : piece;
}
const kept = (): string[] => (existsSync(join(folder.path, 'media')) ? readdirSync(join(folder.path, 'media')) : []);
const workspace = () => {
  mkdirSync(join(folder.path, 'root'), { recursive: true });
  return createFiles({ root: join(folder.path, 'root'), trash: join(folder.path, 'trash'), clock: systemClock, ids });
};

test('a file waits, survives a restart, is copied to one place however often it is taken, and goes once it is let go', async () => {
  const added = await media().add({ name: 'Übersicht.csv', bytes: pieces('a,b\n', '1,2\n') });
  expect(added).toMatchObject({ name: 'Übersicht.csv', mediaType: 'text/csv', size: 8, expiresAt: now + limits.waitMs });
  const later = media();
  expect(await later.list()).toEqual([added]);
  const taken = await later.take([added.id, added.id], workspace());
  expect(taken).toEqual([
    { name: 'Übersicht.csv', mediaType: 'text/csv', size: 8, path: expect.stringMatching(/^inbox\/2026-01-05-[0-9a-z_]+\/Übersicht\.csv$/u) },
  ]);
  expect(await later.take([added.id], workspace())).toEqual(taken);
  expect(readFileSync(join(folder.path, 'root', taken[0]?.path ?? ''), 'utf8')).toBe('a,b\n1,2\n');
  expect(readdirSync(join(folder.path, 'root/inbox'))).toHaveLength(1);
  await later.letGo([added.id]);
  expect([await later.list(), kept()]).toEqual([[], []]);
  await expect(later.take([added.id], workspace())).rejects.toMatchObject({ code: 'not-found', next: 'Attach it again.' });
});

test('attack: an oversized stream is cut as soon as it is one, and nothing of it stays', async () => {
  let asked = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      asked++;
      yield Buffer.alloc(400);
    }
  }
  await expect(media().add({ name: 'big', bytes: endless() })).rejects.toMatchObject({ code: 'too-large' });
  expect([asked, kept()]).toEqual([3, []]);
  await expect(media().add({ name: 'told', bytes: endless(), size: 1001 })).rejects.toMatchObject({ code: 'too-large' });
  expect(asked).toBe(3);
});

test('attack: ten thousand uploads fill neither the disk nor the list', async () => {
  const store = media();
  const ends = await Promise.allSettled(Array.from({ length: 10_000 }, (_, index) => store.add({ name: `${index}`, bytes: pieces('x'.repeat(600)) })));
  const held = await store.list();
  expect(held.length).toBeLessThanOrEqual(4);
  expect(held.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(limits.waitingBytes);
  expect(kept()).toHaveLength(2 * held.length);
  const refused = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason.code] : []));
  expect([refused.length, new Set(refused)]).toEqual([10_000 - held.length, new Set(['busy'])]);
  limits = { ...limits, waitingBytes: 1e9 };
  for (let index = 0; index < 10; index++) await store.add({ name: `${index}`, bytes: pieces('x') }).catch(() => undefined);
  expect(await store.list()).toHaveLength(limits.waitingFiles);
});

test('a stream that breaks, and one that is cancelled, leave nothing; so does a crash', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('half');
    throw new Error('the line was cut');
  }
  const store = media();
  await expect(store.add({ name: 'x', bytes: broken() })).rejects.toThrow('the line was cut');
  const leaving = new AbortController();
  async function* left(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('half');
    leaving.abort();
    yield Buffer.from('more');
  }
  await expect(store.add({ name: 'x', bytes: left() }, leaving.signal)).rejects.toMatchObject({ code: 'cancelled' });
  expect(kept()).toEqual([]);
  const whole = await store.add({ name: 'x', bytes: pieces('x') });
  for (const name of ['file_1.part', 'file_2', 'file_3.json', 'file_4', 'file_4.json', 'other']) writeFileSync(join(folder.path, 'media', name), '{');
  expect(await media().list()).toEqual([whole]);
  expect(kept().sort()).toEqual([whole.id, `${whole.id}.json`]);
});

test('what no message takes expires, and a removed one is gone', async () => {
  const store = media();
  const [first, second] = [await store.add({ name: 'a', bytes: pieces('a') }), await store.add({ name: 'b', bytes: pieces('b') })];
  expect([await store.remove(first.id), await store.remove(first.id), await store.remove('../../home')]).toEqual([true, false, false]);
  now += limits.waitMs;
  expect([await store.expire(), await store.list(), kept()]).toEqual([1, [], []]);
  await expect(store.take([second.id], workspace())).rejects.toMatchObject({ code: 'not-found' });
});

test('one that is missing, or one too many, and none is copied', async () => {
  const store = media();
  const { id } = await store.add({ name: 'a', bytes: pieces('a') });
  await expect(store.take([id, 'file_none'], workspace())).rejects.toMatchObject({ code: 'not-found' });
  await expect(store.take([id, 'b', 'c', 'd'], workspace())).rejects.toMatchObject({ code: 'too-large' });
  expect(existsSync(join(folder.path, 'root/inbox'))).toBe(false);
});

test('attack: a zip bomb is a file like any other and is never unpacked', async () => {
  const bomb = gzipSync(Buffer.alloc(900_000));
  const { size, mediaType } = await media().add({ name: 'bomb.txt', bytes: pieces(bomb) });
  expect([size, mediaType]).toEqual([bomb.length, 'application/gzip']);
  expect(kept()).toHaveLength(2);
});

test('attack: a link that waits under the name of a file is not followed', async () => {
  const store = media();
  const { id } = await store.add({ name: 'a', bytes: pieces('a') });
  const secret = join(folder.path, 'secret');
  writeFileSync(secret, 'secret');
  const path = join(folder.path, 'media', id);
  await store.remove(id);
  mkdirSync(join(folder.path, 'media'), { recursive: true });
  symlinkSync(secret, path);
  writeFileSync(`${path}.json`, JSON.stringify({ name: 'a', mediaType: 'text/plain', size: 6, at: now }));
  await expect(media().take([id], workspace())).rejects.toThrow();
  const there = readdirSync(join(folder.path, 'root'), { recursive: true, withFileTypes: true });
  expect(there.filter((entry) => entry.isFile())).toEqual([]);
});

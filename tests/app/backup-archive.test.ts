// The archive format under attack: what was changed, cut, re-signed or built by hand is refused, or said to be another home's.
import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CoPawError } from '../../src/core/error.ts';
import { isSealed } from '../../src/lib/sealed-stream.ts';
import { type ArchiveParts, type BackupManifest, inOne, type Member, packArchive } from '../../src/store/backup-archive.ts';
import { openArchive } from '../../src/store/backup-open.ts';
import { buildTar, type TarPart } from '../../src/testing/build-archive.ts';

const key = Buffer.alloc(32, 1);
const other = Buffer.alloc(32, 2);
const at = Date.UTC(2026, 0, 5, 8);
const long = `workspaces/main/${'näme-'.repeat(30)}/${'x'.repeat(180)}.md`;
const file = (path: string, data: string | Uint8Array, executable = false) => ({ path, executable, data: Buffer.from(data) });
const members = [
  file('copaw.db', Buffer.alloc(5_000, 7)),
  file('config.json', '{}'),
  file('skills/s/run.sh', 'echo', true),
  file(long, '三'),
  file('workspaces/main/empty', ''),
];
const leftOut = [{ path: 'x', why: 'is a link or a device' }];
const memberOf = ({ path, executable, data }: (typeof members)[number]): Member => ({ path, executable, read: () => inOne(data) });

interface Packed {
  readonly bytes: Buffer;
  readonly files: number;
  readonly leftOut: BackupManifest['leftOut'];
}
async function pack(list: readonly Member[], more: Partial<ArchiveParts> = {}): Promise<Packed> {
  let bytes = Buffer.alloc(0);
  const made = await packArchive({
    ...{ members: list, leftOut, version: '1.2.3', at, key, passphrase: undefined, signal: undefined, onStep: () => undefined },
    async write(chunks) {
      const pieces: Uint8Array[] = [];
      for await (const chunk of chunks) pieces.push(chunk);
      bytes = Buffer.concat(pieces);
      return bytes.length;
    },
    ...more,
  });
  expect(made.bytes).toBe(bytes.length);
  return { ...made, bytes };
}

/** In pieces of a size that has nothing to do with anything in the format. */
async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 333) yield bytes.subarray(from, from + 333);
}

async function open(bytes: Uint8Array, passphrase?: string, with_: Uint8Array | undefined = key) {
  const found = new Map<string, Uint8Array[]>();
  const opened = await openArchive({
    ...{ key: with_, passphrase },
    read: () => inPieces(bytes),
    onManifest: async () => undefined,
    keep: ({ path }) => {
      const pieces: Uint8Array[] = [];
      found.set(path, pieces);
      return async (piece) => void pieces.push(Buffer.from(piece));
    },
  });
  const contents = opened.members.map(({ path, executable }) => ({ path, executable, data: Buffer.concat(found.get(path) ?? []) }));
  return { ...opened, contents };
}

async function code(bytes: Uint8Array, passphrase?: string): Promise<string | undefined> {
  return open(bytes, passphrase).then(
    () => undefined,
    (error: unknown) => (error instanceof CoPawError ? error.code : String(error)),
  );
}

const archive = (name: string): Buffer => readFileSync(new URL(`archives/${name}`, import.meta.url));

test('what is packed comes back: bytes, long names, executable bits, and who made it', async () => {
  const { bytes, files } = await pack(members.map(memberOf));
  const opened = await open(bytes);
  expect([opened.contents, files]).toEqual([members, 5]);
  expect(opened).toMatchObject({ madeHere: true, manifest: { version: '1.2.3', time: '2026-01-05T08:00:00.000Z', leftOut } });
  expect((await open(bytes, undefined, other)).madeHere).toBe(false);
});

test('archives that were made before it came in pieces open, and what is made now has the same bytes', async () => {
  const old = archive('format-1.tar.gz');
  expect((await open(old)).contents).toEqual(members);
  expect(gunzipSync((await pack(members.map(memberOf))).bytes).equals(gunzipSync(old))).toBe(true);
  const sealed = archive('format-1-sealed.tar.gz');
  expect((await open(sealed, 'correct horse')).contents).toEqual(members);
  for (const place of [30, 45, 60, sealed.length - 1]) expect(await code(flip(sealed, place), 'correct horse'), String(place)).toBe('artifact-refused');
  for (const end of [20, 40, 60, sealed.length - 1]) expect(await code(sealed.subarray(0, end), 'correct horse'), String(end)).toBe('artifact-refused');
}, 60_000);

function flip(bytes: Uint8Array, place: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[place] = (changed[place] ?? 0) ^ 1;
  return changed;
}

test('a passphrase seals it: another one, and any changed byte, open nothing', async () => {
  const { bytes: sealed } = await pack(members.map(memberOf), { passphrase: 'correct horse' });
  expect([isSealed(sealed.subarray(0, 64)), sealed.includes('config.json')]).toEqual([true, false]);
  expect((await open(sealed, 'correct horse')).contents).toEqual(members);
  expect(await code(sealed)).toBe('usage');
  expect(await code(sealed, 'correct horsf')).toBe('artifact-refused');
  for (const place of [23, 40, 60, sealed.length - 1]) expect(await code(flip(sealed, place), 'correct horse'), String(place)).toBe('artifact-refused');
  for (const end of [30, 50, sealed.length - 1]) expect(await code(sealed.subarray(0, end), 'correct horse'), String(end)).toBe('artifact-refused');
}, 60_000);

test('cut or changed anywhere it is refused', async () => {
  const tar = gunzipSync((await pack(members.map(memberOf))).bytes);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: tar.length * 8 - 1 }), fc.boolean(), async (bit, cut) => {
      const bytes = cut ? tar.subarray(0, bit >> 3) : Buffer.from(tar);
      if (!cut) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      try {
        // What stands in padding, times and owners means nothing, and nothing else comes through.
        expect((await open(gzipSync(bytes))).contents).toEqual(members.map((member) => ({ ...member, executable: expect.any(Boolean) })));
      } catch (error) {
        expect(error).toMatchObject({ code: 'artifact-refused' });
      }
    }),
    { numRuns: 300 },
  );
});

describe('a file that does not hold still', () => {
  /** Another content each time it is read, until it is the last of these. */
  const restless = (path: string, ...contents: readonly (string | Error)[]): Member & { reads(): number } => {
    let reads = 0;
    async function* read(): AsyncGenerator<Uint8Array> {
      const content = contents[Math.min(reads++, contents.length - 1)] ?? '';
      if (content instanceof Error) throw content;
      yield Buffer.from(content);
    }
    return { path, executable: false, read, reads: () => reads };
  };
  const read = async (bytes: Uint8Array) => Object.fromEntries((await open(bytes)).contents.map(({ path, data }) => [path, data.toString()]));

  test('is read again, and the last one is in the archive as its hash says', async () => {
    const grown = restless('a', 'one', 'one and two', 'one and two');
    const shrunk = restless('b', 'long before', 'now', 'now', 'now');
    const other = restless('c', 'one', 'two', 'two', 'two', 'two');
    const made = await pack([grown, shrunk, other, memberOf(file('d', 'still'))]);
    expect(await read(made.bytes)).toEqual({ a: 'one and two', b: 'now', c: 'two', d: 'still' });
    expect(made.leftOut).toEqual(leftOut);
  });

  test('is left out where it is another one each time, is gone, or may not be read', async () => {
    const counting = restless('a', ...Array.from({ length: 40 }, (_, index) => String(index)));
    const gone = restless('b', 'one', new CoPawError('path-missing', 'Nothing is there.'));
    const closed = restless('c', Object.assign(new Error('not yours'), { code: 'EACCES' }));
    const made = await pack([counting, gone, closed, memberOf(file('d', 'still'))]);
    expect(await read(made.bytes)).toEqual({ d: 'still' });
    expect(made.leftOut.slice(1).toSorted((one, two) => (one.path < two.path ? -1 : 1))).toEqual([
      { path: 'a', why: 'changed each time it was read' },
      { path: 'b', why: 'could not be read' },
      { path: 'c', why: 'could not be read' },
    ]);
    expect(counting.reads()).toBe(6);
  });

  test('where all of them change for ever it is said, and a disk that fails ends it at once', async () => {
    const many = Array.from({ length: 9 }, (_, index) => restless(`f${index}`, ...Array.from({ length: 40 }, (_entry, turn) => String(turn))));
    await expect(pack(many)).rejects.toMatchObject({ code: 'busy' });
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
    const write = (): Promise<number> => Promise.reject(full);
    await expect(pack(members.map(memberOf), { write })).rejects.toBe(full);
    await expect(pack([restless('a', full)])).rejects.toBe(full);
  });
});

describe('attack', () => {
  const build = async (change: (parts: TarPart[]) => readonly TarPart[]): Promise<Buffer> => {
    const { manifest } = await open((await pack(members.slice(0, 2).map(memberOf))).bytes);
    return gzipSync(
      buildTar(
        change([
          { name: 'manifest.json', data: JSON.stringify(manifest) },
          { name: 'manifest.hmac', data: '0'.repeat(64) },
          ...members.slice(0, 2).map(({ path, data }) => ({ name: path, data })),
        ]),
      ),
    );
  };
  test.each<[string, (parts: TarPart[]) => readonly TarPart[]]>([
    ['a manifest of this home with another signature', (parts) => parts],
    ['a member more than is listed', (parts) => [...parts, { name: 'skills/evil/SKILL.md', data: 'x' }]],
    ['a member less', (parts) => parts.slice(0, -1)],
    ['a link', (parts) => [...parts.slice(0, -1), { name: 'config.json', type: '2', link: '/etc/passwd' }]],
    ['a step upward', (parts) => [...parts, { name: 'workspaces/../../escape', data: 'x' }]],
    ['an absolute path', (parts) => [...parts, { name: '/etc/cron.d/x', data: 'x' }]],
    ['no manifest', (parts) => parts.slice(2)],
    ['the same name twice', (parts) => [...parts, { name: 'CONFIG.json', data: '{}' }]],
  ])('%s is refused', async (_what, change) => {
    expect(await code(await build(change))).toBe('artifact-refused');
  });

  test('what is no archive at all is refused', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('hello'), gzipSync('hello'), ...[1, 2].map((one) => Buffer.from(`CoPaw sealed backup ${one}\n`))])
      expect(await code(bytes, 'pass')).toBe('artifact-refused');
  });

  test('anything behind the end is refused, also zeros and a second archive', async () => {
    const { bytes } = await pack(members.map(memberOf));
    for (const more of [Buffer.alloc(10), Buffer.from('x'), gzipSync('x'), bytes]) expect(await code(Buffer.concat([bytes, more]))).toBe('artifact-refused');
    const tar = gunzipSync(bytes);
    expect(await code(gzipSync(Buffer.concat([tar, Buffer.alloc(2 * 1024 * 1024)])))).toBe('artifact-refused');
  });
});

// The archive format under attack: what was changed, cut, re-signed or built by hand is refused, or said to be another home's.
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CoPawError } from '../../src/core/error.ts';
import { type ArchiveEntry, readArchive } from '../../src/lib/archive.ts';
import { writeTar } from '../../src/lib/archive-write.ts';
import { archiveCaps, openArchive, packArchive } from '../../src/store/backup-archive.ts';
import { buildTar, type TarPart } from '../../src/testing/build-archive.ts';

const key = Buffer.alloc(32, 1);
const other = Buffer.alloc(32, 2);
const at = Date.UTC(2026, 0, 5, 8);
const file = (path: string, data: string | Uint8Array, executable = false): ArchiveEntry => ({ path, kind: 'file', data: Buffer.from(data), executable });
const long = `workspaces/main/${'näme-'.repeat(30)}/${'x'.repeat(180)}.md`;
const members = [
  file('copaw.db', Buffer.alloc(5_000, 7)),
  file('config.json', '{}'),
  file('skills/s/run.sh', 'echo', true),
  file(long, '三'),
  file('workspaces/main/empty', ''),
];
const about = { version: '1.2.3', leftOut: [{ path: 'x', why: 'is a link or a device' }], at, key };

async function code(bytes: Uint8Array, passphrase?: string): Promise<string | undefined> {
  return openArchive(bytes, key, passphrase).then(
    () => undefined,
    (error: unknown) => (error instanceof CoPawError ? error.code : String(error)),
  );
}

test('what is packed comes back: bytes, long names, executable bits, and who made it', async () => {
  const packed = await packArchive(members, about);
  const opened = await openArchive(packed, key, undefined);
  expect(opened.members).toEqual(members);
  expect(opened).toMatchObject({ madeHere: true, manifest: { version: '1.2.3', time: '2026-01-05T08:00:00.000Z', leftOut: about.leftOut } });
  expect((await openArchive(packed, other, undefined)).madeHere).toBe(false);
  expect((await openArchive(packed, undefined, undefined)).madeHere).toBe(false);
});

test('tars of any names and bytes are read back as they were written', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-zé三]{1,120}(\/[a-z]{1,90}){0,3}$/u), fc.uint8Array({ maxLength: 1_500 })), {
        selector: ([path]) => path,
        maxLength: 8,
      }),
      async (entries) => {
        const written = entries.map(([path, data]) => file(path, data));
        const found = readArchive(gzipSync(writeTar(written, at)), archiveCaps);
        expect('entries' in found && found.entries).toEqual(written);
      },
    ),
  );
});

test('a passphrase seals it: another one, and any changed byte, open nothing', async () => {
  const sealed = await packArchive(members, { ...about, passphrase: 'correct horse' });
  expect(sealed.includes('config.json')).toBe(false);
  expect((await openArchive(sealed, key, 'correct horse')).members).toEqual(members);
  expect(await code(sealed)).toBe('usage');
  expect(await code(sealed, 'correct horsf')).toBe('artifact-refused');
  for (const place of [22, 40, 60, sealed.length - 1]) {
    const changed = Buffer.from(sealed);
    changed[place] = (changed[place] ?? 0) ^ 1;
    expect(await code(changed, 'correct horse'), String(place)).toBe('artifact-refused');
  }
}, 30_000);

test('cut or changed anywhere it is refused', async () => {
  const tar = gunzipSync(await packArchive(members, about));
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: tar.length * 8 - 1 }), fc.boolean(), async (bit, cut) => {
      const bytes = cut ? tar.subarray(0, bit >> 3) : Buffer.from(tar);
      if (!cut) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      try {
        // What stands in padding, times and owners means nothing, and nothing else comes through.
        expect((await openArchive(gzipSync(bytes), key, undefined)).members).toEqual(members.map((member) => ({ ...member, executable: expect.any(Boolean) })));
      } catch (error) {
        expect(error).toMatchObject({ code: 'artifact-refused' });
      }
    }),
    { numRuns: 300 },
  );
});

describe('attack', () => {
  const build = async (change: (parts: TarPart[]) => readonly TarPart[]): Promise<Buffer> => {
    const { manifest } = await openArchive(await packArchive(members.slice(0, 2), about), key, undefined);
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
    for (const bytes of [Buffer.alloc(0), Buffer.from('hello'), gzipSync('hello'), Buffer.from('CoPaw sealed backup 1\n')])
      expect(await code(bytes, 'pass')).toBe('artifact-refused');
  });
});

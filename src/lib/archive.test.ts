// Archives as people make them are read; archives made to mean two things, or too much, are refused with the reason.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildTar, buildZip, paxRecord, type TarPart, type ZipPart } from '../testing/build-archive.ts';
import { tempFolder } from '../testing/temp-home.ts';
import { type ArchiveCaps, readArchive } from './archive.ts';

const kibibyte = 1024;
const caps: ArchiveCaps = {
  archiveBytes: 4096 * kibibyte,
  totalBytes: 3072 * kibibyte,
  fileBytes: 2048 * kibibyte,
  entries: 20,
  depth: 4,
  ratio: 100,
};

function read(bytes: Uint8Array, limits: Partial<ArchiveCaps> = {}) {
  const archive = readArchive(bytes, { ...caps, ...limits });
  if ('refused' in archive) return archive.refused;
  return archive.entries.map(({ path, kind, data, executable }) => [path, kind, Buffer.from(data).toString(), executable] as const);
}

const zip = (...parts: ZipPart[]) => read(buildZip(parts));
const tar = (...parts: TarPart[]) => read(buildTar(parts));

describe('zip', () => {
  test('files, folders, scripts, stored or packed, with a comment as GitHub writes one', () => {
    const bytes = buildZip(
      [
        { name: 'a/', mode: 0o040755, stored: true },
        { name: 'a/SKILL.md', data: 'hello' },
        { name: 'a/run.sh', data: 'echo', mode: 0o100755, stored: true },
        { name: 'a/名.md', data: 'x', descriptor: true },
        { name: 'a/empty', data: '' },
      ],
      { comment: 'c0ffee' },
    );
    expect(read(bytes)).toEqual([
      ['a', 'directory', '', false],
      ['a/SKILL.md', 'file', 'hello', false],
      ['a/run.sh', 'file', 'echo', true],
      ['a/名.md', 'file', 'x', false],
      ['a/empty', 'file', '', false],
    ]);
  });
  test('an empty one', () => expect(read(buildZip([]))).toEqual([]));
  test('a symbolic link and a device are told as such', () => {
    const found = zip({ name: 'l', data: '/etc/passwd', mode: 0o120777 }, { name: 'd', mode: 0o020666 });
    expect(typeof found === 'string' ? found : found.map(([, kind]) => kind)).toEqual(['link', 'other']);
  });
  test('zip slip is handed on as it stands, for the door to refuse', () =>
    expect(zip({ name: '../../x', data: 'x' })).toEqual([['../../x', 'file', 'x', false]]));

  const overlapping = buildZip([
    { name: 'a', data: 'x'.repeat(100) },
    { name: 'a', data: 'x'.repeat(100), offset: 0 },
  ]);
  test.each<[string, Uint8Array | ZipPart, RegExp]>([
    ['encrypted', { name: 'a', data: 'x', flags: 0x0801 }, /encrypted/],
    ['strongly encrypted', { name: 'a', data: 'x', flags: 0x0840 }, /encrypted/],
    ['a rare method', { name: 'a', data: 'x', method: 14 }, /method/],
    ['says less than it unpacks to', { name: 'a', data: 'x'.repeat(500), size: 5 }, /more than it says/],
    ['says more than it unpacks to', { name: 'a', data: 'xx', size: 5 }, /other than it says/],
    ['a wrong checksum', { name: 'a', data: 'x', crc: 1 }, /other than it says/],
    ['another size in the local header', { name: 'a', data: 'x', local: { size: 2 } }, /two things/],
    ['another name in the local header', { name: 'a', data: 'x', local: { name: 'b' } }, /two things/],
    ['encrypted in the local header only', { name: 'a', data: 'x', local: { flags: 0x0801 } }, /two things/],
    ['zip64 sizes', { name: 'a', data: 'x', size: 0xffffffff }, /zip64/],
    ['a zip64 extra field', { name: 'a', data: 'x', extra: Buffer.from([1, 0, 0, 0]) }, /zip64/],
    ['a zip64 count', buildZip([{ name: 'a' }], { count: 0xffff }), /zip64/],
    ['a name that is not UTF-8', { name: Buffer.from([0x61, 0xff]), data: 'x' }, /UTF-8/],
    ['a folder with content', { name: 'a/', data: 'x', mode: 0o040755 }, /folder/],
    ['a file named like a folder', { name: 'a/', data: 'x' }, /folder/],
    ['one name twice', buildZip([{ name: 'a' }, { name: 'a' }]), /twice/],
    ['entries that overlap', overlapping, /twice|overlap/],
    [
      'entries that share their data',
      buildZip([
        { name: 'a', data: 'x' },
        { name: 'b', data: 'x', offset: 0 },
      ]),
      /overlap|two things/,
    ],
    ['something hidden between entries', { name: 'a', data: 'x', gap: Buffer.from('hidden') }, /beside/],
    ['something before the first entry', Buffer.concat([Buffer.from('PK'), buildZip([{ name: 'a' }])]), /beside|overlap/],
    ['something after the end', buildZip([{ name: 'a' }], { trailing: Buffer.from('x') }), /after its end/],
    ['a packed stream that goes on', { name: 'a', method: 8, stored: true, data: Buffer.concat([deflateRawSync('x'), Buffer.from('y')]), size: 1 }, /beside/],
    ['fewer entries than it says', buildZip([{ name: 'a' }], { count: 2 }), /directory/],
    ['two ends', Buffer.concat([buildZip([{ name: 'a' }], { comment: 'x'.repeat(22) }).subarray(0, -22), buildZip([])]), /two ends/],
  ])('refused: %s', (_, made, reason) => expect(made instanceof Uint8Array ? read(made) : zip(made)).toMatch(reason));

  test('refused: cut short anywhere', () => {
    const whole = buildZip([
      { name: 'a', data: 'hello there' },
      { name: 'b', data: 'x', descriptor: true },
    ]);
    for (let length = 2; length < whole.length; length++) expect(read(whole.subarray(0, length))).toBeTypeOf('string');
  });
  test('whatever byte is flipped, it is refused, or the content of a file is what it was', () => {
    const whole = buildZip([{ name: 'a', data: 'hello there' }]);
    const flip = fc.tuple(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(flip, ([at, by]) => {
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ by;
        const found = read(bytes);
        if (typeof found === 'string') return;
        for (const [, kind, text] of found) expect(text).toBe(kind === 'file' ? 'hello there' : '');
      }),
    );
  });
});

describe('bombs are refused before they are unpacked', () => {
  const zeros = (size: number): Buffer => Buffer.alloc(size);
  test.each<[string, Uint8Array, RegExp]>([
    ['by ratio', buildZip([{ name: 'a', data: zeros(2000 * kibibyte) }]), /times its size/],
    ['by the size of a file', buildZip([{ name: 'a', data: zeros(2100 * kibibyte) }]), /file over/],
    ['by the size of all', buildZip(['a', 'b', 'c', 'd'].map((name) => ({ name, data: zeros(1000 * kibibyte) }))), /unpacks to more/],
    ['by count', buildZip(Array.from({ length: 21 }, (_, index) => ({ name: `f${index}` }))), /more than 20/],
    ['by depth', buildZip([{ name: 'a/b/c/d/e', data: 'x' }]), /deeper/],
    ['by the size of the archive', zeros(4097 * kibibyte), /more than \d+ bytes/],
    ['gzip by ratio', gzipSync(zeros(4000 * kibibyte)), /unpacks to more/],
    ['tar by the size of a file', buildTar([{ name: 'a', data: zeros(2100 * kibibyte) }]), /file over/],
    ['tar by count', buildTar(Array.from({ length: 21 }, (_, index) => ({ name: `f${index}` }))), /more than 20/],
    ['tar by headers', buildTar(Array.from({ length: 50 }, () => ({ name: 'p', type: 'g', data: paxRecord('comment', 'x') }))), /headers/],
  ])('%s', (_, bytes, reason) => expect(read(bytes)).toMatch(reason));
  test('a lying size does not get more than it says', () => {
    const bomb = buildZip([{ name: 'a', data: zeros(64 * kibibyte * kibibyte), size: 10 }]);
    const before = process.memoryUsage().arrayBuffers;
    expect(read(bomb)).toMatch(/more than it says/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * kibibyte * kibibyte);
  });
});

describe('tar', () => {
  test('files, folders, scripts, a leading "./", long names in both dialects, a comment of git', () => {
    const long = `d/${'n'.repeat(150)}`;
    expect(
      tar(
        { name: 'pax_global_header', type: 'g', data: paxRecord('comment', 'c0ffee') },
        { name: './', type: '5', mode: 0o755 },
        { name: './SKILL.md', data: 'hello' },
        { name: './run.sh', data: 'echo', mode: 0o755 },
        { name: 'x', type: 'x', data: paxRecord('path', `${long}1`) + paxRecord('mtime', '1.5') },
        { name: 'short', data: '1' },
        { name: '././@LongLink', type: 'L', data: `${long}2\0` },
        { name: 'short', data: '2' },
        { name: 'after', data: '3' },
      ),
    ).toEqual([
      ['SKILL.md', 'file', 'hello', false],
      ['run.sh', 'file', 'echo', true],
      [`${long}1`, 'file', '1', false],
      [`${long}2`, 'file', '2', false],
      ['after', 'file', '3', false],
    ]);
  });
  test('links, devices and FIFOs are told as such', () => {
    const kinds = ['1', '2', '3', '4', '6', 'S'].map((type) => tar({ name: 'a', type, link: '/etc/passwd' })[0]?.[1]);
    expect(kinds).toEqual(['link', 'link', 'other', 'other', 'other', 'other']);
  });
  test.each<[string, Uint8Array | TarPart, RegExp]>([
    ['a damaged header', { name: 'a', sum: 1 }, /damaged/],
    ['a size in binary', { name: 'a', size: '\x80\0\0\0\0\0\0\0\0\0\x01' }, /damaged/],
    ['a size beyond the end', { name: 'a', size: '00000777777' }, /cut short/],
    ['one path for all', { name: 'g', type: 'g', data: paxRecord('path', '../x') }, /for all/],
    ['a size in a pax header', { name: 'x', type: 'x', data: paxRecord('size', '1') }, /pax/],
    ['a file with holes', { name: 'x', type: 'x', data: paxRecord('GNU.sparse.major', '1') }, /pax/],
    ['a pax header that lies about its length', { name: 'x', type: 'x', data: '99 path=a\n' }, /pax/],
    ['a name without an entry', { name: 'x', type: 'x', data: paxRecord('path', 'a') }, /without an entry/],
    [
      'two names for one entry',
      buildTar([{ name: 'x', type: 'x', data: paxRecord('path', 'a') }, { name: 'l', type: 'L', data: 'b' }, { name: 'c' }]),
      /twice/,
    ],
    ['a folder with content', { name: 'a', type: '5', data: 'x' }, /folder/],
    ['a file named like a folder', { name: 'a/' }, /folder/],
    ['a second archive behind the first', Buffer.concat([buildTar([{ name: 'a' }]), buildTar([{ name: 'b' }])]), /after its end/],
    ['no end', buildTar([{ name: 'a' }], Buffer.alloc(0)), /cut short/],
    ['half an end', buildTar([{ name: 'a' }], Buffer.alloc(512)), /cut short/],
  ])('refused: %s', (_, made, reason) => expect(made instanceof Uint8Array ? read(made) : tar(made)).toMatch(reason));

  const packed = gzipSync(buildTar([{ name: 'a', data: 'hello' }]));
  test('packed with gzip', () => expect(read(packed)).toEqual([['a', 'file', 'hello', false]]));
  test.each<[string, Uint8Array, RegExp]>([
    ['cut short', packed.subarray(0, -3), /cut short/],
    ['with something after it', Buffer.concat([packed, Buffer.from('x')]), /after its end|damaged/],
    ['with zeros after it', Buffer.concat([packed, Buffer.alloc(10)]), /after its end/],
    ['with a second member', Buffer.concat([packed, gzipSync('x')]), /after its end/],
    ['of something else', gzipSync('hello'), /cut short/],
  ])('refused: gzip %s', (_, bytes, reason) => expect(read(bytes)).toMatch(reason));
});

test.each(['', 'hello', '7z\xbc\xaf\x27\x1c', 'PK'])('neither zip nor tar: %j', (text) => expect(read(Buffer.from(text, 'latin1'))).toBeTypeOf('string'));

test('arbitrary bytes never throw', () => {
  const headed = fc.tuple(fc.constantFrom(Buffer.from('PK\x03\x04'), Buffer.from([0x1f, 0x8b, 8]), Buffer.alloc(0)), fc.uint8Array({ maxLength: 2000 }));
  fc.assert(
    fc.property(headed, ([head, rest]) => {
      expect(read(Buffer.concat([head, rest]))).toBeTypeOf('string');
    }),
  );
});

const has = (program: string): boolean => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
test.skipIf(!has('tar') || process.platform === 'win32')('what the tar of this system writes is read', () => {
  const folder = tempFolder();
  try {
    const deep = `skill/scripts/${'deep'.repeat(15)}`;
    mkdirSync(join(folder.path, deep), { recursive: true });
    writeFileSync(join(folder.path, 'skill/SKILL.md'), 'hello');
    writeFileSync(join(folder.path, `${deep}/${'long'.repeat(15)}.sh`), 'echo', { mode: 0o755 });
    for (const flags of [['--format=ustar'], ['--format=pax'], ['--format=gnu'], ['-z']]) {
      const bytes = execFileSync('tar', [...flags, '-cf', '-', '-C', folder.path, 'skill']);
      const found = read(bytes);
      expect(found).toContainEqual(['skill/SKILL.md', 'file', 'hello', false]);
      expect(found).toContainEqual([`${deep}/${'long'.repeat(15)}.sh`, 'file', 'echo', true]);
    }
  } finally {
    folder.remove();
  }
});

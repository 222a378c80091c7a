// Tar files in pieces: what is written is read back by both readers, in whatever sizes it comes, and a size that octal has no room for is written in binary.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTar } from './archive-tar.ts';
import { createByteReader } from './byte-flow.ts';
import { headerOf, readTarStream, type TarFile, writeTar } from './tar-stream.ts';

const caps = { archiveBytes: 1e6, totalBytes: 1e6, fileBytes: 1e6, ratio: 1e6, entries: 100, depth: 10 };

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
async function whole(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const found: Uint8Array[] = [];
  for await (const chunk of chunks) found.push(chunk);
  return Buffer.concat(found);
}

test('tars of any names and bytes are read back as they were written', async () => {
  const entry = fc.record({
    path: fc.stringMatching(/^[a-zé三]{1,120}(\/[a-z]{1,90}){0,3}$/u),
    data: fc.uint8Array({ maxLength: 1_500 }),
    executable: fc.boolean(),
  });
  const lists = fc.uniqueArray(entry, { selector: ({ path }) => path, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(lists, fc.integer({ min: 1, max: 900 }), fc.nat(), async (entries, size, skip) => {
      const files = entries.map(({ path, data, executable }): TarFile => ({ path, executable, bytes: data.length, data: inPieces(data, 100) }));
      const tar = await whole(writeTar(files, 0));
      const wanted = entries.map((one) => ({ ...one, data: Buffer.from(one.data), kind: 'file' }));
      expect(readTar(tar, caps)).toEqual(wanted);
      // A reader that wants only some of them finds the others all the same.
      const found: unknown[] = [];
      for await (const { path, executable, kind, data } of readTarStream(createByteReader(inPieces(tar, size)), caps)) {
        const passed = found.length === skip % 7;
        found.push({ path, executable, kind, data: passed ? wanted[found.length]?.data : await whole(data) });
      }
      expect(found).toEqual(wanted);
    }),
    { numRuns: 25 },
  );
});

test.each([8 ** 11 - 1, 8 ** 11, 5 * 1024 ** 4])('a member of %i bytes is announced as such', async (bytes) => {
  const header = headerOf('a', bytes, 0o644, 0, '0');
  const huge = { ...caps, fileBytes: Number.MAX_SAFE_INTEGER, totalBytes: Number.MAX_SAFE_INTEGER };
  const members = readTarStream(createByteReader(inPieces(header, 512)), huge);
  expect((await members.next()).value).toMatchObject({ path: 'a', bytes });
  await expect(members.next()).rejects.toThrow('cut short');
  expect(() => readTar(header, caps)).toThrow(/file over/);
});

// What is packed is read again by the strict reader, whatever it is.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readZip } from './archive-zip.ts';
import { zipOf } from './zip-of.ts';

const caps = { archiveBytes: 1_000_000, totalBytes: 1_000_000, fileBytes: 1_000_000, entries: 1, depth: 1, ratio: 10_000 };

test('any file comes out as it went in, under its name', async () => {
  await fc.assert(
    fc.asyncProperty(fc.stringMatching(/^[\p{L}\p{N}_-]{1,40}\.[a-z]{1,5}$/u), fc.uint8Array({ maxLength: 5_000 }), async (name, bytes) => {
      const [entry] = readZip(await zipOf(name, bytes), caps);
      expect(entry).toMatchObject({ path: name, kind: 'file' });
      expect(Buffer.from(entry?.data ?? []).equals(Buffer.from(bytes))).toBe(true);
    }),
  );
});

test('the same file is the same archive', async () => {
  const bytes = Buffer.from('the same');
  expect(await zipOf('a.txt', bytes)).toEqual(await zipOf('a.txt', bytes));
});

// What is written as multipart/form-data is read back by somebody else's parser, whatever it holds.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { multipart } from './multipart.ts';

const read = async (parts: Parameters<typeof multipart>[0]) => {
  const { contentType, body } = multipart(parts);
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  return Promise.all(
    [...form].map(async ([name, value]) =>
      typeof value === 'string' ? { name, text: value } : { name, file: value.name, bytes: new Uint8Array(await value.arrayBuffer()) },
    ),
  );
};

test('any texts, names and bytes come back as they were, each part once', async () => {
  const hostile = fc.oneof(
    fc.string(),
    fc.constantFrom('a"; name="b', 'x\r\nContent-Type: text/html\r\n\r\n', '../../x', 'C:\\x', '--', '\u0000', '你好.bin', ''),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(hostile, fc.oneof(fc.string(), fc.constant('\r\n--copaw-')), fc.uint8Array({ maxLength: 200 })), { maxLength: 4 }),
      async (given) => {
        const parts = given.flatMap(([fileName, text, bytes], index) => [
          { name: `text${index}`, value: text.toWellFormed() },
          { name: `files[${index}]`, value: bytes, fileName, mediaType: fileName },
        ]);
        if (parts.length === 0) return;
        const found = await read(parts);
        expect(found.map(({ name }) => name)).toEqual(parts.map(({ name }) => name));
        for (const [index, [, text, bytes]] of given.entries()) {
          expect(found[2 * index]?.text).toBe(text.toWellFormed());
          expect(found[2 * index + 1]?.bytes).toEqual(bytes);
          expect(found[2 * index + 1]?.file).not.toMatch(/[/\\\p{Cc}]/u);
        }
      },
    ),
  );
});

test('a name with letters of any script stays', async () => {
  expect(await read([{ name: 'files[0]', value: 'x', fileName: 'Bericht 你好.txt' }])).toMatchObject([{ file: 'Bericht 你好.txt' }]);
});

// Lines survive the way through bytes, whatever pieces those come in.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf, linesOf } from './text-lines.ts';

const tooLong = (): Error => new Error('too long');
async function* pieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const size of sizes) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
  yield bytes.subarray(at);
}
async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

test('lines become bytes and lines again, in any pieces', async () => {
  const line = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !/[\r\n\uFEFF]/u.test(text));
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 8 }), fc.array(fc.nat({ max: 9 }), { maxLength: 12 }), async (lines, sizes) => {
      const bytes = new Uint8Array(await new Response(bytesOf(each(lines))).arrayBuffer());
      expect(await all(linesOf(pieces(bytes, sizes), 1_000, tooLong))).toEqual(lines);
    }),
  );
});
async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

test('a last line without an end counts, CRLF is one end, and a line that is too long ends it all', async () => {
  const read = (text: string, most = 100): Promise<string[]> => all(linesOf(pieces(new TextEncoder().encode(text), [2, 1]), most, tooLong));
  expect(await read('a\r\nb\n\nc')).toEqual(['a', 'b', '', 'c']);
  expect(await read('')).toEqual([]);
  await expect(read('abc\nabcdefgh', 5)).rejects.toThrow('too long');
});

test('whoever cancels the bytes ends the lines', async () => {
  let ended = false;
  const lines = (async function* () {
    try {
      for (;;) yield 'line';
    } finally {
      ended = true;
    }
  })();
  const reader = bytesOf(lines).getReader();
  await reader.read();
  await reader.cancel();
  expect(ended).toBe(true);
});

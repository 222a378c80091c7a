import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createKeptOutput } from './kept-output.ts';

const kept = (most: number, parts: readonly string[]) => {
  const output = createKeptOutput(most);
  for (const part of parts) output.add(part);
  return { ...output.read(), total: output.total() };
};

test('what fits is kept whole, however it is split', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), (parts) => {
      const text = parts.join('');
      const bytes = Buffer.byteLength(text);
      expect(kept(bytes + (bytes % 2), parts)).toEqual({ output: text, truncated: false, total: bytes });
    }),
  );
});

test('of more, the beginning and the end are kept within the bound, in whole characters, and the rest is counted', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'ä', '語', 'bc\n'), { minLength: 30, maxLength: 400 }), fc.integer({ min: 4, max: 14 }), (parts, half) => {
      const text = parts.join('');
      const { output, truncated } = kept(2 * half, parts);
      const [first = '', missing = '', last = ''] = output.split(/\n… (\d+) bytes left out …\n/);
      expect(truncated).toBe(true);
      expect(text.startsWith(first) && text.endsWith(last)).toBe(true);
      expect(first.length > 0 && last.length > 0).toBe(true);
      expect(Buffer.byteLength(first) <= half && Buffer.byteLength(last) <= half).toBe(true);
      expect(Math.abs(Number(missing) + Buffer.byteLength(first + last) - Buffer.byteLength(text))).toBeLessThan(7);
    }),
  );
});

test('many small pieces stay cheap', () => {
  const output = createKeptOutput(1_000);
  for (let count = 0; count < 500_000; count++) output.add('x');
  expect(output.total()).toBe(500_000);
  expect(output.read().output.length).toBeLessThan(1_100);
});

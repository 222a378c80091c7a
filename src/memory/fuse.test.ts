// Lists in one, and vectors in bytes.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuse } from './fuse.ts';
import { quantize, similarity } from './vectors.ts';

const same = (item: string): string => item;

test('what both lists have comes first; one list alone keeps its order', () => {
  expect(
    fuse(
      [
        ['a', 'b', 'c'],
        ['c', 'd'],
      ],
      same,
    ),
  ).toEqual(['c', 'a', 'b', 'd']);
  expect(fuse([['a', 'b'], []], same)).toEqual(['a', 'b']);
});

test('nothing is lost, nothing comes twice', () => {
  const list = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'));
  fc.assert(
    fc.property(list, list, (a, b) => {
      const fused = fuse([a, b], same);
      expect(new Set(fused)).toEqual(new Set([...a, ...b]));
      expect(fused).toHaveLength(new Set(fused).size);
    }),
  );
});

test('a vector in bytes keeps its direction', () => {
  const vector = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 }).filter((all) => all.some((one) => Math.abs(one) > 0.1));
  fc.assert(
    fc.property(vector, vector, (a, b) => {
      const cosine = a.reduce((sum, one, at) => sum + one * (b[at] ?? 0), 0) / Math.hypot(...a) / Math.hypot(...b);
      expect(similarity(quantize(a), quantize(b))).toBeCloseTo(cosine, 1);
    }),
  );
  expect(similarity(quantize([0, 0]), quantize([1, 0]))).toBe(0);
  expect(similarity(quantize([1]), quantize([1, 0])), 'of another model').toBe(0);
});

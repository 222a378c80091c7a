// Pieces of a text are the text, each as long as it may be, and whole characters.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pieceEnd, slices } from './slices.ts';

test('nothing is lost, nothing is too long, no character is cut', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '\n', '🐾', '字'), maxLength: 80 });
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 20 }), (whole, most) => {
      const from = pieceEnd(whole, 0, most);
      const pieces = [whole.slice(0, from), ...slices(whole, from, most)];
      expect(pieces.join('')).toBe(whole);
      for (const piece of pieces) expect([piece.length <= most, piece.isWellFormed()]).toEqual([true, true]);
    }),
  );
});

test('a line end is where it is cut, unless that is far back', () => {
  expect(slices('one two\nthree four\n', 0, 12)).toEqual(['one two\n', 'three four\n']);
  expect(slices('1\n23456789', 0, 6)).toEqual(['1\n2345', '6789']);
});

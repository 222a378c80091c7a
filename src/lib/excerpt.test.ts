// An excerpt is short, whole in its characters, and shows what was looked for.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { excerpt } from './excerpt.ts';

test('a short text is itself, on one line; a long one is cut around the first word', () => {
  expect(excerpt(' a\n\n b ', ['b'], 10)).toBe('a b');
  expect(excerpt(`${'x '.repeat(50)}Needle ${'y '.repeat(50)}`, ['nothing', 'needle'], 20)).toBe('… x x Needle y y y y …');
  expect(excerpt('beginning and more of it', ['none'], 9)).toBe('beginning…');
  expect(excerpt('beginning and the end', ['end'], 9)).toBe('…d the end');
});

test('whatever the text, no longer than asked but for the marks, and no half characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.string({ maxLength: 4 }), fc.integer({ min: 1, max: 30 }), (text, word, length) => {
      const cut = excerpt(text, [word], length);
      expect(cut.length).toBeLessThanOrEqual(length + 2);
      expect(cut.isWellFormed()).toBe(true);
    }),
  );
});

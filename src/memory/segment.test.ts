// Words, with and without spaces between them.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { segment } from './segment.ts';

test('words hold no spaces and Chinese is split', () => {
  fc.assert(fc.property(fc.string(), (text) => segment(text).every((word) => word !== '' && !/\s/.test(word))));
  expect(segment('我喜欢咖啡, Coffee!')).toEqual(expect.arrayContaining(['咖啡', 'coffee']));
});

// Words, with and without spaces between them.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { segment } from './segment.ts';

test('words hold no spaces and Chinese is split', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => segment(text).every((word) => word !== '' && !/\s/.test(word))));
  expect(segment('我喜欢咖啡, Coffee!')).toEqual(expect.arrayContaining(['咖啡', 'coffee']));
});

test.each([
  ['Café au LAIT, naïve Ärger', ['cafe', 'au', 'lait', 'naive', 'arger']],
  ["Anna's INV-2024-001", ['anna', 's', 'inv', '2024', '001']],
  ['ｆｕｌｌ　ｗｉｄｔｈ', ['full', 'width']],
  ['Привет, Ёлка', ['привет', 'ёлка']],
  ['สวัสดีครับ', ['สวัสดี', 'ครับ']],
  ['', []],
])('%j', (text, words) => {
  expect(segment(text)).toEqual(words);
});

test('neighbouring Chinese characters are words too, so that two cuts of a text meet; where that is not wanted they are not', () => {
  expect(segment('编程艺')).toEqual(expect.arrayContaining(['编程', '程艺']));
  expect(segment('编程艺', { pairs: false })).not.toContain('程艺');
  expect(segment('京都に行く')).toContain('京都');
});

test('a text is cut the same whatever stands around it', () => {
  fc.assert(
    fc.property(fc.constantFrom('red kite', '樱花', 'Éa 1'), fc.constantFrom('!', ' ', '\n', '—'), (text, mark) => {
      expect(segment(`${mark}${text}${mark}`)).toEqual(segment(text));
    }),
  );
});

test('plain texts, which take a shorter way, are cut as all others are', () => {
  const marks = fc.constantFrom('A', 'z', '0', "'", '\u2019', '\u201c', '\u2014', '\u2026', '\u2044', '_', ' ', '\n', '\u00a0');
  fc.assert(
    fc.property(fc.array(fc.oneof(marks, fc.string())), (parts) => {
      const text = parts.join('');
      expect(segment(`${text} 樱花`)).toEqual([...segment(text), ...segment('樱花')]);
    }),
  );
});

// Words and their neighbours: endings, slips, and what stands for what.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { corrections, editDistance } from './spelling.ts';
import { inflections, stem } from './stem.ts';
import { relatedTo, spellingsOf } from './thesaurus.ts';

test.each([
  ['walk', 'walks', 'walked', 'walking', 'walker'],
  ['run', 'runs', 'running', 'runner'],
  ['city', 'cities'],
  ['happy', 'happily', 'happiest'],
  ['move', 'moved', 'moving'],
])('%s and its forms have one stem', (...forms) => {
  expect(new Set(forms.map(stem)).size).toBe(1);
  for (const form of forms)
    if (form.length > 3) expect(inflections(form)).toEqual(expect.arrayContaining(forms.filter((other) => other !== form && other.length > 3)));
});

test('what is no English word has no other forms, and forms have its stem', () => {
  for (const word of ['inv2024', '咖啡', 'ёлка', 'abc', 'glass']) expect(inflections(word).filter((form) => stem(form) !== stem(word))).toEqual([]);
  expect(inflections('咖啡')).toEqual([]);
  fc.assert(fc.property(fc.stringMatching(/^[a-z]{4,12}$/u), (word) => inflections(word).every((form) => stem(form) === stem(word) && form !== word)));
});

test('spellings and related words go both ways', () => {
  expect([...spellingsOf('colour')]).toEqual(['color']);
  expect([...spellingsOf('color')]).toEqual(['colour']);
  expect(relatedTo('employer').has('works')).toBe(true);
  expect(relatedTo('works').has('employer')).toBe(true);
  expect(relatedTo('zebra').size).toBe(0);
});

test('slips between words', () => {
  for (const [a, b, slips] of [
    ['dentist', 'dentist', 0],
    ['dentist', 'dentst', 1],
    ['dentist', 'dnetist', 1],
    ['dentist', 'denttist', 1],
    ['dentist', 'dentisk', 1],
    ['dentist', 'tendist', 2],
    ['dentist', 'plumber', 3],
  ] as const)
    expect(editDistance(a, b, 2), `${a} ${b}`).toBe(slips);
});

test('slips are counted the same from both sides, and never as fewer than the lengths differ', () => {
  const word = fc.stringMatching(/^[abc]{1,8}$/u);
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(editDistance(a, b, 8)).toBe(editDistance(b, a, 8));
      expect(editDistance(a, b, 8)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      expect(editDistance(a, b, 2)).toBe(Math.min(3, editDistance(a, b, 8)));
    }),
  );
});

test('a misspelled word is put right by what the notes have: fewest slips, then the most frequent; numbers and short words never', async () => {
  const known = new Map([
    ['dentist', 3],
    ['dentists', 9],
    ['density', 40],
    ['entist', 1],
    ['2024', 5],
    ['tree', 2],
    ['пещера', 1],
  ]);
  const index = {
    alike: async (_agent: string, { start, length }: { start: string; length: readonly [number, number] }) =>
      new Map([...known].filter(([word]) => start !== '' && word.startsWith(start) && word.length >= length[0] && word.length <= length[1])),
    counts: async (_agent: string, words: readonly string[]) => new Map([...known].filter(([word]) => words.includes(word))),
  };
  const correct = (word: string) => corrections(index, 'main', word);
  expect(await correct('dentsit')).toEqual(['dentist']);
  expect(await correct('xentist'), 'a wrong first letter').toEqual(['dentist', 'entist']);
  expect(await correct('ensity'), 'one that is missing').toEqual(['density']);
  expect(await correct('adensity'), 'one too many').toEqual(['density']);
  expect(await correct('ednsity'), 'swapped with the next').toEqual(['density']);
  expect(await correct('ещера'), 'another alphabet').toEqual(['пещера']);
  expect(await correct('2025')).toEqual([]);
  expect(await correct('tre')).toEqual([]);
  expect(await correct('咖啡馆里')).toEqual([]);
  expect(await correct('unknowable')).toEqual([]);
});

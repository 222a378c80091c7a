// A text that grows reads as the whole text would, and no text takes long.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Lexed, lex } from './lex.ts';

const lines = [
  'words',
  '# head',
  '#',
  '***',
  '---',
  '===',
  '- item',
  '  more',
  '-',
  '* other',
  '1. one',
  '    indented',
  '\tcode',
  '```',
  '~~~ts',
  '> quote',
  '>',
  '| a | b |',
  '|---|---|',
  '<div>',
  '</div>',
  '<!-- c',
  '-->',
  '<script>',
  '**bold** `code` [a](https://b.c)',
  '- [x] done',
  ' ',
  '',
  '',
  '',
  'a\\',
  'x  ',
  '\ttab',
  '\u202e',
  '$$',
  '$$ x^2 $$',
  '\\[',
  '\\] after',
  'in $x^2$, \\(y\\) and $5',
];
const document = fc.array(fc.constantFrom(...lines), { maxLength: 24 }).chain((all) => fc.constantFrom('\n', '\r\n').map((end) => all.join(end)));

test('however a text is cut while it grows, it reads as it does whole', () => {
  fc.assert(
    fc.property(document, fc.array(fc.nat(200), { maxLength: 12 }), (text, cuts) => {
      let grown: Lexed | undefined;
      for (const cut of cuts.toSorted((a, b) => a - b)) grown = lex(text.slice(0, cut), grown);
      expect(lex(text, grown).tokens).toEqual(lex(text).tokens);
    }),
    { numRuns: 150 },
  );
});

test('of a growing text only the end is read again', () => {
  const paragraphs = Array.from({ length: 50 }, (_, index) => `Paragraph ${index} with **words**.`);
  const before = lex(paragraphs.join('\n\n'));
  const after = lex(`${paragraphs.join('\n\n')} And more.`, before);
  expect(before.settled.count).toBeGreaterThan(90);
  expect(after.tokens.filter((token) => before.tokens.includes(token))).toHaveLength(before.settled.count);
  expect(lex('Another text', before).tokens).toEqual(lex('Another text').tokens);
});

test('links that were defined before are known in what comes after', () => {
  const begun = lex('[a]: https://example.org\n\nOne [a].\n\nTwo');
  const grown = lex('[a]: https://example.org\n\nOne [a].\n\nTwo [a].', begun);
  expect(begun.settled.count).toBeGreaterThan(0);
  expect(grown.tokens).toEqual(lex('[a]: https://example.org\n\nOne [a].\n\nTwo [a].').tokens);
  expect(grown.links).toBe(1);
});

describe('what would take marked minutes is plain text', () => {
  const deep = 10_000;
  test.each([
    ['quotes in quotes', `${'> '.repeat(deep)}x`],
    ['lists in lists', `${'- '.repeat(deep)}x`],
    ['numbers in numbers', `${'1. '.repeat(deep)}x`],
    ['quotes and lists', `${'> - '.repeat(deep)}x`],
  ])('%s', (_, text) => {
    expect(lex(text).tokens.map(({ type }) => type)).toEqual(['code']);
  });
  test.each([
    ['emphasis', '_a_'],
    ['brackets', '['],
    ['pictures', '!['],
    ['ticks', '`a``'],
    ['backslashes', '\\'],
    ['formulas that do not end', '\\('],
    ['formulas', '$x$ '],
  ])('a paragraph of %s', (_, piece) => {
    const [token] = lex(piece.repeat(15_000)).tokens;
    expect(token?.type === 'paragraph' && token.tokens?.map(({ type }) => type)).toEqual(['text']);
  });
  test.each([
    ['opened', '\\(x '],
    ['opened large', '\\[x '],
    ['opened with dollars', '$$x '],
    ['in their own paragraphs', '$$x\n\n'],
    ['at each line', 'x\n\\[\n'],
    ['between words', '$x^2$ \\(y\\) $$z = 1$$ '],
  ])('sixty thousand characters of formulas %s are read, and none is lost', (_, piece) => {
    const text = piece.repeat(60_000 / piece.length);
    expect(
      lex(text)
        .tokens.map(({ raw }) => raw)
        .join(''),
    ).toBe(text);
  });
  test('a rule of many dashes is still one', () => {
    expect(lex('-'.repeat(500)).tokens[0]?.type).toBe('hr');
  });
});

// Formulas are found where people and models write them; money, shells and prose stay what they are.
import fc from 'fast-check';
import { Lexer, type Token, walkTokens } from 'marked';
import { describe, expect, test } from 'vitest';
import { type MathToken, mathOptions } from './math-tokens.ts';

const lex = (text: string): Token[] => new Lexer(mathOptions).lex(text);

function formulas(text: string): [tex: string, display: boolean][] {
  const found: [string, boolean][] = [];
  walkTokens(lex(text), (token) => {
    if (token.type === 'math') found.push([(token as MathToken).text, (token as MathToken).display]);
  });
  return found;
}

describe('is a formula', () => {
  test.each<[string, [string, boolean][]]>([
    ['The area is $\\pi r^2$, of course.', [['\\pi r^2', false]]],
    [
      '$x$ and $y$ with $f(x)$ and $x_1$.',
      [
        ['x', false],
        ['y', false],
        ['f(x)', false],
        ['x_1', false],
      ],
    ],
    ['with \\(a_1 * b_1 * c\\) in it', [['a_1 * b_1 * c', false]]],
    ['$a*b*c$ and *this*', [['a*b*c', false]]],
    ['$$E = mc^2$$', [['E = mc^2', true]]],
    ['before $$x = 1$$ after', [['x = 1', true]]],
    ['before\n$$\nx = 1\n$$\nafter', [['x = 1', true]]],
    ['\\[\n\\sum_{i=0}^n i\n\\]', [['\\sum_{i=0}^n i', true]]],
    [
      '- one\n- $$x^2$$\n\n  \\[\n  y^2\n  \\]',
      [
        ['x^2', true],
        ['y^2', true],
      ],
    ],
    ['so $x \\text{ if it is } y$', [['x \\text{ if it is } y', false]]],
    ['| a | b |\n|---|---|\n| $x^2$ | 1 |', [['x^2', false]]],
    ['其中$x^2$是平方', [['x^2', false]]],
  ])('%j', (text, expected) => expect(formulas(text)).toEqual(expected));
});

test.each([
  'It costs $5 and $6.',
  '$5',
  'from $1,000-$2,000 a month',
  'either 5$ or 6$',
  'US$5–US$10',
  'I paid $20 for a_b and 30$.',
  'echo $HOME/bin:$PATH',
  'export A=$B_C and $D',
  '`$x^2$` is how it is written',
  '```\n$x^2$\n```',
  '\\$x^2\\$',
  'costs $$ and more $$',
  'a \\[see below\\] and \\[1 and 2\\]',
  '$x\n\ny$',
  '$$\nx\n\ny\n$$',
  '$$x',
  '\\(x',
  '价格为$5到6美元$',
  '$ x $',
])('%j has none', (text) => expect(formulas(text)).toEqual([]));

test('amounts of money in any sentence stay text', () => {
  const amount = fc.tuple(fc.integer({ min: 0, max: 99_999 }), fc.constantFrom('', '.50', ',000', 'k', 'M', '%')).map(([whole, rest]) => `$${whole}${rest}`);
  const word = fc.constantFrom('and', 'or', 'costs', 'to', 'from', 'is', 'about', 'per', 'month', '(', ')', ',', '.', '到', '和');
  fc.assert(
    fc.property(fc.array(fc.oneof(amount, word), { maxLength: 12 }), (words) => {
      expect(formulas(words.join(' '))).toEqual([]);
    }),
  );
});

test('any formula between its signs is found whole, and nothing of any text is lost', () => {
  const tex = fc.array(fc.constantFrom('x', 'y', '^2', '_1', '+', '=', '\\frac{1}{2}', '\\alpha ', '(', ')', ' ', '{a}', '*', '<', '|'), {
    minLength: 1,
    maxLength: 12,
  });
  fc.assert(
    fc.property(tex, (parts) => {
      const text = `${parts.join('').trim()}=1`.trim();
      expect(formulas(`so \\(${text}\\) holds`)).toEqual([[text, false]]);
      expect(formulas(`so $${text}$ holds`)).toEqual([[text, false]]);
      expect(formulas(`$$\n${text}\n$$`)).toEqual([[text, true]]);
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('$', '\\', '(', ')', '[', ']', ' ', '\n', 'a', '1', '_', '*', '`', '|') }), (text) => {
      // marked itself writes the space of an empty item ("* ") as the end of a line.
      const shown = (words: string): string => words.replace(/\s/gu, '');
      const raw = lex(text).map((token) => token.raw);
      expect(shown(raw.join(''))).toBe(shown(text));
    }),
  );
});

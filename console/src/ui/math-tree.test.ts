// TeX becomes elements of MathML that are known, whatever it asks for.
import fc from 'fast-check';
import { isValidElement, type ReactElement, type ReactNode } from 'react';
import { expect, test } from 'vitest';
import { mathTree } from './math-tree.ts';

interface Seen {
  readonly names: Set<string>;
  readonly values: string[];
  text: string;
}

function look(node: ReactNode, seen: Seen = { names: new Set(), values: [], text: '' }): Seen {
  if (typeof node === 'string') seen.text += node;
  else if (Array.isArray(node)) for (const one of node) look(one, seen);
  else if (isValidElement(node)) {
    const { type, props } = node as ReactElement<{ children?: ReactNode; style: Record<string, string> }>;
    seen.names.add(String(type));
    const { children, style, ...rest } = props;
    for (const [name, value] of Object.entries({ ...rest, ...style })) seen.values.push(`${name}=${value}`);
    look(children, seen);
  }
  return seen;
}

test('a fraction, a root and a matrix', () => {
  const { names, text } = look(mathTree('\\frac{1}{\\sqrt{x}} + \\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}', true));
  expect([...names]).toEqual(expect.arrayContaining(['math', 'mfrac', 'msqrt', 'mtable', 'mtr', 'mtd', 'mi', 'mn', 'mo']));
  expect(text).toContain('abcd');
});

test.each([
  '\\href{javascript:alert(1)}{x}',
  '\\url{https://evil.example}',
  '\\includegraphics{https://evil.example/a.png}',
  '\\class{x}{y}',
  '\\style{background:url(https://evil.example)}{x}',
  '\\def\\a{\\a\\a}\\a',
  '\\unknown{x}',
  '\\frac{1}',
  '{'.repeat(2_000),
])('%j is not drawn', (tex) => expect(mathTree(tex, false)).toBeUndefined());

test('what leads elsewhere is only its words, and nothing is larger than its place', () => {
  const { names, values } = look(mathTree('\\ref{https://evil.example} \\rule{9000em}{9000em} \\hspace{9000em} x', true));
  expect(names.has('a')).toBe(false);
  expect(values.filter((value) => /evil|9000/u.test(value))).toEqual([]);
});

test('any text becomes known elements without an address, or nothing', () => {
  const part = fc.constantFrom(
    ...[
      '\\href',
      '\\color{red}',
      '\\text{<script>}',
      '\\ref{a}',
      '\\label{a}',
      '\\tag{1}',
      '\\colorbox{red}',
      '\\includegraphics',
      '\\htmlData{a=b}',
      '\\data{a=b}',
    ],
    ...[
      '{',
      '}',
      'x',
      '^',
      '_',
      '2',
      '&',
      '\\\\',
      'url(https://evil.example)',
      '\\begin{align}',
      '\\end{align}',
      '\\frac',
      '\\left(',
      '\\right)',
      '<',
      '"',
      ' ',
    ],
  );
  const known =
    /^(?:math|mrow|mi|mn|mo|ms|mtext|mspace|mfrac|msqrt|mroot|msu[bp]|msubsup|munder|mover|munderover|mtable|mtr|mtd|mstyle|mpadded|mphantom|menclose|mmultiscripts|mprescripts|none|merror)$/u;
  fc.assert(
    fc.property(fc.array(part, { maxLength: 15 }), fc.boolean(), (parts, display) => {
      const { names, values } = look(mathTree(parts.join(''), display));
      expect([...names].filter((name) => !known.test(name))).toEqual([]);
      expect(values.filter((value) => /^(?:on|href|src|id|data)|url\(|evil|script/iu.test(value))).toEqual([]);
    }),
  );
});

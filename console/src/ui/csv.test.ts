// A table taken along: every field comes back as it was, and a spreadsheet runs none of it.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toCsv } from './csv.ts';

test('quotes, commas and line ends are kept', () => {
  expect(
    toCsv([
      ['a', 'b'],
      ['1,5', 'say "hi"'],
      ['x\ny', ''],
    ]),
  ).toBe('a,b\r\n"1,5","say ""hi"""\r\n"x\ny",');
});

test('numbers stay numbers, formulas become text', () => {
  expect(toCsv([['-5', '+1.5%', '-1,000.5', '=1+1', '@SUM(A1)', '-cmd|x', '+x']])).toBe("-5,+1.5%,\"-1,000.5\",'=1+1,'@SUM(A1),'-cmd|x,'+x");
});

test.each([
  '=1+1',
  ' =1+1',
  '+cmd',
  '-2+3',
  '@SUM(1)',
  '\t=1',
  '\r=1',
  '\n=1',
  '＝1+1',
  '＋1',
  '－1',
  '＠x',
  '=HYPERLINK("https://evil.example","x")',
  "=cmd|'/C calc'!A0",
])('no spreadsheet runs %j', (text) => expect(toCsv([[text]])).toMatch(/^"?'/u));

test('what follows a semicolon begins no cell', () => expect(toCsv([['a;=1+1', 'b\t=1+1']])).toBe('"a;=1+1","b\t=1+1"'));

/** A reader of RFC 4180, for the test. */
function fromCsv(csv: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain = '', end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gu)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\r\n') rows.push([]);
    if (end === '') break;
  }
  return rows;
}

test('whatever cells hold, they come back', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', ';', '"', ',', '\n', '\r', ' ', '=', '-', '1', "'") });
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 4 }), (rows) => {
      const back = fromCsv(toCsv(rows));
      expect(back.map((row) => row.length)).toEqual(rows.map((row) => row.length));
      for (const [at, row] of rows.entries()) for (const [index, text] of row.entries()) expect([text, `'${text}`]).toContain(back[at]?.[index]);
      expect(back.flat().filter((text) => /^[=@]/u.test(text))).toEqual([]);
    }),
  );
});

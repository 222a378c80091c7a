// Coloured code is the same code: every character, in order, and only names of colours around it.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CodePiece, highlight } from './highlight.ts';

const textOf = (pieces: readonly CodePiece[]): string => pieces.map((piece) => (typeof piece === 'string' ? piece : textOf(piece.pieces))).join('');
const namesOf = (pieces: readonly CodePiece[]): string[] =>
  pieces.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.name, ...namesOf(piece.pieces)]));

test('known languages have colours, also by their other names', () => {
  expect(namesOf(highlight('const a = "b"; // c', 'ts') ?? [])).toEqual(['hljs-keyword', 'hljs-string', 'hljs-comment']);
  expect(namesOf(highlight('def f(): return 1', 'Python') ?? [])).toContain('hljs-keyword');
  expect(highlight('x', 'no-such-language')).toBeUndefined();
  expect(highlight('x', '__proto__')).toBeUndefined();
});

test('whatever the code, nothing of it is lost', () => {
  const piece = fc.constantFrom(
    '<script>',
    '"',
    "'",
    '`',
    '/*',
    '*/',
    '//',
    '\n',
    '{',
    '}',
    '${',
    '\\',
    '#',
    '&lt;',
    'if',
    ' ',
    '=>',
    '---',
    '<!--',
    '</a>',
    '\u2028',
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }),
      fc.constantFrom('ts', 'html', 'bash', 'python', 'markdown', 'css', 'php', 'json', 'sql', 'yaml'),
      (parts, language) => {
        const found = highlight(parts.join(''), language) ?? [];
        expect(textOf(found)).toBe(parts.join(''));
        expect(namesOf(found).filter((name) => !/^hljs-[\w-]+(?: hljs-[\w-]+)*$/u.test(name))).toEqual([]);
      },
    ),
  );
});

test.each(['a', '_', '\n', '"', '--', '::'])('twenty thousand characters of %j, which take a grammar their square, stay plain', (piece) => {
  for (const language of ['cpp', 'csharp', 'graphql', 'scss', 'ts']) expect(highlight(piece.repeat(20_000 / piece.length), language)).toBeUndefined();
  expect(highlight(`${piece.repeat(100)} const`, 'ts')).toBeDefined();
});

test('what nests without end has few colours in one another, or none, and is all there', () => {
  for (const count of [100, 800, 3_000]) {
    const code = '{[(`${ '.repeat(count);
    const found = highlight(code, 'ts');
    if (found !== undefined) expect(textOf(found)).toBe(code);
    const depth = (pieces: readonly CodePiece[]): number => Math.max(0, ...pieces.map((piece) => (typeof piece === 'string' ? 0 : 1 + depth(piece.pieces))));
    expect(depth(found ?? [])).toBeLessThan(50);
  }
});

// The matcher must find lines and must never hang.
import { expect, test } from 'vitest';
import { createGlobMatcher } from './glob-matcher.ts';
import { createLineMatcher } from './line-matcher.ts';

const run = (pattern: string, regex: boolean, lines: string[]): readonly number[] | undefined => {
  const matcher = createLineMatcher(pattern, regex, true);
  if (typeof matcher === 'string') throw new Error(matcher);
  return matcher(lines);
};

test('finds text and expressions by line', () => {
  expect(run('B.', false, ['a', 'xb.', 'bc'])).toEqual([1]);
  expect(run('^B', true, ['a', 'xb', 'bc', 'b'])).toEqual([2, 3]);
});

test('finds long texts too', () => {
  const long = 'ab'.repeat(40);
  expect(run(long, false, ['ab'.repeat(39), `x${long}y`, '', long])).toEqual([1, 3]);
});

test('attack: a text that nearly occurs everywhere in a long line ends', () => {
  expect(run(`${'a'.repeat(500)}b${'a'.repeat(499)}`, false, Array(16).fill('a'.repeat(2 * 1024 * 1024)))).toEqual([]);
});

test('attack: a catastrophic expression is stopped', () => {
  expect(run('^(a+)+$', true, [`${'a'.repeat(1500)}!`])).toBeUndefined();
});

test('a glob names paths, or last names where it has no /', () => {
  expect([...(createGlobMatcher('*.ts')(['a.ts', 'b/c.ts', 'd.md']) ?? [])]).toEqual(['a.ts', 'b/c.ts']);
  expect([...(createGlobMatcher('b/*')(['a.ts', 'b/c.ts', 'b/d/e']) ?? [])]).toEqual(['b/c.ts']);
});

test.each([
  ['wildcards that backtrack', `${'*a'.repeat(30)}b`],
  ['braces that multiply', '{a,b}'.repeat(50)],
  ['a range without end', '{1..999999999}'],
  ['nested groups', `${'*('.repeat(20)}a${')'.repeat(20)}b`],
])('attack: a glob of %s is stopped', (_what, glob) => {
  const paths = Array.from({ length: 1_000 }, (_, index) => 'a'.repeat(200) + index);
  const matched = createGlobMatcher(glob)(paths);
  expect(matched === undefined || matched.size === 0).toBe(true);
});

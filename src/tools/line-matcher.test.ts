// The matcher must find lines and must never hang.
import { expect, test } from 'vitest';
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

test('attack: a catastrophic expression is stopped', () => {
  expect(run('^(a+)+$', true, [`${'a'.repeat(1500)}!`])).toBeUndefined();
});

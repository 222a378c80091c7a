// A diff must give both texts back, and name where its lines stand.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unifiedDiff } from './unified-diff.ts';

/** What patch(1) does: each hunk must stand where it says. */
function patched(before: string, diff: string): string {
  const old = before.split('\n').slice(0, -1);
  const fresh: string[] = [];
  let at = 0;
  for (const line of diff.split('\n').slice(2, -1)) {
    const [, from, count, to] = /^@@ -(\d+),(\d+) \+(\d+),/u.exec(line) ?? [];
    if (from !== undefined) {
      const start = Number(count) === 0 ? Number(from) : Number(from) - 1;
      fresh.push(...old.slice(at, start));
      at = start;
      expect(Number(to)).toBeGreaterThanOrEqual(fresh.length);
    } else {
      if (!line.startsWith('+')) expect(old[at++]).toBe(line.slice(1));
      if (!line.startsWith('-')) fresh.push(line.slice(1));
    }
  }
  return [...fresh, ...old.slice(at)].map((line) => `${line}\n`).join('');
}

test('applied to the one text it gives the other', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 }).map((lines) => lines.map((line) => `${line}\n`).join(''));
  fc.assert(
    fc.property(text, text, (before, after) => {
      fc.pre(before !== after);
      expect(patched(before, unifiedDiff('f', before, after))).toBe(after);
    }),
  );
});

const numbers = Array.from({ length: 30 }, (_, index) => `${index + 1}\n`);

test('changes far apart are hunks of their own, and lines between them are not told', () => {
  const after = numbers.with(1, 'two\n').with(25, 'twenty-six\n').join('');
  const diff = unifiedDiff('f', numbers.join(''), after);
  expect(diff.match(/^@@.*$/gmu)).toEqual(['@@ -1,5 +1,5 @@', '@@ -23,7 +23,7 @@']);
  expect(diff).not.toContain(' 12\n');
  expect(patched(numbers.join(''), diff)).toBe(after);
});

test('very long texts are told as one change', () => {
  const long = (word: string): string => Array.from({ length: 1_500 }, (_, index) => `${word}${index % 7}\n`).join('');
  const [before, after] = [`x\n${long('a')}same\n${long('b')}y\n`, `x\n${long('c')}same\n${long('d')}y\n`];
  expect(patched(before, unifiedDiff('f', before, after))).toBe(after);
});

test('a last line without an end is told so', () => {
  expect(unifiedDiff('f', 'a', 'b\n')).toBe('--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+b\n');
});

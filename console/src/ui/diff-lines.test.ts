// Lines of a diff have the numbers they have in the files, whatever they hold.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unifiedDiff } from '../../../src/lib/unified-diff.ts';
import { diffLines } from './diff-lines.ts';

test('signs inside a hunk are signs, names above it are names', () => {
  const { lines, added, removed, numbered } = diffLines('--- a/x\n+++ b/x\n@@ -3,2 +3,2 @@\n same\n--- old\n+++ new\n');
  expect([added, removed, numbered]).toEqual([1, 1, true]);
  expect(lines.map(({ kind, before, after }) => [kind, before, after])).toEqual([
    ['head', undefined, undefined],
    ['head', undefined, undefined],
    ['head', undefined, undefined],
    ['same', 3, 3],
    ['removed', 4, undefined],
    ['added', undefined, 4],
  ]);
});

test('lines without a place have colours and no numbers', () => {
  const { lines, numbered } = diffLines('-a\n+b\n c');
  expect([lines.map(({ kind }) => kind), numbered]).toEqual([['removed', 'added', 'same'], false]);
});

test('any change: counts and numbers are those of the files, and no character is lost', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', '', '-- c', '++ d', '@@ -1 +1 @@', '\\ e'), { maxLength: 12 })
    .map((lines) => lines.map((line) => `${line}\n`).join(''));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const diff = unifiedDiff('x', before, after);
      const { lines, added, removed } = diffLines(diff);
      expect(lines.map((line) => `${line.text}\n`).join('')).toBe(diff === '' ? '\n' : diff);
      expect(added - removed).toBe(after.split('\n').length - before.split('\n').length);
      for (const line of lines) {
        if (line.before !== undefined) expect(before.split('\n')[line.before - 1]).toBe(line.text.slice(1));
        if (line.after !== undefined) expect(after.split('\n')[line.after - 1]).toBe(line.text.slice(1));
      }
    }),
  );
});

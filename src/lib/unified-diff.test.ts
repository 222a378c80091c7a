// The lines of a diff must give both texts back.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unifiedDiff } from './unified-diff.ts';

test('removed and added lines are those of the two texts', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 6 }).map((lines) => lines.map((line) => `${line}\n`).join(''));
  fc.assert(
    fc.property(text, text, (before, after) => {
      fc.pre(before !== after);
      const body = unifiedDiff('f', before, after).split('\n').slice(3, -1);
      const side = (sign: string): string => body.flatMap((line) => (line.startsWith(' ') || line.startsWith(sign) ? [`${line.slice(1)}\n`] : [])).join('');
      expect(before).toContain(side('-'));
      expect(after).toContain(side('+'));
      expect(after.length - before.length).toBe(side('+').length - side('-').length);
    }),
  );
});

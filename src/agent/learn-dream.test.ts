// What a model may do to MEMORY.md, and when.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { guard } from './learn-dream.ts';
import { nextHour } from './learning.ts';

const words = fc.array(fc.stringMatching(/^[a-z#*~ -]{0,12}$/u), { maxLength: 12 });
const said = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) =>
      line
        .replace(/^\s*(?:[-*+]|\d+[.)])\s+/u, '')
        .replace(/\s+/gu, ' ')
        .trim(),
    )
    .filter((line) => !/^(?:[-*+]|\d+[.)])?$/u.test(line));

test('attack: whatever a model answers, no line leaves MEMORY.md without a reason that is shown', () => {
  fc.assert(
    fc.property(words, words, words, (old, fresh, named) => {
      const dropped = named.map((text) => ({ text, why: 'because' }));
      const { after, dropped: shown, putBack } = guard(old.join('\n'), fresh.join('\n'), dropped);
      const [kept, left] = [new Set(said(after)), new Set(said(shown.map(({ text }) => text).join('\n')))];
      for (const line of said(old.join('\n'))) if (!/^#{1,6}(?: |$)/u.test(line)) expect(kept.has(line) || left.has(line)).toBe(true);
      for (const line of putBack) expect(left.has(line)).toBe(false);
    }),
  );
});

test('a line counts by what it says, and a reason for a line that never stood there is none', () => {
  const before = '# A\n\n- one\n* two\n3. three\n';
  expect(
    guard(before, '# A\n\n- two\n- one', [
      { text: 'three', why: 'old' },
      { text: 'four', why: 'x' },
    ]),
  ).toEqual({
    after: '# A\n\n- two\n- one\n',
    dropped: [{ text: '3. three', why: 'old' }],
    putBack: [],
  });
});

test('the night comes at its local hour, also where the clock is changed', () => {
  const at = (text: string, hour: number, zone: string): string => new Date(nextHour(Date.parse(text), hour, zone)).toISOString();
  expect(at('2026-01-05T02:00:00Z', 3, 'UTC')).toBe('2026-01-05T03:00:00.000Z');
  expect(at('2026-01-05T03:00:00Z', 3, 'UTC')).toBe('2026-01-06T03:00:00.000Z');
  expect(at('2026-01-05T20:00:00Z', 3, 'Asia/Shanghai')).toBe('2026-01-06T19:00:00.000Z');
  expect(at('2026-10-24T12:00:00Z', 0, 'Europe/Berlin')).toBe('2026-10-24T22:00:00.000Z');
  expect(at('2026-10-25T12:00:00Z', 0, 'Europe/Berlin')).toBe('2026-10-25T23:00:00.000Z');
});

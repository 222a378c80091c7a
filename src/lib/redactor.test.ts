// What is shown of a text that is still being written: a beginning of what the whole will be, whatever comes.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRedactor } from './redactor.ts';

const unit = fc.constantFrom('a', 'b', 'a', 'b', ' ', '\n', '密', '码', '🔑', '&', '"');
const value = fc.string({ unit, minLength: 6, maxLength: 14 }).filter((text) => text.trim().length >= 6);

test('property: a draft is redacted to a beginning of what the whole text is redacted to', () => {
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 4 }),
      fc.array(fc.oneof(fc.string({ unit, maxLength: 6 }), fc.nat(3)), { maxLength: 8 }),
      (values, pieces) => {
        const { redact, redactDraft, learn } = createRedactor();
        for (const one of values) learn(one);
        const whole = pieces.map((piece) => (typeof piece === 'number' ? (values[piece % values.length] ?? '') : piece)).join('');
        const shown = redact(whole);
        for (let end = 0; end <= whole.length; end++) {
          const draft = redactDraft(whole.slice(0, end));
          expect(shown.startsWith(draft)).toBe(true);
          for (const one of values) expect(draft).not.toContain(one);
        }
      },
    ),
  );
});

test('no more is held back than the beginning of a value; one that just ended waits where it may go on', () => {
  const { redactDraft, learn } = createRedactor();
  expect(redactDraft('abcd ')).toBe('abcd ');
  learn('abcd efgh ijkl');
  expect(['so abcd', 'so abcd e', 'so abcd x', 'abcd abcd ef', 'abcd efgh ijkl'].map(redactDraft)).toEqual(['so ', 'so ', 'so abcd x', 'abcd ', '[redacted]']);
  learn('abcd efgh ijkl mnop');
  expect(['abcd efgh ijkl', 'abcd efgh ijkl m', 'abcd efgh ijkl.'].map(redactDraft)).toEqual(['', '', '[redacted].']);
  learn('token-12345-token-');
  expect(['x token-12345-token-', 'x token-12345-token-1', 'x token-12345-token-2'].map(redactDraft)).toEqual(['x ', 'x ', 'x [redacted]2']);
});

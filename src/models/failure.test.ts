// What is kept of a provider's words for the log: no secret, nothing of the answer, and never much.
import { expect, test } from 'vitest';
import { classifyFailure } from './failure.ts';

const detailOf = (thrown: unknown): string => {
  const redact = (text: string): string => text.replaceAll('sk-secret-key', '[redacted]');
  return classifyFailure(thrown, { redact, now: 0, aborted: false }).failure.detail ?? '';
};

test.each([
  ['JSONParseError', 'JSON parsing failed: Text: {"say":"private.\nwords"', 'Unexpected end'],
  ['TypeValidationError', 'Type validation failed: Value: {"say":"private words"}', 'Invalid input'],
])('an answer that cannot be read is not quoted: %s', (name, quoting, cause) => {
  const detail = detailOf(Object.assign(new Error(`${quoting}.\nError message: ${cause}`), { name }));
  expect(detail).not.toContain('private');
  expect(detail).toContain(cause);
});

test('a key is taken out before the end is cut off, so that no half of one stays', () => {
  const detail = detailOf(Object.assign(new Error('x'), { statusCode: 400, responseBody: `${'y'.repeat(490)}sk-secret-key${'z'.repeat(5_000)}` }));
  expect(detail).toHaveLength(500);
  expect(detail).not.toContain('sk-');
});

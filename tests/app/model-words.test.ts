// What a model's failure says and what to do then have words in Chinese.
import { expect, test } from 'vitest';
import { said } from '../../console/src/text/zh/said/said.ts';
import { classifyFailure, SilentModel } from '../../src/models/failure.ts';
import { StreamEnded } from '../../src/models/stream.ts';

const english = /[a-z]{2,} [a-z]{2,}/u;
const unreadable = Object.assign(new Error('?'), { name: 'AI_JSONParseError' });
const failures = [401, 402, 429, 503, 404, 408, 400]
  .map((statusCode): unknown => ({ statusCode }))
  .concat([
    new SilentModel(),
    new StreamEnded(),
    unreadable,
    { statusCode: 200, responseBody: '<html>' },
    { responseBody: 'maximum context length is 10 tokens' },
  ]);

test('every failure, its next step, and that it is tried again', () => {
  const codes = new Set<string>();
  for (const thrown of failures) {
    const { failure } = classifyFailure(thrown, { redact: (text) => text, now: 0, aborted: false });
    codes.add(failure.code);
    expect(said(`${failure.message} ${failure.next}`) ?? 'a sentence').not.toMatch(english);
    expect(said(`${failure.message} Trying again in 4 s.`)).toMatch(/4 秒后重试。$/u);
  }
  expect(codes.size).toBe(10);
  expect(said('The provider refused the key. It sings.')).toBeUndefined();
});

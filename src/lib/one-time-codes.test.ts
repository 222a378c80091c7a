// Codes and wrong guesses when somebody sets the clock: no longer life, no longer lock.
import { expect, test } from 'vitest';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createOneTimeCodes } from './one-time-codes.ts';

const day = 24 * 60 * 60_000;

test('attack: setting the clock back does not bring a code back to life', async () => {
  const clock = createFakeClock();
  const codes = createOneTimeCodes(clock, 60_000);
  const [first, second] = [codes.create(), codes.create()];
  expect(first.expiresAt).toBe(clock.now() + 60_000);
  await clock.advance(59_999);
  expect(codes.redeem(first.code)).toBe('ok');
  clock.jump(-day);
  await clock.advance(1);
  expect(codes.redeem(second.code)).toBe('wrong');
});

test('wrong guesses lock for a minute, whatever the clock shows', async () => {
  const clock = createFakeClock();
  const codes = createOneTimeCodes(clock, 60_000);
  for (let count = 0; count < 10; count++) expect(codes.redeem('guess')).toBe('wrong');
  clock.jump(-day);
  expect(codes.redeem('guess')).toBe('limited');
  await clock.advance(60_000);
  expect(codes.redeem('guess')).toBe('wrong');
});

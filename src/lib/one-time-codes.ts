// Codes that work once and soon die: in memory only, hashes only, a bounded number, and few wrong guesses a minute.
import { randomBytes } from 'node:crypto';
import { sha256 } from './canonical-json.ts';
import type { Clock } from './clock.ts';
import { createFailureLimit } from './failure-limit.ts';
import { remember } from './remember.ts';

const mostCodes = 16;

export function createOneTimeCodes(clock: Pick<Clock, 'now' | 'steady'>, lifeMs: number) {
  /** Until when, in steady time: setting the clock back gives no code a longer life. */
  const codes = new Map<string, number>();
  const failures = createFailureLimit(clock, { most: 10, withinMs: 60_000 });
  return {
    /** `expiresAt`: milliseconds since the epoch. */
    create() {
      const code = randomBytes(24).toString('base64url');
      remember(codes, hashToken(code), clock.steady() + lifeMs, mostCodes);
      return { code, expiresAt: clock.now() + lifeMs };
    },
    /** Uses a code up. wrong: unknown, used or expired. limited: as wrong, after ten of those in a minute. */
    redeem(code: string): 'ok' | 'wrong' | 'limited' {
      const hash = hashToken(code);
      const until = codes.get(hash);
      codes.delete(hash);
      // A right code works whatever others tried: nobody guesses 192 bits, and guessing must lock nobody out.
      if (until !== undefined && clock.steady() < until) return 'ok';
      if (failures.exceeded()) return 'limited';
      failures.add();
      return 'wrong';
    },
  };
}

/** sha256, hex: all that is ever kept of a token or code. */
export function hashToken(token: string): string {
  return sha256(token);
}

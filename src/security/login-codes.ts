// Single-use login codes (R8): 60 seconds, in memory only, hashes only, a bounded number, and few wrong guesses a minute.
import { createHash, randomBytes } from 'node:crypto';
import { CoPawError } from '../core/error.ts';
import type { Clock } from '../lib/clock.ts';
import { createFailureLimit } from '../lib/failure-limit.ts';

const lifeMs = 60_000;
const mostCodes = 16;

export function createLoginCodes(clock: Clock) {
  const codes = new Map<string, number>();
  const failures = createFailureLimit(clock, { most: 10, withinMs: 60_000 });
  return {
    /** `expiresAt`: milliseconds since the epoch. */
    create() {
      const oldest = codes.keys().next().value;
      if (codes.size >= mostCodes && oldest !== undefined) codes.delete(oldest);
      const code = randomBytes(24).toString('base64url');
      const expiresAt = clock.now() + lifeMs;
      codes.set(hashToken(code), expiresAt);
      return { code, expiresAt };
    },
    /** Uses a code up. Throws `unauthenticated` for a wrong, used or expired one, `busy` after ten of those in a minute. */
    redeem(code: string): void {
      const now = clock.now();
      if (failures.exceeded()) throw new CoPawError('busy', 'Too many wrong login codes.', { next: 'Wait a minute, then run: copaw open', rule: 'R6' });
      const hash = hashToken(code);
      const expiresAt = codes.get(hash);
      codes.delete(hash);
      if (expiresAt !== undefined && now < expiresAt) return;
      failures.add();
      throw new CoPawError('unauthenticated', 'This login code is wrong, was used, or is older than a minute.', { next: 'Run: copaw open', rule: 'R8' });
    },
  };
}

/** sha256, hex: all that is ever kept of a token or code. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

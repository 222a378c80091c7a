// What a failed connection means: whether trying again helps, and when.
import { type CoPawError, type ErrorCode, toCoPawError } from '../core/error.ts';

const firstWaitMs = 1_000;
const longestWaitMs = 5 * 60_000;
/** A refusal does not pass by itself, as a rule: seldom enough to be no storm, often enough to notice when it did. */
const refusedWaitMs = 60 * 60_000;
const longestAskedMs = 24 * 60 * 60_000;
const refusals: ReadonlySet<ErrorCode> = new Set(['unauthenticated', 'forbidden', 'config-invalid', 'secret-missing', 'vault-corrupt', 'not-found', 'invalid']);

/**
 * `failures`: how many there were in a row, with this one. `random`: at least 0 and below 1; the wait is between half and all of what
 * doubles with each failure, and never shorter than the platform asked for.
 */
export function failedConnection(
  thrown: unknown,
  failures: number,
  random: number,
): { readonly refused: boolean; readonly waitMs: number; readonly error: CoPawError } {
  const error = toCoPawError(thrown);
  const refused = !error.retryable && refusals.has(error.code);
  const longest = refused ? refusedWaitMs : Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - 1));
  const asked = Math.min(longestAskedMs, error.retryAfterMs ?? 0);
  return { refused, waitMs: Math.max(asked, Math.round(longest * (refused ? 1 : 0.5 + random / 2))), error };
}

/** A channel does not know which account it is: whoever does what it says would set up "main" in place of this one. */
export function stepOf(next: string, { channel, account }: { readonly channel: string; readonly account: string }): string {
  const named = `copaw channels add ${channel}${account === 'main' ? '' : ` ${account}`}`;
  return next
    .replace(/copaw channels add(?: [a-z][a-z0-9-]*)?(?=[.,:;]?$)/u, () => named)
    .replace(/copaw channels restart(?=[.,:;]?$)/u, () => `copaw channels restart ${channel}/${account}`);
}

// Sends a request again when that helps: backoff, Retry-After honoured up to a minute, an end at abort.
import type { ModelEvent } from '../core/model.ts';
import type { Redact } from '../core/secret.ts';
import type { Clock } from '../lib/clock.ts';
import { classifyFailure } from './failure.ts';

const longestWaitMs = 60_000;

/** Runs `attempt` until it finishes, fails for good, or `retries` are used up. Never throws. */
export async function* withRetries(
  attempt: () => AsyncIterable<ModelEvent>,
  parts: { readonly clock: Clock; readonly retries: number; readonly redact: Redact; readonly signal: AbortSignal },
): AsyncGenerator<ModelEvent> {
  for (let count = 1; ; count++) {
    try {
      parts.signal.throwIfAborted();
      yield* attempt();
      return;
    } catch (thrown) {
      const { failure, retryAfterMs } = classifyFailure(thrown, { redact: parts.redact, now: parts.clock.now(), aborted: parts.signal.aborted });
      if (!failure.retryable || count > parts.retries) {
        yield { type: 'error', failure };
        return;
      }
      const waitMs = Math.min(longestWaitMs, retryAfterMs ?? 1000 * 2 ** (count - 1));
      yield { type: 'retry', failure, waitMs, attempt: count };
      await parts.clock.sleep(waitMs, parts.signal).catch(() => undefined); // an abort is seen at the top of the loop
    }
  }
}

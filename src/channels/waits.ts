// Where a platform asked to wait, nothing is asked until then: a short wait is sat out, a long one is for whoever asked.
import type { ChannelClock } from '../core/channel-kind.ts';
import { CoPawError } from '../core/error.ts';
import { remember } from '../lib/remember.ts';

const shortMs = 5_000;
/** Buckets that are remembered. */
const most = 1_000;

export interface Waits {
  /** Resolves once this bucket may be asked. Throws `busy` where that is long, `cancelled` with the signal. */
  pass(bucket: string, signal: AbortSignal): Promise<void>;
  /** Of one bucket; "" is all of them. */
  set(bucket: string, ms: number): void;
}

export function createWaits(clock: Pick<ChannelClock, 'steady' | 'sleep'>): Waits {
  const until = new Map<string, number>();
  return {
    async pass(bucket, signal) {
      const ms = Math.max(until.get('') ?? 0, until.get(bucket) ?? 0) - clock.steady();
      if (ms <= 0) return;
      if (ms > shortMs) throw new CoPawError('busy', 'The platform asked to be left alone for a while.', { retryAfterMs: Math.ceil(ms) });
      await clock.sleep(ms, signal).catch((error: unknown) => {
        throw new CoPawError('cancelled', 'The work was cancelled.', { cause: error });
      });
    },
    set: (bucket, ms) => remember(until, bucket, clock.steady() + Math.ceil(ms), most),
  };
}

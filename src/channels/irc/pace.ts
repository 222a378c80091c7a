// Lines leave no faster than a server takes them: some at once, then one after the other.
import type { ChannelClock } from '../../core/channel-kind.ts';

const atOnce = 5;

export interface Pace {
  /** Resolves when one more line may leave; in the order of the calls. `lines`: as many as it counts for. */
  turn(signal: AbortSignal, lines?: number): Promise<void>;
}

/** `lineMs`: what one line costs. Logging in has used up what may leave at once: it comes back with time. */
export function createPace(clock: ChannelClock, lineMs: number): Pace {
  let freeAt = clock.steady() + atOnce * lineMs;
  return {
    async turn(signal, lines = 1) {
      const now = clock.steady();
      freeAt = Math.max(freeAt, now) + lines * lineMs;
      const wait = freeAt - now - atOnce * lineMs;
      if (wait > 0) await clock.sleep(wait, signal);
    },
  };
}

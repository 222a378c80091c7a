// Lines leave no faster than a server takes them: some at once, then one after the other.
import type { ChannelClock } from '../../core/channel-kind.ts';

const atOnce = 5;

export interface Pace {
  /** Resolves when one more line may leave; in the order of the calls. */
  turn(signal: AbortSignal): Promise<void>;
}

/** `lineMs`: what one line costs. */
export function createPace(clock: ChannelClock, lineMs: number): Pace {
  let freeAt = 0;
  return {
    async turn(signal) {
      const now = clock.steady();
      freeAt = Math.max(freeAt, now) + lineMs;
      const wait = freeAt - now - atOnce * lineMs;
      if (wait > 0) await clock.sleep(wait, signal);
    },
  };
}

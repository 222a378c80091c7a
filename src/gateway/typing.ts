// While a turn runs, the chat it came from shows that an answer is being made: where the platform has a sign for that, again and again, without a trace.
import type { Address } from '../core/address.ts';
import type { ChannelOutside } from '../core/channel.ts';
import { ownChannels } from '../core/channel-config.ts';
import type { Clock, Timer } from '../lib/clock.ts';

/** A sign leaves by itself after about five seconds. */
const everyMs = 4_000;
/** A turn that takes longer is no conversation any more. */
const longestMs = 10 * 60_000;

export interface TypingParts {
  readonly clock: Clock;
  channel(address: Address): ChannelOutside | undefined;
  mayReach(address: Address): boolean;
}

/** Begins to show it; what it returns ends it. A sign that fails is no failure of anything. */
export type ShowTyping = (address: Address) => () => void;

export function createTyping({ clock, channel, mayReach }: TypingParts): ShowTyping {
  return (address) => {
    if (ownChannels.has(address.channel)) return () => undefined;
    const until = clock.steady() + longestMs;
    let timer: Timer | undefined;
    const show = (): void => {
      if (mayReach(address))
        channel(address)
          ?.typing?.(address)
          .catch(() => undefined);
      timer = clock.steady() < until ? clock.after(everyMs, show) : undefined;
    };
    show();
    return () => timer?.cancel();
  };
}

// That an answer is being made, where the platform has no sign for typing: a reaction to the last message of the chat, taken away once it has been answered or
// nobody asks for it any more.
import type { Address } from '../core/address.ts';
import type { ChannelClock } from '../core/channel-kind.ts';
import { CoPawError } from '../core/error.ts';
import { remember } from '../lib/remember.ts';

/** The gateway asks again sooner. */
const leaveMs = 9_000;
/** Chats whose last message is known. */
const mostChats = 500;

type Place = Pick<Address, 'chat' | 'thread'>;

export interface WorkingSign {
  /** A message came. */
  came(place: Place, messageId: string): void;
  /** Puts the sign, or keeps it. Rejects as the platform refuses it. */
  show(place: Place): Promise<void>;
  /** Takes it away. */
  leave(place: Place): void;
  /** Takes all away. */
  stop(): void;
}

interface Sign {
  /** Its end takes the reaction away again. */
  readonly put: Promise<() => Promise<unknown>>;
  timer: { cancel(): void };
}

/** `put` reacts to a message and resolves with what takes that back. */
export function createWorkingSign(clock: Pick<ChannelClock, 'after'>, put: (place: Place, messageId: string) => Promise<() => Promise<unknown>>): WorkingSign {
  const last = new Map<string, string>();
  const signs = new Map<string, Sign>();
  /** The account may not: nothing is asked in vain. */
  let refused = false;
  const keyOf = ({ chat, thread = '' }: Place): string => `${chat}\n${thread}`;
  const drop = (key: string): void => {
    const sign = signs.get(key);
    if (!sign) return;
    signs.delete(key);
    sign.timer.cancel();
    sign.put.then((takeBack) => takeBack()).catch(() => undefined);
  };
  return {
    came: (place, messageId) => remember(last, keyOf(place), messageId, mostChats),
    async show(place) {
      const key = keyOf(place);
      const known = signs.get(key);
      if (known) {
        // It stays where it is: what others say meanwhile is not what is being answered.
        known.timer.cancel();
        known.timer = clock.after(leaveMs, () => drop(key));
        return;
      }
      const messageId = last.get(key);
      if (refused || messageId === undefined) return;
      const sign: Sign = { put: put(place, messageId), timer: clock.after(leaveMs, () => drop(key)) };
      signs.set(key, sign);
      try {
        await sign.put;
      } catch (error) {
        if (signs.get(key) === sign) drop(key);
        refused ||= error instanceof CoPawError && error.code === 'send-refused';
        throw error;
      }
    },
    leave: (place) => drop(keyOf(place)),
    stop() {
      for (const key of [...signs.keys()]) drop(key);
    },
  };
}

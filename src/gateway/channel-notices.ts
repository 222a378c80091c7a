// Tells the operator on another channel that one is down, and that it is back: durable, each once, and one such pair an hour and account at most.
import type { Address } from '../core/address.ts';
import { type ChannelsConfig, enabledAccount } from '../core/channel-config.ts';
import type { ChannelState } from '../core/channel-state.ts';
import type { Language } from '../core/config.ts';
import { lists } from '../core/sender-rules.ts';
import type { OutboxRow } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import type { Clock } from '../lib/clock.ts';
import type { Delivery } from './deliver.ts';
import { type LastChatStore, lastChat } from './last-chat.ts';
import type { Composer } from './outgoing.ts';
import { sayOnce } from './say-once.ts';
import { words } from './words.ts';

const hourMs = 60 * 60_000;
/** So far back a notice is looked for that an earlier run of CoPaw gave and did not take back. */
const mostHours = 24;

export function createChannelNotices(parts: {
  readonly store: LastChatStore & Pick<Store, 'outbox' | 'commit'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly rules: () => ChannelsConfig;
  readonly settings: () => { readonly language: Language; readonly timezone: string };
  readonly isUp: (address: Address) => boolean;
  readonly delivery: () => Pick<Delivery, 'rows' | 'wake'>;
  readonly literal: Composer['literal'];
}) {
  const { store, clock } = parts;
  const idAt = ({ channel, account }: ChannelState, hour: number): string => `channel-down_${channel}_${account}_${hour}`;
  const backId = (downId: string): string => `${downId}_back`;
  const first = async (answerId: string): Promise<OutboxRow | undefined> => (await store.outbox.ofAnswer(answerId))[0];

  /** What was last said about this account within the hour, if anything; a row's `nextAt` is when it was written, or tried last. */
  const lastTold = async (state: ChannelState): Promise<OutboxRow | undefined> => {
    const now = clock.now();
    const hour = Math.floor(now / hourMs);
    for (const row of [await first(idAt(state, hour)), await first(idAt(state, hour - 1))]) if (row && row.nextAt > now - hourMs) return row;
    return undefined;
  };

  /** A direct chat that one of the operator's own ids has with CoPaw, on another account that is up; the one used last. */
  const elsewhere = async (state: ChannelState): Promise<{ readonly sessionId: string; readonly address: Address } | undefined> => {
    return lastChat(store, (address) => {
      const { channel, account, peer } = address;
      if (peer === undefined || (channel === state.channel && account === state.account)) return false;
      return lists(enabledAccount(parts.rules(), channel, account)?.operators, peer) && parts.isUp(address);
    });
  };

  const say = (answerId: string, { sessionId, address }: Pick<OutboxRow, 'sessionId' | 'address'>, text: string): Promise<void> =>
    sayOnce({ store, delivery: parts.delivery(), literal: parts.literal }, { answerId, sessionId, address }, text);

  const time = (at: number): string => {
    const { language, timezone } = parts.settings();
    return new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { timeStyle: 'short', timeZone: timezone }).format(at);
  };

  return {
    /** The id of what was said, now or before and not taken back; undefined where it cannot be said now. */
    async down(state: ChannelState): Promise<string | undefined> {
      const before = await lastTold(state);
      if (before) return (await first(backId(before.answerId))) === undefined ? before.answerId : undefined;
      const to = await elsewhere(state);
      if (!to) return undefined;
      const { channelDown } = words(parts.settings().language);
      const { message = '', next } = state.lastError ?? {};
      const why = [message, next].filter(Boolean).join(' ');
      const nextTry = state.nextTryAt === undefined ? undefined : time(state.nextTryAt);
      const id = idAt(state, Math.floor(clock.now() / hourMs));
      await say(id, to, channelDown(`${state.channel}/${state.account}`, time(state.downSince ?? state.since), why, nextTry));
      return id;
    },

    /** The id of what an earlier run said and did not take back. */
    async before(state: ChannelState): Promise<string | undefined> {
      const hour = Math.floor(clock.now() / hourMs);
      for (let back = 0; back <= mostHours; back++) {
        const row = await first(idAt(state, hour - back));
        if (row) return (await first(backId(row.answerId))) === undefined ? row.answerId : undefined;
      }
      return undefined;
    },

    /** Said where `down` was said, whose id this is. */
    async back(state: ChannelState, downId: string): Promise<void> {
      const before = await first(downId);
      if (before) await say(backId(downId), before, words(parts.settings().language).channelBack(`${state.channel}/${state.account}`));
    },
  };
}

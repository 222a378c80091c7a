// What an account says of itself in a chat, once for ever: when it is added to a listed group, and before its first answer to somebody who was let in.
import { addressKey } from '../core/address.ts';
import type { Admitted } from '../core/brand.ts';
import { type ChannelsConfig, enabledAccount } from '../core/channel-config.ts';
import type { Store } from '../core/store.ts';
import { sha256 } from '../lib/canonical-json.ts';
import { type Linked, whereOf } from './route.ts';
import { type SayOnceParts, sayOnce } from './say-once.ts';

export interface WelcomeParts extends SayOnceParts {
  readonly store: SayOnceParts['store'] & { readonly sessions: Pick<Store['sessions'], 'get'>; readonly outbox: Pick<Store['outbox'], 'ofAnswer'> };
  readonly channels: () => ChannelsConfig;
  readonly linked: Linked;
}

/** Asked of each event that was let in, before anything comes of it. The part that was sent is what it is known by: it is of no conversation, so none takes it away. */
export function createWelcome({ store, channels, linked, delivery, literal }: WelcomeParts): (envelope: Admitted) => Promise<void> {
  return async (envelope) => {
    const { channel, account, inbound, origin } = envelope;
    const { welcome } = enabledAccount(channels(), channel, account) ?? {};
    if (welcome === undefined || origin === 'unattended' || inbound.sender.bot === true) return;
    const added = inbound.kind === 'join' && inbound.added === true && inbound.chat.kind === 'group';
    if (!added && inbound.kind !== 'message') return;
    const { sessionId, address } = whereOf(envelope);
    const { thread: _, ...chat } = address;
    const answerId = `welcome_${sha256(addressKey(chat)).slice(0, 32)}`;
    // Somebody CoPaw has talked to before needs no welcome.
    const common = linked(address) ?? sessionId;
    if (!added && ((await store.sessions.get(sessionId)) ?? (await store.sessions.get(common)))) return;
    if ((await store.outbox.ofAnswer(answerId)).length > 0) return;
    await sayOnce({ store, delivery, literal }, { answerId, sessionId: '', address }, welcome);
  };
}

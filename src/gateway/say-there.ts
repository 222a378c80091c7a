// The operator's own words in the conversation of a chat: said there as CoPaw and kept in its log, by no model. Everybody in that chat reads them.
import type { Address } from '../core/address.ts';
import type { AuditDoor } from '../core/audit.ts';
import { ownChannels } from '../core/channel-config.ts';
import { CoPawError } from '../core/error.ts';
import { noUsage } from '../core/model.ts';
import type { Session, Turn } from '../core/session.ts';
import { longestSaid, type SaidThere } from '../core/sessions.ts';
import type { Store } from '../core/store.ts';
import { sha256 } from '../lib/canonical-json.ts';
import type { Clock } from '../lib/clock.ts';
import type { Delivery } from './deliver.ts';
import { type LastChatStore, lastChat } from './last-chat.ts';
import type { Composer } from './outgoing.ts';
import { chatSessionId, isChatSession, type Linked } from './route.ts';
import type { TurnBus } from './turn-bus.ts';

export interface SayThereParts {
  readonly store: LastChatStore & { readonly sessions: Pick<Store['sessions'], 'get'>; readonly turns: Pick<Store['turns'], 'get'> };
  readonly bus: Pick<TurnBus, 'commit'>;
  readonly composer: Pick<Composer, 'answer'>;
  readonly delivery: Pick<Delivery, 'rows' | 'wake'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly audit: Pick<AuditDoor, 'append'>;
  mayReach(address: Address): boolean;
  readonly linked: Linked;
  /** For the audit. */
  readonly by: string;
}

/** Resolves once it is stored and on its way. `messageId`: the client's own; the same one again says nothing twice. */
export type SayThere = (session: Session, message: { readonly text: string; readonly messageId: string }) => Promise<SaidThere>;

export function createSayThere({ store, bus, composer, delivery, clock, audit, mayReach, linked, by }: SayThereParts): SayThere {
  return async (session, { text, messageId }) => {
    const { id: sessionId, agentId } = session;
    if (!isChatSession(sessionId))
      throw new CoPawError('conflict', 'This is no conversation of a chat that goes on.', { next: 'Write a message in it as usual.', retryable: false });
    if (text.trim() === '') throw new CoPawError('invalid', 'The message is empty.');
    if (text.length > longestSaid) throw new CoPawError('too-large', `What is said in a chat may have ${longestSaid} characters.`);
    // A conversation of several chats goes on in the one that was used last, of those that belong to it now.
    const address = (await lastChat(store, (one) => !ownChannels.has(one.channel) && (linked(one) ?? chatSessionId(one)) === sessionId))?.address;
    if (!address || !mayReach(address))
      throw new CoPawError('forbidden', 'Whoever is in this chat is not on a list any more.', { rule: 'R9', next: 'See `copaw pairing list`.' });
    const key = sha256(JSON.stringify(['said', sessionId, messageId])).slice(0, 24);
    const [turnId, answerId] = [`turn_${key}`, `ans_${key}`];
    const known = async (): Promise<SaidThere | undefined> => {
      const said = await store.turns.get(turnId);
      return said && { sessionId, messageId, turnId, duplicate: true, to: said.address };
    };
    const before = await known();
    if (before) return before;
    const at = clock.now();
    const turn: Turn = { id: turnId, sessionId, agentId, address, origin: 'operator', sender: { id: 'operator' }, answerId, startedAt: at };
    const parts = await composer.answer(turn, { text });
    if (parts.some(({ unwritten }) => unwritten === true))
      throw new CoPawError('conflict', `The account ${address.channel}/${address.account} is not there.`, {
        next: 'Switch it on: copaw channels enable.',
        retryable: false,
      });
    await audit.append('channel-send', { channel: address.channel, account: address.account, chat: address.chat, by });
    try {
      await bus.commit(
        sessionId,
        turnId,
        [
          { type: 'turn-start', origin: 'operator', answerId, resumed: false },
          { type: 'message', message: { role: 'assistant', id: answerId, step: 0, text, toolCalls: [] } },
          { type: 'turn-end', outcome: 'answered', answerId, usage: noUsage },
        ],
        {
          transition: 'command-answered',
          session: { ...((await store.sessions.get(sessionId)) ?? session), updatedAt: at },
          turn,
          outbox: delivery.rows(turn, parts),
          turnEnd: { turnId, outcome: 'answered', at },
        },
      );
    } catch (error) {
      // The same one, sent twice at once: the other was first.
      const meanwhile = await known();
      if (meanwhile) return meanwhile;
      throw error;
    }
    delivery.wake();
    return { sessionId, messageId, turnId, duplicate: false, to: address };
  };
}

// The last answer once more: its turn is taken back and stays in the log, and its message is asked again, in one transaction; or in two, with its files between them.
import { ownChannels } from '../core/channel-config.ts';
import { CoPawError } from '../core/error.ts';
import type { Envelope } from '../core/inbound.ts';
import type { Accepted } from '../core/operator.ts';
import type { InboxRow } from '../core/session.ts';
import type { GatewayParts } from './gateway-parts.ts';
import type { Lanes } from './lanes.ts';
import { type LastTurn, lastTurn } from './last-turn.ts';
import { inboxKey, isChatSession, route } from './route.ts';
import { finishUndo, type TakeBackParts, takeTurnBack } from './take-back.ts';

export interface RegenerateParts extends Pick<GatewayParts, 'ids' | 'admit' | 'stopCommands'>, TakeBackParts {
  readonly lanes: Lanes;
  readonly clock: GatewayParts['agent']['clock'];
}

export type Regenerate = (sessionId: string, options: { readonly turnId?: string; readonly files: boolean }) => Promise<Accepted>;

export function createRegenerate(parts: RegenerateParts): Regenerate {
  const { store, ids, admit, stopCommands, lanes, clock } = parts;
  const nothing = (message: string): CoPawError => new CoPawError('conflict', message, { next: 'Write the message again.', retryable: false });

  return async (sessionId, { turnId, files }) => {
    // A chat's conversation has an id like any other once it was put away with /new.
    if (isChatSession(sessionId) || !ownChannels.has((await store.sessions.get(sessionId))?.address.channel ?? 'console'))
      throw new CoPawError('forbidden', 'This conversation belongs to a chat; the answer would be read there.', {
        next: 'Ask again in that chat.',
        rule: 'R13',
      });
    const first = await lastTurn(store, sessionId);
    const meant = turnId ?? first?.turn.id;
    if (meant === undefined) throw nothing('There is no answer here to give again.');
    const check = (found: LastTurn | undefined): LastTurn => {
      if (found?.turn.id !== meant) throw nothing('This is not the last answer any more.');
      return found;
    };
    check(first); // before anything is stopped
    return lanes.quietly(sessionId, async () => {
      await stopCommands(sessionId);
      const last = check(await lastTurn(store, sessionId));
      // What was heard in its files is no message of its own: it comes along with them.
      const said = last.entries.flatMap(({ event }) =>
        event.type === 'message' && event.message.role === 'user' && event.message.heard === undefined ? [event.message] : [],
      );
      // In a copy of a chat, or out of a file, they may be anybody's: asked again they would count as the operator's.
      if (said.some(({ origin, imported }) => origin !== 'operator' || imported === true)) throw nothing('These words are not your own.');
      const { channel, account } = last.turn.address;
      const chat = { id: sessionId, kind: 'direct' } as const;
      const id = ids('msg');
      const receivedAt = clock.now();
      const envelope: Envelope = {
        ...{ channel, account, receivedAt, key: inboxKey({ channel, account, inbound: { chat } }, id) },
        inbound: {
          ...{ kind: 'message', id, chat, sender: { id: 'operator' }, at: receivedAt },
          text: said.map(({ text }) => text).join('\n\n'),
          attachments: said.flatMap(({ attachments }) => attachments),
          ...(said.some(({ forwarded }) => forwarded === true) ? { forwarded: true as const } : {}),
        },
      };
      const admission = await admit(envelope);
      if (!admission.admitted) throw new CoPawError('forbidden', admission.reason, { rule: admission.rule });
      // What was said behind "/queue" may be a command by itself.
      if (route(admission.envelope).kind !== 'turn') throw nothing('This message would be a command now.');
      const row: InboxRow = { key: envelope.key, envelope: files ? { ...envelope, takesBack: meant } : envelope, state: 'accepted', receivedAt };
      if (!files) await takeTurnBack(parts, sessionId, last, [row]);
      else {
        await store.commit({ transition: 'undo-begun', inbox: [row] });
        await finishUndo(parts, sessionId, row);
      }
      return { sessionId, messageId: id, turnId: lanes.push(sessionId, admission.envelope, 'queue'), duplicate: false };
    });
  };
}

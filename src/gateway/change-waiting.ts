// An edit or a withdrawal counts while the message waits, and only for whoever wrote it; later it is written down and nothing runs again.
import type { Admitted } from '../core/brand.ts';
import type { Store } from '../core/store.ts';
import { isCommand, type Route } from './route.ts';

export interface ChangeWaitingParts {
  readonly store: Pick<Store, 'inbox' | 'commit'>;
  /** Gives a message that waits new words, or takes it out; false where none waits under this key. */
  change(sessionId: string, key: string, text: string | undefined): boolean;
}

export async function changeWaiting({ store, change }: ChangeWaitingParts, envelope: Admitted, way: Extract<Route, { kind: 'change' }>): Promise<void> {
  const { sessionId, target, text } = way;
  const row = await store.inbox.get(target);
  const waits =
    row?.state === 'accepted' && row.envelope.inbound.sender.id === envelope.inbound.sender.id && !isCommand(envelope, text) && change(sessionId, target, text);
  await store.commit({
    transition: 'message-changed',
    inboxStates: [
      ...(waits && text === undefined ? [{ key: target, state: 'cancelled' as const, dropText: true }] : []),
      { key: envelope.key, state: 'refused', rule: waits ? 'applied' : 'recorded' },
    ],
    ...(waits && text !== undefined ? { inboxTexts: [{ key: target, text }] } : {}),
  });
}

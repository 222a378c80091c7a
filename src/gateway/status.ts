// What a status says that does not depend on running: the model, and what the store holds.
import type { ChannelsConfig } from '../core/channel-config.ts';
import { toCoPawError } from '../core/error.ts';
import type { KnownWindow, ReadyModel } from '../core/model.ts';
import type { OperatorStatus } from '../core/operator.ts';
import type { Store } from '../core/store.ts';
import { waitingPairings } from './people.ts';

/** A model that cannot be had is a state people are told of, not a failure of asking. */
export async function modelStatus(
  model: () => ReadyModel,
  windowOf: (model: ReadyModel) => Promise<KnownWindow>,
): Promise<Pick<OperatorStatus, 'model' | 'offline' | 'window' | 'modelProblem'>> {
  try {
    const ready = model();
    return { model: ready.ref, offline: ready.ref.startsWith('offline/'), window: await windowOf(ready) };
  } catch (error) {
    const { message, next } = toCoPawError(error);
    return { model: 'none', offline: false, modelProblem: [message, next].filter(Boolean).join(' ') };
  }
}

export async function storedStatus(
  store: Pick<Store, 'inbox' | 'outbox' | 'approvals' | 'senders' | 'learning'>,
  channels: ChannelsConfig,
  now: number,
  /** Accounts that are not connected. */
  down = 0,
): Promise<Pick<OperatorStatus, 'openMessages' | 'outbox' | 'channels' | 'waiting'>> {
  const parts = await store.outbox.counts(['pending', 'sending', 'unknown', 'dead']);
  return {
    openMessages: (await store.inbox.open()).map(({ key, state, receivedAt }) => ({ key, state, receivedAt })),
    outbox: { open: (parts.get('pending') ?? 0) + (parts.get('sending') ?? 0), unknown: parts.get('unknown') ?? 0, dead: parts.get('dead') ?? 0 },
    waiting: {
      approvals: (await store.approvals.pending()).length,
      pairings: waitingPairings(await store.senders.pairings(), now).length,
      messages: await store.inbox.countWaiting(),
      answers: await store.outbox.countWaiting(),
      channels: down,
      proposals: await store.learning.countProposed(),
    },
    channels: Object.entries(channels).flatMap(([channel, accounts]) =>
      Object.entries(accounts).flatMap(([account, { enabled }]) => (enabled ? [{ channel, account }] : [])),
    ),
  };
}

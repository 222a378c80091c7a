// The chat that was used last of those that fit. A conversation of several chats is known by its first one: the others are found by where turns answered.
import type { Address } from '../core/address.ts';
import type { Store } from '../core/store.ts';

const mostSearched = 500;

export interface LastChatStore {
  readonly sessions: Pick<Store['sessions'], 'list'>;
  readonly turns: Pick<Store['turns'], 'latest'>;
}

export async function lastChat(
  { sessions, turns }: LastChatStore,
  fits: (address: Address) => boolean,
): Promise<{ readonly sessionId: string; readonly address: Address } | undefined> {
  const session = (await sessions.list({ limit: mostSearched })).find(({ address }) => fits(address));
  if (session) return { sessionId: session.id, address: session.address };
  const turn = (await turns.latest(mostSearched)).find(({ address }) => fits(address));
  return turn && { sessionId: turn.sessionId, address: turn.address };
}

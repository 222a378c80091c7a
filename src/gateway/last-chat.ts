// The chat that was used last of those that fit: where turns answered, and of long ago by the conversations there are.
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
  const turn = (await turns.latest(mostSearched)).find(({ address }) => fits(address));
  if (turn) return { sessionId: turn.sessionId, address: turn.address };
  const session = (await sessions.list({ limit: mostSearched })).find(({ address }) => fits(address));
  return session && { sessionId: session.id, address: session.address };
}

// A new conversation of the operator's own, on no channel.
import { addressKey } from '../core/address.ts';
import type { Session } from '../core/session.ts';
import type { Ids } from '../lib/ids.ts';

export function ownSession(ids: Ids, agentId: string, at: number): Session {
  const id = ids('s');
  const address = { channel: 'console', account: 'local', chat: id } as const;
  return { id, agentId, key: `${agentId}:${addressKey(address)}`, address, title: '', tainted: false, createdAt: at, updatedAt: at };
}

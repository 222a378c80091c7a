// Who said something and where an answer goes. Addresses are data captured in the turn record, never "last used" state.

/** One conversation on one channel account. `chat` and `thread` are the platform's own immutable ids. */
export interface Address {
  /** Channel kind, for example "console", "cli", "schedule". */
  readonly channel: string;
  /** Account of that channel; "local" for the built-in ones. */
  readonly account: string;
  readonly chat: string;
  readonly thread?: string;
}

/** The person or machine a message came from, by the platform's immutable id; `name` is for display and never matched. */
export interface Sender {
  readonly id: string;
  readonly name?: string;
  readonly bot?: boolean;
}

/**
 * The column of the verdict table a turn is judged in. `operator`: console, CLI, API, editor with the operator's
 * credential. `direct` and `group`: an allowed sender on a channel. `unattended`: schedule, heartbeat, webhook.
 */
export type Origin = 'operator' | 'direct' | 'group' | 'unattended';

/** Session key of an address: the same conversation always maps to the same key. */
export function addressKey(address: Address): string {
  return [address.channel, address.account, address.chat, ...(address.thread === undefined ? [] : [address.thread])].map(encodeURIComponent).join(':');
}

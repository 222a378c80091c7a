// Who said something and where an answer goes. Addresses are data captured in the turn record, never "last used" state.

/** One conversation on one channel account. `chat` and `thread` are the platform's own immutable ids. */
export interface Address {
  /** Channel kind, for example "console", "cli", "schedule". */
  readonly channel: string;
  /** Account of that channel; "local" for the built-in ones. */
  readonly account: string;
  readonly chat: string;
  readonly thread?: string;
  /** Whom a direct chat is with, by the platform's id; absent in groups and on CoPaw's own surfaces. */
  readonly peer?: string;
}

/** The person or machine a message came from, by the platform's immutable id; `name` is for display and never matched. */
export interface Sender {
  readonly id: string;
  readonly name?: string;
  readonly bot?: boolean;
  /** The account itself: what it said, come back, or written by its owner on another device. */
  readonly self?: boolean;
}

/**
 * The column of the verdict table a turn is judged in. `operator`: console, CLI, API, editor with the operator's
 * credential. `direct` and `group`: an allowed sender on a channel. `unattended`: schedule, heartbeat, webhook.
 */
export type Origin = (typeof origins)[number];

export const origins = ['operator', 'direct', 'group', 'unattended'] as const;

/** Session key of an address: the same conversation always maps to the same key. */
export function addressKey(address: Address): string {
  const { channel, account, chat, thread, peer } = address;
  const place = [channel, account, chat, ...(thread === undefined ? [] : [thread])].map(encodeURIComponent).join(':');
  return peer === undefined ? place : `${place}@${encodeURIComponent(peer)}`;
}

/** The folder of a group below the workspace, its own and no other's; no id can make it another place, on any file system. */
export function groupFolder({ channel, account, chat }: Pick<Address, 'channel' | 'account' | 'chat'>): string {
  return `groups/${[channel, account, chat].map(plainName).join('.')}`;
}

/** Small letters, digits, "-" and "_"; every other byte as `%xx`. */
function plainName(text: string): string {
  return [...new TextEncoder().encode(text)]
    .map((byte) => String.fromCharCode(byte))
    .map((character) => (/[a-z0-9_-]/.test(character) ? character : `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`))
    .join('');
}

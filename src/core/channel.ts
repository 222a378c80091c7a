// The channel contract. A channel speaks one platform; limits are data, and retry and allowlist belong to the gateway.
import type { Address } from './address.ts';
import type { Attachment, Inbound } from './inbound.ts';

/** What goes out. Only visible parts: thinking, tool output, raw errors and runtime context have no place in this type. */
export interface Outgoing {
  /** Markdown. */
  readonly text: string;
  readonly files?: readonly Attachment[];
  readonly choices?: readonly { readonly label: string; readonly value: string }[];
}

/** Identity of one part of one logical answer: the same key is never sent twice on purpose. Parts count from 0. */
export interface PartKey {
  readonly answerId: string;
  readonly part: number;
}

/** The platform's receipt for a sent part. */
export interface SentRef {
  readonly id: string;
}

/** How a platform writes text. Answers are rendered into it before they are measured and cut (`src/gateway/render`, docs/channels.md). */
export type Dialect = 'plain' | 'telegram-html' | 'slack-mrkdwn' | 'discord' | 'matrix-html' | 'email-html';

export interface ChannelLimits {
  readonly dialect: Dialect;
  /**
   * Most that one rendered part may have, 160 at least. UTF-16 code units of the text as it is sent; for `telegram-html` of the text without
   * its tags; for `matrix-html` bytes of both bodies as JSON, so leave room for the rest of the event.
   */
  readonly textLength: number;
  readonly media: boolean;
  readonly edit: boolean;
  readonly choices: boolean;
  readonly threads: boolean;
}

export interface Channel {
  readonly limits: ChannelLimits;
  /** Connects and receives until `signal` aborts. Throws a CoPawError when the platform refuses the account. */
  start(inbox: Inbox, signal: AbortSignal): Promise<void>;
  /** Sends one part. Throws with `retryable` set when it certainly did not arrive; any other throw means "may have been sent". */
  send(to: Address, message: Outgoing, key: PartKey): Promise<SentRef>;
  stop(): Promise<void>;
  edit?(ref: SentRef, message: Outgoing): Promise<void>;
  typing?(to: Address): Promise<void>;
  /** Looks up a part whose sending has an unknown outcome. Without it such a part is marked "may have been sent". */
  reconcile?(to: Address, key: PartKey): Promise<SentRef | 'absent' | 'unknown'>;
}

/** Makes the channel of one account. Nothing is connected before its `start`. */
export type ChannelFactory = (account: string) => Channel;

/** The way in, bound to one channel account: a channel cannot speak for another or promote a sender. */
export interface Inbox {
  /** Resolves when the event is durably stored; only then may the channel acknowledge upstream. */
  receive(event: Inbound): Promise<void>;
  /** The receive path saw traffic; empty polls and pings count. */
  alive(): void;
}

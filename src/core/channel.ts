// The channel contract. A channel speaks one platform; limits are data, and retry and allowlist belong to the gateway.
import type { Address } from './address.ts';
import type { Attachment, Inbound } from './inbound.ts';

/** What goes out. Only visible parts: thinking, tool output, raw errors and runtime context have no place in this type. */
export interface Outgoing {
  /** Markdown; for a channel, its dialect, measured and cut by its limits. */
  readonly text: string;
  /** The same as plain words, in dialects that send both. */
  readonly plain?: string;
  readonly files?: readonly Attachment[];
  readonly choices?: readonly { readonly label: string; readonly value: string }[];
  /** Still Markdown, because no limits of its channel were known: never sent. */
  readonly unwritten?: true;
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
  /**
   * How long the receive path may show no life before the connection is replaced, milliseconds; longer than the longest silence of a
   * healthy one. Absent: 90 seconds. Infinity: for platforms that call us and are silent between events.
   */
  readonly liveMs?: number;
}

export interface Channel {
  readonly limits: ChannelLimits;
  /**
   * Connects and receives until `signal` aborts; calls `inbox.alive()` as soon as it is connected. Throws or returns when the connection is
   * lost: it is never started again, a fresh channel is. Throws a CoPawError that is not retryable when the platform refuses the account,
   * and one with `retryAfterMs` where the platform says how long to stay away.
   */
  start(inbox: Inbox, signal: AbortSignal): Promise<void>;
  /**
   * Sends one part. Throws a CoPawError with `retryable` set when it certainly did not arrive, and `send-refused` when the platform will
   * never take it; any other throw means "may have been sent".
   */
  send(to: Address, message: Outgoing, key: PartKey): Promise<SentRef>;
  stop(): Promise<void>;
  edit?(ref: SentRef, message: Outgoing): Promise<void>;
  typing?(to: Address): Promise<void>;
  /** Looks up a part whose sending has an unknown outcome. Without it such a part is marked "may have been sent". */
  reconcile?(to: Address, key: PartKey): Promise<SentRef | 'absent' | 'unknown'>;
}

/** What may be asked of a channel that somebody else keeps connected. */
export type ChannelOutside = Omit<Channel, 'start' | 'stop'>;

/** Makes a fresh channel for one connection of an account. Nothing is connected before its `start`. */
export type ChannelFactory = (account: string) => Channel;

/** The way in, bound to one channel account: a channel cannot speak for another or promote a sender. */
export interface Inbox {
  /** Resolves when the event is durably stored; only then may the channel acknowledge upstream. Rejects once the connection was replaced. */
  receive(event: Inbound): Promise<void>;
  /** The receive path saw traffic; empty polls and pings count. What a send brings about does not. */
  alive(): void;
}

// The channel contract. A channel speaks one platform; limits are data, and retry and allowlist belong to the gateway.
import type { Address } from './address.ts';
import { CoPawError } from './error.ts';
import type { Attachment, Inbound, Voice } from './inbound.ts';

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

/** A file as a channel sends it. */
export interface OutgoingFile extends Attachment {
  /** All of it; 64 MiB at most. Rejects with `path-missing` where it is gone meanwhile. */
  bytes(): Promise<Uint8Array>;
}

/** What a channel is given to send: as it was stored, its files to be read. */
export type Sendable = Omit<Outgoing, 'files' | 'unwritten'> & {
  readonly files?: readonly OutgoingFile[];
  /** Not its last words: `edit` is asked to put others in their place. */
  readonly goesOn?: true;
};

/** A file that came with a message and is still with the platform: fetched only once its sender was let in. */
export interface IncomingFile {
  /** As the platform calls it; it becomes a safe one. */
  readonly name: string;
  /** Bytes, where the platform says so; what is too large is not fetched. */
  readonly size?: number;
  readonly voice?: Voice;
  /** Ends early once too much has come. Throws as `fetch` does. */
  open(signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}

/** A request of a platform that calls us, its body as it came: a signature is over the raw bytes. */
export interface WebhookRequest {
  /** In any case. */
  header(name: string): string | undefined;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface WebhookAnswer {
  /** 2xx: taken. Anything else lets the platform try again. */
  readonly status: number;
  /** Sent as JSON; absent: nothing. */
  readonly json?: unknown;
}

/** Identity of one part of one logical answer: the same key is never sent twice on purpose. Parts count from 0. */
export interface PartKey {
  readonly answerId: string;
  readonly part: number;
}

/** One word for the key of a part, the same every time: for platforms that keep a name with what is sent. */
export const partName = ({ answerId, part }: PartKey): string => `${answerId}.${part}`;

/** The key of the message that shows an answer while it grows: never that of one of its parts. */
export const previewKey = (answerId: string): PartKey => ({ answerId: `live_${answerId}`, part: 0 });

/** The platform's receipt for a sent part. */
export interface SentRef {
  readonly id: string;
}

/** How a platform writes text. Answers are rendered into it before they are measured and cut (`src/gateway/render`, docs/channels.md). */
export type Dialect = 'plain' | 'telegram-html' | 'slack-mrkdwn' | 'discord' | 'matrix-html' | 'email-html' | 'feishu-card' | 'dingtalk-markdown';

export interface ChannelLimits {
  readonly dialect: Dialect;
  /**
   * Most that one rendered part may have, 160 at least. UTF-16 code units of the text as it is sent; for `telegram-html` of the text without
   * its tags; for `matrix-html` bytes of both bodies as JSON, so leave room for the rest of the event; for `feishu-card` bytes as JSON within
   * JSON, so leave room for the rest of the card; for `dingtalk-markdown` bytes as JSON.
   */
  readonly textLength: number;
  readonly media: boolean;
  readonly edit: boolean;
  /** Least time between two edits of one message, milliseconds, as the platform's documentation allows. Absent: 1,500. */
  readonly editMs?: number;
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
   * Sends one part. Throws a CoPawError with `retryable` set, or `unauthenticated`, when it certainly did not arrive and may later; `send-refused` when the
   * platform will never take it; any other throw means "may have been sent".
   */
  send(to: Address, message: Sendable, key: PartKey): Promise<SentRef>;
  stop(): Promise<void>;
  /**
   * Replaces the words of what was sent with `goesOn`, and brings choices where there are any; it is never given files. In the same chat. Fails as `send`
   * does, with `send-refused` where the message is gone or too old. It may be asked again whatever came of it: the same words again change nothing.
   */
  edit?(to: Address, ref: SentRef, message: Sendable): Promise<void>;
  /** Shows that an answer is being made; it leaves by itself within seconds. */
  typing?(to: Address): Promise<void>;
  /** Looks up a part whose sending has an unknown outcome. Without it such a part is marked "may have been sent". */
  reconcile?(to: Address, key: PartKey): Promise<SentRef | 'absent' | 'unknown'>;
  /**
   * Takes a request at `/hooks/<kind>/<account>`. Absent where the account has no secret to check one with: then there is no such address (R12). Called only
   * while the channel runs; checks the signature before anything else, and answers once what it brought is stored.
   */
  webhook?(request: WebhookRequest): Promise<WebhookAnswer>;
}

/** Whether what `Channel.send` threw says that it certainly did not arrive. */
export function isUnsent(error: unknown): boolean {
  return error instanceof CoPawError && (error.retryable || error.code === 'send-refused' || error.code === 'unauthenticated');
}

/** What may be asked of a channel that somebody else keeps connected. */
export type ChannelOutside = Omit<Channel, 'start' | 'stop'>;

/** Makes a fresh channel for one connection of an account. Nothing is connected before its `start`. */
export type ChannelFactory = (account: string) => Channel;

/** The way in, bound to one channel account: a channel cannot speak for another or promote a sender. */
export interface Inbox {
  /** Resolves when the event is durably stored; only then may the channel acknowledge upstream. `files`: of a message. Rejects once the connection was replaced. */
  receive(event: Inbound, files?: readonly IncomingFile[]): Promise<void>;
  /** The receive path saw traffic; empty polls and pings count. What a send brings about does not. */
  alive(): void;
}

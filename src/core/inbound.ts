// What a channel may hand to the inbox: each event with the platform's own ids, parsed and typed before it gets here.
import type { Sender } from './address.ts';

/** What the platform says of a voice note: said, recorded by its sender there and then; written, and what it says is in the words of the message already. */
export const voices = ['said', 'written'] as const;
export type Voice = (typeof voices)[number];

/** A file that came with a message, already stored below the agent's workspace through the path door. */
export interface Attachment {
  readonly name: string;
  /** IANA media type, as sniffed from the bytes where possible. */
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** Path relative to the workspace root, "/" separated. */
  readonly path: string;
  readonly voice?: Voice;
}

interface InboundBase {
  /** The platform's message or event id; with channel, account, chat and, but for messages, the kind it is the deduplication key. Two edits of one message have two. */
  readonly id: string;
  readonly chat: { readonly id: string; readonly kind: 'direct' | 'group'; readonly thread?: string };
  readonly sender: Sender;
  /** Milliseconds since the epoch, as the platform says. */
  readonly at: number;
}

export type Inbound = InboundBase &
  (
    | {
        readonly kind: 'message';
        readonly text: string;
        readonly attachments?: readonly Attachment[];
        /** It is addressed to this account. */
        readonly mentioned?: boolean;
        /** Platform id of the message it answers. */
        readonly replyTo?: string;
        /** Somebody else's words, passed on: never a command. */
        readonly forwarded?: boolean;
        /** A piece of several that were sent as one: the others are waited for. */
        readonly album?: true;
      }
    | { readonly kind: 'edit'; readonly target: string; readonly text: string }
    | { readonly kind: 'delete'; readonly target: string }
    | { readonly kind: 'reaction'; readonly target: string; readonly emoji: string; readonly added: boolean }
    | { readonly kind: 'choice'; readonly target: string; readonly value: string }
    | { readonly kind: 'command'; readonly name: string; readonly text: string; readonly mentioned?: boolean }
    /** Somebody came into the chat. `added`: the account itself, and the sender is who brought it there. */
    | { readonly kind: 'join'; readonly added?: true }
  );

/** The words somebody said. */
export type InboundMessage = Extract<Inbound, { kind: 'message' }>;

/** An inbound event stamped by the gateway with the account it really arrived on. The channel cannot choose these. */
export interface Envelope {
  /** Deduplication key: channel, account, chat, id. */
  readonly key: string;
  readonly channel: string;
  readonly account: string;
  readonly inbound: Inbound;
  /** Milliseconds since the epoch, by our clock. */
  readonly receivedAt: number;
  /** The turn whose changes of files it takes back, before anything else comes of it. Written down first: what a crash left undone is done at the next start. */
  readonly takesBack?: string;
}

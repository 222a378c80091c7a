// What a channel is tested against: a real server or a double of the platform on loopback, and the people there. Written once for each kind.
import type { Channel } from '../core/channel.ts';
import type { AnyChannelKind } from '../core/channel-kind.ts';

/** ana and ben are people, `self` is the account of CoPaw itself, `bot` another program. */
export type PlatformPerson = 'ana' | 'ben' | 'self' | 'bot';

export interface PlatformWords {
  /** Default: ana. */
  readonly from?: PlatformPerson;
  /** Default: the direct chat of whoever writes with CoPaw. */
  readonly where?: 'direct' | 'group';
  readonly text: string;
  /** It addresses CoPaw as the platform's own clients do. */
  readonly mention?: boolean;
  /** Id of the message it answers. */
  readonly replyTo?: string;
  /** Id of the thread it stands in. */
  readonly thread?: string;
  readonly forwarded?: boolean;
  readonly files?: readonly { readonly name: string; readonly bytes: Uint8Array; readonly mediaType?: string }[];
  /** How whoever writes is called there; no id. */
  readonly displayName?: string;
  /** Milliseconds since the epoch, where the platform says when; default: now. */
  readonly at?: number;
}

/** A message of CoPaw, as the platform's clients show it now. */
export interface ShownMessage {
  readonly id: string;
  readonly chat: string;
  readonly thread?: string;
  /** As it was sent: in the dialect of the channel. */
  readonly text: string;
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  /** What its buttons say and mean. */
  readonly choices: readonly { readonly label: string; readonly value: string }[];
  readonly edits: number;
}

/** How the platform answers the next send. broken: a 5xx; nothing is shown. lost: shown, and the answer never comes. busy: a 429. */
export type PlatformFault = 'unauthenticated' | 'forbidden' | 'busy' | 'broken' | 'lost';

export interface Platform {
  /** Of an account, as in config.json; secrets are `{ vault: name }`. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly ids: Readonly<Record<PlatformPerson, string>>;
  /** Chat ids, as an Inbound has them. */
  chat(where: 'direct' | 'group', person?: PlatformPerson): string;
  /** Somebody writes. Resolves with the platform's id of the message once the platform has it. */
  says(words: PlatformWords): Promise<string>;
  /** The message is delivered to CoPaw once more, as it was. */
  again?(id: string): Promise<void>;
  edits?(id: string, text: string, from?: PlatformPerson): Promise<void>;
  withdraws?(id: string, from?: PlatformPerson): Promise<void>;
  reacts?(id: string, emoji: string, from?: PlatformPerson): Promise<void>;
  /** Presses a button of a shown message. */
  presses?(id: string, value: string, from?: PlatformPerson): Promise<void>;
  /** Frames of a pressed button of this message whose members are of other types than the platform's. */
  oddPresses?(id: string): readonly string[];
  /** Somebody delivers this to CoPaw as it is, where the platform's frames come in: well signed, whatever it holds. */
  raw?(frame: string): Promise<void>;
  /** What CoPaw has sent, oldest first. */
  shown(): Promise<readonly ShownMessage[]> | readonly ShownMessage[];
  /** How the next sends end, one after the other; then well again. */
  next?(...faults: readonly PlatformFault[]): void;
  /** Where requests go, on a platform that calls CoPaw: to the `webhook` of this channel. */
  calls?(channel: Pick<Channel, 'webhook'>): void;
  /** From now on the credential of the account is not known, or known again. */
  knowsAccount(known: boolean): void | Promise<void>;
  /** Every connection of CoPaw breaks now; the platform stays. */
  cut?(): void | Promise<void>;
  /** Connections of CoPaw that are open now. */
  connections(): number | Promise<number>;
  /** Requests and frames of CoPaw that the platform's documentation does not allow: each is refused, and a test fails for it. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** What a kind has beside text in a direct chat. What is not said to be there is not tested, and shall not be in the channel's limits. */
export interface PlatformAbilities {
  readonly group?: boolean;
  readonly mention?: boolean;
  readonly thread?: boolean;
  readonly reply?: boolean;
  readonly forwarded?: boolean;
  /** Files come, files go. */
  readonly filesIn?: boolean;
  readonly filesOut?: boolean;
  readonly self?: boolean;
  readonly bot?: boolean;
  readonly editIn?: boolean;
  readonly deleteIn?: boolean;
  readonly reactionIn?: boolean;
  /** What CoPaw does not take is delivered again by the platform: on the same connection, or the next. */
  readonly redelivers?: boolean;
  /** A connection that breaks is taken up again within the same start, and brings what was said meanwhile. */
  readonly resumes?: boolean;
  /** A frame that is none is taken as words of ana. */
  readonly bareWords?: boolean;
  /** The credential is proved while connecting. */
  readonly login?: boolean;
  /** The double knows frames of presses that the platform would never send. */
  readonly oddPresses?: boolean;
  /** The double reads the markup of what is sent, and complains of what calls people, loads something or hides where a link leads. */
  readonly readsMarkup?: boolean;
  /** Messages have no ids there: the channel makes them. */
  readonly noIds?: boolean;
}

export interface ChannelWorld {
  readonly kind: AnyChannelKind;
  readonly can: PlatformAbilities;
  /** How the platform shows a text where it cannot show every one as it is: lines without empty ones, say. Default: as it is. */
  asShown?(text: string): string;
  open(): Promise<Platform>;
}

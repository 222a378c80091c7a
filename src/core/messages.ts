// The life of a message as the operator sees it: from its arrival over its turn to the receipt of the answer; and the way to have it tried again.
import type { Address, Origin, Sender } from './address.ts';
import type { Inbound } from './inbound.ts';
import type { InboxState, OutboxState, Turn } from './session.ts';
import type { SideEffect } from './tool.ts';

/** failed: its turn came to nothing (`failed`, `interrupted`, `cancelled`). waiting: nobody stopped it, and it waits for the person. */
export const inboxFilters = ['all', 'open', 'failed', 'refused', 'waiting'] as const;
export type InboxFilter = (typeof inboxFilters)[number];
/** open: on its way. dead: given up. unknown: may have been sent. waiting: of each answer with either, the first part, until the person lets it be. */
export const outboxFilters = ['all', 'open', 'dead', 'unknown', 'waiting'] as const;
export type OutboxFilter = (typeof outboxFilters)[number];

export interface MessagePage<Filter extends string> {
  readonly show: Filter;
  readonly limit: number;
  /** Only rows with a lower `seq`: the last one of the page before. */
  readonly before?: number;
}

/** One row of the inbox. All times are milliseconds since the epoch. */
export interface ArrivedMessage {
  readonly key: string;
  /** Absent where it was not read as part of a page. */
  readonly seq?: number;
  readonly state: InboxState;
  readonly channel: string;
  readonly account: string;
  readonly chat: Inbound['chat'];
  readonly sender: Sender;
  readonly kind: Inbound['kind'];
  readonly receivedAt: number;
  /** Why it was refused, for example "R9". */
  readonly rule?: string;
  readonly sessionId?: string;
  readonly turnId?: string;
  /** Key of the try that followed it; only in pages, and only where one did. */
  readonly nextTry?: string;
  /** The beginning of its text; empty where none was kept. */
  readonly text: string;
}

/** One part of an answer. */
export interface SentPart {
  readonly answerId: string;
  readonly part: number;
  readonly seq?: number;
  readonly sessionId: string;
  readonly to: Address;
  readonly state: OutboxState;
  readonly attempts: number;
  /** When it is tried next; only where it waits. */
  readonly nextAt?: number;
  /** The platform's receipt; "log" where the surface reads the log itself. */
  readonly ref?: string;
  /** The beginning of its text. */
  readonly text: string;
  readonly files: number;
}

export interface LifeStep {
  readonly kind: 'start' | 'model' | 'tool' | 'approval' | 'notice';
  /** When it began; of a model step, when it was written down whole. */
  readonly at: number;
  readonly endedAt?: number;
  /** Model, tool, code of a notice; of a start "started" or "resumed". */
  readonly name: string;
  /** How a tool call or an approval ended, or how grave a notice is; absent while nothing is known. */
  readonly outcome?: string;
  readonly sideEffect?: SideEffect;
  /** Tokens of a model step, the words of a notice, who answered an approval. */
  readonly detail?: string;
}

export interface LifeTurn extends Pick<Turn, 'id' | 'sessionId' | 'agentId' | 'answerId' | 'startedAt' | 'endedAt' | 'outcome'> {
  readonly origin: Origin;
  readonly steps: readonly LifeStep[];
}

export interface MessageLife {
  /** The message that was asked about, then others of the same turn. Empty where an answer belongs to none. */
  readonly messages: readonly ArrivedMessage[];
  /** Every try of the first message, oldest first; more than one once it was tried again. */
  readonly tries: readonly Pick<ArrivedMessage, 'key' | 'state' | 'receivedAt'>[];
  /** Why the first message cannot be tried again; absent where it can. */
  readonly noRetry?: string;
  readonly turn?: LifeTurn;
  readonly parts: readonly SentPart[];
}

export interface MessagesAdmin {
  /** Newest first. */
  inbox(page: MessagePage<InboxFilter>): Promise<readonly ArrivedMessage[]>;
  /** Rejects with `not-found`. */
  message(key: string): Promise<MessageLife>;
  /** Gives a message whose turn came to nothing a new turn, if its sender is still let in. Rejects with `conflict` or `forbidden`. */
  retryMessage(key: string): Promise<ArrivedMessage>;
  /** Whether the person lets it be: then it waits no more. Rejects with `not-found`. */
  settleMessage(key: string, settled: boolean): Promise<void>;
  /** Newest first. */
  outbox(page: MessagePage<OutboxFilter>): Promise<readonly SentPart[]>;
  answer(answerId: string): Promise<MessageLife>;
  /**
   * Sends a part again that was given up. One that may have been sent goes out again only with `evenIfSent`, unless its
   * platform says that it did not arrive; where the platform knows it, it only gets its receipt. Rejects with `conflict` or `forbidden`.
   */
  retryPart(answerId: string, part: number, evenIfSent: boolean): Promise<SentPart>;
  /** Whether the person lets the parts of this answer be, until one of them moves. Rejects with `not-found`. */
  settleAnswer(answerId: string, settled: boolean): Promise<void>;
}

// The durable nouns of the gateway: sessions, turns and their journal, inbox and outbox rows, jobs.
import type { Address, Origin, Sender } from './address.ts';
import type { Outgoing } from './channel.ts';
import type { Envelope } from './inbound.ts';
import type { Usage } from './model.ts';
import type { SideEffect } from './tool.ts';
import type { TurnOutcome } from './turn-event.ts';

/** One conversation with one agent. Ids route; they never authorize. All times are milliseconds since the epoch. */
export interface Session {
  readonly id: string;
  readonly agentId: string;
  /** `addressKey` of the address, with the agent: unique. */
  readonly key: string;
  readonly address: Address;
  readonly title: string;
  /** Untrusted text is in this session's context. */
  readonly tainted: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** What a message does that comes during a turn; absent: "steer". */
  readonly mode?: QueueMode;
  /** "provider/model" that answers here; absent: the agent's.  */
  readonly model?: string;
  /** Lists show it first. */
  readonly pinned?: true;
  /** Put away: lists leave it out until something is said in it again. */
  readonly archived?: true;
  readonly copiedFrom?: CopiedFrom;
}

/** Where the words came from that a session began with: a turn of another session, or a session in a file. */
export type CopiedFrom =
  | { readonly kind: 'fork'; readonly sessionId: string; readonly turnId: string }
  | { readonly kind: 'import'; readonly sessionId: string };

/** active: not archived. */
export const sessionFilters = ['all', 'active', 'pinned', 'archived'] as const;
export type SessionFilter = (typeof sessionFilters)[number];

/** What a person changes of a session. */
export interface SessionChange {
  readonly title?: string;
  readonly pinned?: boolean;
  readonly archived?: boolean;
  /** "provider/model" that answers from now on; null: the agent's. */
  readonly model?: string | null;
}

/**
 * steer: it joins the running turn before its next step. queue: it gets a turn of its own afterwards. collect: all that came meanwhile
 * share the next turn. interrupt: the running turn is stopped.
 */
export type QueueMode = (typeof queueModes)[number];

export const queueModes = ['steer', 'queue', 'collect', 'interrupt'] as const;

/** Life of an accepted message. `accepted` and `assigned` are open; the rest is terminal (see TurnOutcome). */
export type InboxState = 'accepted' | 'assigned' | TurnOutcome;

export interface InboxRow {
  readonly key: string;
  readonly envelope: Envelope;
  readonly state: InboxState;
  readonly sessionId?: string;
  readonly turnId?: string;
  /** Boundary rule of a refusal, for example "R9". Of a refused stranger the envelope's text is not kept. */
  readonly rule?: string;
  readonly receivedAt: number;
}

export interface Turn {
  readonly id: string;
  readonly sessionId: string;
  readonly agentId: string;
  /** The reply address, captured at accept. */
  readonly address: Address;
  readonly origin: Origin;
  readonly sender: Sender;
  readonly answerId: string;
  /** Undefined while the turn is open. */
  readonly outcome?: TurnOutcome;
  readonly startedAt: number;
  readonly endedAt?: number;
}

/** One line of the turn journal. A step that is `started` and not `finished` was in flight when the process died. */
export interface Step {
  readonly turnId: string;
  readonly kind: 'model' | 'tool';
  /** Model step number as text, or the tool call id. Unique in the turn per kind. */
  readonly ref: string;
  readonly sideEffect: SideEffect;
  readonly state: 'started' | 'finished';
  readonly at: number;
}

/** `sending`: handed to the channel, no receipt yet. `unknown`: may have been sent; never blindly resent. `dead`: given up, shown. */
export type OutboxState = 'pending' | 'sending' | 'sent' | 'unknown' | 'dead';

export interface OutboxRow {
  readonly answerId: string;
  readonly part: number;
  readonly sessionId: string;
  readonly address: Address;
  readonly outgoing: Outgoing;
  readonly state: OutboxState;
  readonly attempts: number;
  readonly nextAt: number;
  /** The platform's receipt. */
  readonly ref?: string;
}

/** The message that shows an answer while it is made: written down before it is sent, gone once the answer's first part has taken its place. */
export interface Preview {
  readonly answerId: string;
  readonly address: Address;
  /** The platform's receipt; absent: it is on its way, or nobody knows what became of it. */
  readonly ref?: string;
}

/** A one-shot reminder: durable, fires at most once, delivered to the conversation it came from. */
export interface Job {
  readonly id: string;
  readonly agentId: string;
  readonly sessionId: string;
  readonly address: Address;
  readonly dueAt: number;
  readonly text: string;
  readonly state: 'scheduled' | 'fired' | 'cancelled';
  readonly createdAt: number;
}

/** One row per provider call. */
export interface UsageRow {
  readonly turnId: string;
  readonly sessionId: string;
  readonly agentId: string;
  readonly model: string;
  readonly usage: Usage;
  /** Of a call that wrote speech down: how long that was; 0 where nobody knows. */
  readonly seconds?: number;
  /** US dollars; undefined when the price is not known. */
  readonly cost?: number;
  readonly at: number;
}

// What happens in a turn, as everyone sees it: console, CLI, delivery, audit and tests are all subscribers of these events.
import type { Origin, Sender } from './address.ts';
import type { Compaction } from './compaction.ts';
import type { ErrorCode } from './error.ts';
import type { Attachment } from './inbound.ts';
import type { ToolCall, Usage } from './model.ts';
import type { Approval, ApprovalDecision } from './policy.ts';

export interface UserMessage {
  readonly role: 'user';
  /** Inbox key, or a generated id for a steered note. */
  readonly id: string;
  readonly text: string;
  readonly attachments: readonly Attachment[];
  readonly sender: Sender;
  readonly origin: Origin;
  /** It was passed on: the words are somebody else's. */
  readonly forwarded?: true;
  /** It came in a file of conversations: no address it holds was named by a person here. */
  readonly imported?: true;
  /** It says what was said in a sound file of the turn, by its path, as a model wrote it down; failed: why nobody could. Never a command. */
  readonly heard?: { readonly path: string; readonly failed?: true };
}

export interface AssistantMessage {
  readonly role: 'assistant';
  /** The answer id of the turn; a repeated model call replaces the draft under the same id and step. */
  readonly id: string;
  readonly step: number;
  readonly text: string;
  readonly thinking?: string;
  readonly toolCalls: readonly ToolCall[];
  readonly files?: readonly Attachment[];
  /** "provider/model" that answered; undefined for texts CoPaw wrote itself (reminders, commands). */
  readonly model?: string;
  readonly usage?: Usage;
  readonly echo?: unknown;
}

/** How a tool call ended. `unknown`: interrupted by a crash, it may have happened. */
export type ToolOutcome = 'ok' | 'failed' | 'denied' | 'cancelled' | 'unknown';

/** The terminal state of a turn and of the messages in it. */
export type TurnOutcome = 'answered' | 'cancelled' | 'refused' | 'interrupted' | 'failed';

/** Kept in the session for ever, in order. */
export type DurableEvent =
  | {
      readonly type: 'turn-start';
      readonly origin: Origin;
      readonly answerId: string;
      readonly resumed: boolean;
      /** Name of the chat command this turn only answers. The model does not see such turns. */
      readonly command?: string;
    }
  /** The person took back an earlier turn of this session: it stays in the log, and the model does not see it any more. */
  | { readonly type: 'turn-undone'; readonly target: string }
  /** Earlier messages are summed up for the model from here on. They stay in the log. */
  | ({ readonly type: 'compaction' } & Compaction)
  /** That compaction counts no more: the model sees the messages themselves again. */
  | { readonly type: 'compaction-undone'; readonly target: string }
  | { readonly type: 'message'; readonly message: UserMessage | AssistantMessage }
  | { readonly type: 'tool-start'; readonly callId: string; readonly name: string; readonly args: unknown }
  | { readonly type: 'approval-request'; readonly callId: string; readonly approval: Approval }
  | {
      readonly type: 'approval-answer';
      readonly callId: string;
      readonly approvalId: string;
      readonly decision: ApprovalDecision | 'expired';
      readonly by?: string;
    }
  | {
      readonly type: 'tool-end';
      readonly callId: string;
      readonly name: string;
      readonly outcome: ToolOutcome;
      /** What the model reads: capped, redacted. */
      readonly text: string;
      /** Workspace path of the full text when it was capped. */
      readonly fullText?: string;
      readonly diff?: string;
      readonly files?: readonly Attachment[];
      readonly images?: readonly { readonly path: string; readonly mediaType: string }[];
      readonly tainted?: boolean;
      /** Paths whose earlier content was kept: an undo of the turn gives it back. */
      readonly changed?: readonly string[];
      /** Addresses the text was fetched from, the asked one first. */
      readonly fetched?: readonly string[];
      /** Boundary rule or error code of a refusal. */
      readonly code?: string;
    }
  | {
      readonly type: 'notice';
      readonly level: 'info' | 'warning' | 'error';
      readonly code: ErrorCode | 'retry' | 'truncated' | 'compaction' | 'not-saved' | 'model-gone' | 'images-refused';
      readonly text: string;
      readonly next?: string;
      readonly reference?: string;
    }
  | {
      readonly type: 'turn-end';
      readonly outcome: TurnOutcome;
      readonly answerId: string;
      readonly usage: Usage;
      readonly cost?: number;
      readonly model?: string;
    };

/** Only live: what is lost by not looking is in the durable event that follows. */
export type PassingEvent =
  | { readonly type: 'text-delta'; readonly step: number; readonly text: string }
  | { readonly type: 'thinking-delta'; readonly step: number; readonly text: string }
  /** The draft of this step is void; it starts again. */
  | { readonly type: 'draft-reset'; readonly step: number }
  | { readonly type: 'tool-progress'; readonly callId: string; readonly text: string };

export type TurnEvent = DurableEvent | PassingEvent;

/**
 * An event with its place. `id` is "<seq>" for durable events and "<seq>.<n>" for passing ones (n counts from 1 after
 * the durable event `seq`); ordering ids numerically orders events. Resume a stream by the last id seen.
 */
export type PlacedEvent = TurnEvent & { readonly id: string; readonly sessionId: string; readonly turnId: string; readonly at: number };

/** A durable event as stored. `seq` grows by one or more, unique over all sessions. */
export interface Entry {
  readonly seq: number;
  readonly sessionId: string;
  readonly turnId: string;
  readonly at: number;
  readonly event: DurableEvent;
}

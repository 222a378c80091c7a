// What one conversation on the screen is made of: the shapes alone, for those who fold and those who draw.

import type { Approval, ApprovalDecision, PlacedEvent, ToolOutcome, TurnOutcome, UploadBody, UserMessage } from '../../../src/http/contract.ts';
import type { Trouble } from './api.ts';

export type Attachment = UserMessage['attachments'][number];

export interface Heard {
  readonly path: string;
  readonly text: string;
  readonly failed: boolean;
}

/** Where an item stands, and in which turn. */
export interface Place {
  readonly key: string;
  readonly at: number;
  readonly turnId: string;
  /** Its turn only answers a chat command. */
  readonly command?: boolean;
  /** The person took its turn back. */
  readonly undone?: boolean;
}

export interface UserItem extends Place {
  readonly kind: 'user';
  readonly text: string;
  readonly attachments: readonly Attachment[];
  /** What is said in sound files of it, or why nobody could write it down. */
  readonly heard?: readonly Heard[];
}

export interface AnswerItem extends Place {
  readonly kind: 'answer';
  readonly step: number;
  readonly text: string;
  readonly thinking: string;
  /** Still being written. */
  readonly draft: boolean;
  readonly model?: string;
  readonly files: readonly Attachment[];
  /** What its whole turn used; on the last answer of the turn, once it has ended. */
  readonly spent?: { readonly tokens: number; readonly cost?: number /** Milliseconds from its first message on. */; readonly ms: number };
}

export interface ToolItem extends Place {
  readonly kind: 'tool';
  readonly callId: string;
  readonly name: string;
  readonly args: unknown;
  readonly state: 'waiting' | 'running' | ToolOutcome;
  /** Live output, the newest part of it. */
  readonly progress: string;
  readonly text: string;
  readonly fullText?: string;
  readonly diff?: string;
  readonly code?: string;
  readonly files: readonly Attachment[];
  /** Paths of pictures that it looked at. */
  readonly pictures?: readonly string[];
  /** It changed files, and what they held is kept. */
  readonly changed?: boolean;
}

export interface ApprovalItem extends Place {
  readonly kind: 'approval';
  readonly approval: Approval;
  /** Undefined while it waits for an answer. */
  readonly decision?: ApprovalDecision | 'expired';
  readonly by?: string;
}

export interface NoticeItem extends Place {
  readonly kind: 'notice';
  readonly level: 'info' | 'warning' | 'error';
  readonly code: string;
  readonly text: string;
  readonly next?: string;
  readonly reference?: string;
}

/** Earlier messages were summed up for the model here. */
export interface CompactionItem extends Place, Pick<CompactionEvent, 'counts' | 'summary' | 'anchors' | 'how' | 'why' | 'model' | 'focus' | 'compactionId'> {
  readonly kind: 'compaction';
  readonly sessionId: string;
  /** The person undid it: it counts no more. */
  readonly takenBack: boolean;
}
type CompactionEvent = Extract<PlacedEvent, { type: 'compaction' }>;

/** A turn that ended in another way than an answer. */
export interface EndItem extends Place {
  readonly kind: 'end';
  readonly outcome: Exclude<TurnOutcome, 'answered'>;
}

export type Item = UserItem | AnswerItem | ToolItem | ApprovalItem | NoticeItem | CompactionItem | EndItem;

/** A message typed here that has not come back in the stream yet. */
export interface Outgoing {
  readonly messageId: string;
  readonly text: string;
  /** Uploads that go with it. */
  readonly files: readonly Pick<UploadBody, 'id' | 'name'>[];
  /** waiting: it goes out by itself. failed, other-login: refused, or written under another login; it goes out when the person says so. */
  readonly state: 'sending' | 'waiting' | 'accepted' | 'failed' | 'other-login';
  /** Why it waits or was refused. */
  readonly problem?: Trouble;
}

export interface ChatState {
  readonly items: readonly Item[];
  readonly outgoing: readonly Outgoing[];
  /** Turns that have started and not ended. */
  readonly openTurns: readonly string[];
  /** Those of them that only answer a chat command. */
  readonly commandTurns: readonly string[];
  /** Of each open turn whose beginning is here: how many items there were before it. */
  readonly starts: ReadonlyMap<string, number>;
  /** Durable events as they came, to build from again when older ones are loaded. */
  readonly log: readonly PlacedEvent[];
  /** Id of the newest event seen; a stream resumes after it. */
  readonly lastId: string;
}

// One conversation as the screen shows it: a pure fold over placed events, plus what was typed here and is still on its way.
import type { Approval, ApprovalDecision, PlacedEvent, ToolOutcome, TurnOutcome, UploadBody, UserMessage } from '../../../src/http/contract.ts';
import { foldEvents } from './chat-fold.ts';
import { compareIds } from './compare-ids.ts';

export type Attachment = UserMessage['attachments'][number];

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
  readonly files: readonly UploadBody[];
  readonly state: 'sending' | 'accepted' | 'failed';
  readonly problem?: string;
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

export type ChatAction =
  | { readonly type: 'events'; readonly events: readonly PlacedEvent[] }
  /** Older durable events than any in the log. */
  | { readonly type: 'earlier'; readonly events: readonly PlacedEvent[] }
  /** The newest page as it is now: what is older than that is not in the conversation any more. */
  | { readonly type: 'again'; readonly events: readonly PlacedEvent[] }
  | { readonly type: 'sending'; readonly messageId: string; readonly text: string; readonly files: readonly UploadBody[] }
  | { readonly type: 'accepted'; readonly messageId: string }
  | { readonly type: 'failed'; readonly messageId: string; readonly problem: string }
  | { readonly type: 'dropped'; readonly messageId: string };

export const emptyChat: ChatState = { items: [], outgoing: [], openTurns: [], commandTurns: [], starts: new Map(), log: [], lastId: '0' };

export function chatReducer(state: ChatState, action: ChatAction): ChatState {
  switch (action.type) {
    case 'events':
      return foldEvents(state, action.events);
    case 'earlier': {
      const known = new Set(state.log.map((event) => event.id));
      return rebuild(state, [...action.events.filter((event) => !known.has(event.id)), ...state.log]);
    }
    case 'again': {
      const newest = action.events.at(-1)?.id ?? '0';
      return rebuild(state, [...action.events, ...state.log.filter((event) => compareIds(event.id, newest) > 0)]);
    }
    case 'sending': {
      const others = state.outgoing.filter((message) => message.messageId !== action.messageId);
      return { ...state, outgoing: [...others, { messageId: action.messageId, text: action.text, files: action.files, state: 'sending' }] };
    }
    case 'accepted':
      return { ...state, outgoing: state.outgoing.map((message) => (message.messageId === action.messageId ? { ...message, state: 'accepted' } : message)) };
    case 'failed':
      return {
        ...state,
        outgoing: state.outgoing.map((message) =>
          message.messageId === action.messageId ? { ...message, state: 'failed', problem: action.problem } : message,
        ),
      };
    case 'dropped':
      return { ...state, outgoing: state.outgoing.filter((message) => message.messageId !== action.messageId) };
  }
}

/** The same conversation from this log; what has only passed by stays while its turn is open. */
function rebuild(state: ChatState, log: readonly PlacedEvent[]): ChatState {
  const rebuilt = foldEvents({ ...emptyChat, outgoing: state.outgoing }, log);
  const drafts = state.items.filter((item) => item.kind === 'answer' && item.draft && rebuilt.openTurns.includes(item.turnId));
  return { ...rebuilt, items: [...rebuilt.items, ...drafts], lastId: compareIds(rebuilt.lastId, state.lastId) < 0 ? state.lastId : rebuilt.lastId };
}

/** The key of the newest compaction that counts: the one that can be taken back. */
export function newestCompaction(items: readonly Item[]): string | undefined {
  return items.findLast((item) => item.kind === 'compaction' && !item.takenBack)?.key;
}

/** By the key of the last item of each turn that has ended, changed files and was not taken back: that turn. */
export function changedTurns(items: readonly Item[], openTurns: readonly string[]): ReadonlyMap<string, string> {
  const changed = new Set<string>();
  for (const item of items) if (item.kind === 'tool' && item.changed && !item.undone) changed.add(item.turnId);
  for (const turnId of openTurns) changed.delete(turnId);
  const last = new Map<string, string>();
  if (changed.size > 0) for (const item of items) if (changed.has(item.turnId)) last.set(item.turnId, item.key);
  return new Map([...last].map(([turnId, key]) => [key, turnId]));
}

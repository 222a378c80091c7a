// One conversation as the screen shows it: a pure fold over placed events, plus what was typed here and is still on its way.
import type { Approval, ApprovalDecision, AssistantMessage, PlacedEvent, ToolOutcome, TurnOutcome, UserMessage } from '../../../src/http/contract.ts';

export type Attachment = UserMessage['attachments'][number];

/** Where an item stands, and in which turn. */
interface Place {
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
  readonly spent?: { readonly tokens: number; readonly cost?: number };
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
  | { readonly type: 'sending'; readonly messageId: string; readonly text: string }
  | { readonly type: 'accepted'; readonly messageId: string }
  | { readonly type: 'failed'; readonly messageId: string; readonly problem: string }
  | { readonly type: 'dropped'; readonly messageId: string };

export const emptyChat: ChatState = { items: [], outgoing: [], openTurns: [], commandTurns: [], log: [], lastId: '0' };

/** Characters of live tool output kept on the screen. */
const mostProgress = 20_000;

export function chatReducer(state: ChatState, action: ChatAction): ChatState {
  switch (action.type) {
    case 'events':
      return action.events.reduce(applyEvent, state);
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
      return { ...state, outgoing: [...others, { messageId: action.messageId, text: action.text, state: 'sending' }] };
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

/** Orders event ids: "<seq>" before "<seq>.1" before "<seq>.2". */
export function compareIds(a: string, b: string): number {
  const [aSeq = 0, aPassing = 0] = a.split('.').map(Number);
  const [bSeq = 0, bPassing = 0] = b.split('.').map(Number);
  return aSeq - bSeq || aPassing - bPassing;
}

/** The same conversation from this log; what has only passed by stays while its turn is open. */
function rebuild(state: ChatState, log: readonly PlacedEvent[]): ChatState {
  const rebuilt = log.reduce(applyEvent, { ...emptyChat, outgoing: state.outgoing });
  const drafts = state.items.filter((item) => item.kind === 'answer' && item.draft && rebuilt.openTurns.includes(item.turnId));
  return { ...rebuilt, items: [...rebuilt.items, ...drafts], lastId: compareIds(rebuilt.lastId, state.lastId) < 0 ? state.lastId : rebuilt.lastId };
}

/** An event seen before, or older than what was seen, changes nothing. */
function applyEvent(state: ChatState, event: PlacedEvent): ChatState {
  if (compareIds(event.id, state.lastId) <= 0) return state;
  const log = event.id.includes('.') ? state.log : [...state.log, event];
  return reduceEvent({ ...state, log, lastId: event.id }, event);
}

function reduceEvent(state: ChatState, event: PlacedEvent): ChatState {
  const { items } = state;
  const { id: key, at, turnId } = event;
  const place: Place = { key, at, turnId, ...(state.commandTurns.includes(turnId) ? { command: true } : {}) };
  const add = (item: Item): ChatState => ({ ...state, items: [...items, item] });
  switch (event.type) {
    case 'turn-start':
      return {
        ...state,
        openTurns: withTurn(state.openTurns, turnId),
        ...(event.command === undefined ? {} : { commandTurns: withTurn(state.commandTurns, turnId) }),
      };
    case 'message':
      return event.message.role === 'user' ? addUser(state, event.message, place) : addAnswer(state, event.message, place);
    case 'text-delta':
    case 'thinking-delta': {
      const index = items.findLastIndex((item) => item.kind === 'answer' && item.draft && item.turnId === turnId && item.step === event.step);
      const found = items[index];
      const draft: AnswerItem =
        found?.kind === 'answer'
          ? found
          : { kind: 'answer', ...place, key: `${turnId}:${event.step}`, step: event.step, text: '', thinking: '', draft: true, files: [] };
      const grown = event.type === 'text-delta' ? { ...draft, text: draft.text + event.text } : { ...draft, thinking: draft.thinking + event.text };
      return index < 0 ? add(grown) : { ...state, items: items.with(index, grown) };
    }
    case 'turn-undone':
      return { ...state, items: items.map((item) => (item.turnId === event.target ? { ...item, undone: true } : item)) };
    case 'compaction': {
      const { type: _, id: _id, turnId: _turn, through: _through, request: _request, urls: _urls, usage: _usage, ...shown } = event;
      return add({ kind: 'compaction', ...shown, ...place, takenBack: false });
    }
    case 'compaction-undone':
      return {
        ...state,
        items: items.map((item) => (item.kind === 'compaction' && item.compactionId === event.target ? { ...item, takenBack: true } : item)),
      };
    case 'draft-reset':
      return { ...state, items: items.filter((item) => !(item.kind === 'answer' && item.draft && item.turnId === turnId && item.step === event.step)) };
    case 'tool-start':
      return putTool(state, event.callId, event.name, place, (tool) => ({ ...tool, args: event.args, state: 'running' }));
    case 'tool-progress':
      return putTool(state, event.callId, '', place, (tool) => ({ ...tool, progress: (tool.progress + event.text).slice(-mostProgress) }));
    case 'tool-end':
      return putTool(state, event.callId, event.name, place, (tool) => ({
        ...tool,
        state: event.outcome,
        text: event.text,
        files: event.files ?? [],
        ...(event.fullText === undefined ? {} : { fullText: event.fullText }),
        ...(event.diff === undefined ? {} : { diff: event.diff }),
        ...(event.changed === undefined ? {} : { changed: true }),
        ...(event.code === undefined ? {} : { code: event.code }),
      }));
    case 'approval-request':
      return add({ kind: 'approval', ...place, approval: event.approval });
    case 'approval-answer':
      return {
        ...state,
        items: items.map((item) =>
          item.kind === 'approval' && item.approval.id === event.approvalId
            ? { ...item, decision: event.decision, ...(event.by === undefined ? {} : { by: event.by }) }
            : item,
        ),
      };
    case 'notice':
      return add({
        kind: 'notice',
        ...place,
        level: event.level,
        code: event.code,
        text: event.text,
        ...(event.next === undefined ? {} : { next: event.next }),
        ...(event.reference === undefined ? {} : { reference: event.reference }),
      });
    case 'turn-end': {
      const closed = addSpent(
        items.flatMap((item): Item[] => closeItem(item, turnId)),
        event,
      );
      const end: Item[] = event.outcome === 'answered' ? [] : [{ kind: 'end', ...place, outcome: event.outcome }];
      return { ...state, items: [...closed, ...end], openTurns: withoutTurn(state.openTurns, turnId), commandTurns: withoutTurn(state.commandTurns, turnId) };
    }
  }
}

const withTurn = (turns: readonly string[], turnId: string): readonly string[] => (turns.includes(turnId) ? turns : [...turns, turnId]);
const withoutTurn = (turns: readonly string[], turnId: string): readonly string[] => turns.filter((one) => one !== turnId);

function addUser(state: ChatState, message: UserMessage, place: Place): ChatState {
  // The message id is the last part of the inbox key.
  const outgoing = state.outgoing.filter(({ messageId }) => message.id.split(':').at(-1) !== encodeURIComponent(messageId));
  return { ...state, outgoing, items: [...state.items, { kind: 'user', ...place, text: message.text, attachments: message.attachments }] };
}

function addAnswer(state: ChatState, message: AssistantMessage, place: Place): ChatState {
  const { turnId } = place;
  const index = state.items.findLastIndex((item) => item.kind === 'answer' && item.turnId === turnId && item.step === message.step);
  const answer: AnswerItem = {
    kind: 'answer',
    ...place,
    key: `${turnId}:${message.step}`,
    step: message.step,
    text: message.text,
    thinking: message.thinking ?? '',
    draft: false,
    files: message.files ?? [],
    ...(message.model === undefined ? {} : { model: message.model }),
  };
  const items = index < 0 ? [...state.items, answer] : state.items.with(index, answer);
  const calls = message.toolCalls.map(
    (call, position): ToolItem => ({
      ...emptyTool,
      ...place,
      key: `${place.key}:${position}`,
      callId: call.id,
      name: call.name,
      args: call.input ?? call.broken,
    }),
  );
  return { ...state, items: [...items, ...calls] };
}

const emptyTool = { kind: 'tool', args: undefined, state: 'waiting', progress: '', text: '', files: [] } as const;

/** Changes the latest unfinished call with this id, or adds it: its message may be on a page that is not loaded. */
function putTool(state: ChatState, callId: string, name: string, place: Place, change: (tool: ToolItem) => ToolItem): ChatState {
  const { turnId } = place;
  const index = state.items.findLastIndex(
    (item) => item.kind === 'tool' && item.turnId === turnId && item.callId === callId && (item.state === 'waiting' || item.state === 'running'),
  );
  const found = state.items[index];
  if (found?.kind === 'tool') return { ...state, items: state.items.with(index, change(found)) };
  return name === '' ? state : { ...state, items: [...state.items, change({ ...emptyTool, ...place, callId, name })] };
}

/** What a turn leaves open when it ends: drafts become text or vanish, calls did not happen, questions are void. */
function closeItem(item: Item, turnId: string): Item[] {
  if (item.turnId !== turnId) return [item];
  if (item.kind === 'answer' && item.draft) return item.text === '' ? [] : [{ ...item, draft: false }];
  if (item.kind === 'tool' && (item.state === 'waiting' || item.state === 'running')) return [{ ...item, state: 'cancelled' }];
  if (item.kind === 'approval' && item.decision === undefined) return [{ ...item, decision: 'expired' }];
  return [item];
}

function addSpent(items: readonly Item[], { turnId, usage, cost }: Extract<PlacedEvent, { type: 'turn-end' }>): readonly Item[] {
  const index = items.findLastIndex((item) => item.kind === 'answer' && item.turnId === turnId);
  const answer = items[index];
  const tokens = usage.input + usage.output;
  if (answer?.kind !== 'answer' || tokens === 0) return items;
  return items.with(index, { ...answer, spent: { tokens, ...(cost === undefined ? {} : { cost }) } });
}

/** The key of the newest compaction that counts: the one that can be taken back. */
export function newestCompaction(items: readonly Item[]): string | undefined {
  return items.findLast((item) => item.kind === 'compaction' && !item.takenBack)?.key;
}

/** By the key of the last item of each turn that has ended, changed files and was not taken back: that turn. */
export function changedTurns(items: readonly Item[], openTurns: readonly string[]): ReadonlyMap<string, string> {
  const changed = new Set(items.flatMap((item) => (item.kind === 'tool' && item.changed && !item.undone ? [item.turnId] : [])));
  for (const turnId of openTurns) changed.delete(turnId);
  const last = new Map(items.flatMap((item) => (changed.has(item.turnId) ? [[item.turnId, item.key] as const] : [])));
  return new Map([...last].map(([turnId, key]) => [key, turnId]));
}

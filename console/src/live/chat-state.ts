// One conversation as the screen shows it: a pure fold over placed events, plus what was typed here and is still on its way.
import type { PlacedEvent } from '../../../src/http/contract.ts';
import type { Trouble } from './api.ts';
import { foldEvents } from './chat-fold.ts';
import type { ChatState, Item, Outgoing } from './chat-items.ts';
import { compareIds } from './compare-ids.ts';

export type ChatAction =
  | { readonly type: 'events'; readonly events: readonly PlacedEvent[] }
  /** Older durable events than any in the log. */
  | { readonly type: 'earlier'; readonly events: readonly PlacedEvent[] }
  /** The newest page as it is now: what is older than that is not in the conversation any more. */
  | { readonly type: 'again'; readonly events: readonly PlacedEvent[] }
  | { readonly type: 'sending'; readonly messageId: string; readonly text: string; readonly files: Outgoing['files'] }
  | { readonly type: 'accepted' | 'waiting' | 'failed' | 'other-login'; readonly messageId: string; readonly problem?: Trouble }
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
      const message = { messageId: action.messageId, text: action.text, files: action.files, state: 'sending' } as const;
      const index = state.outgoing.findIndex(({ messageId }) => messageId === action.messageId);
      return { ...state, outgoing: index < 0 ? [...state.outgoing, message] : state.outgoing.with(index, message) };
    }
    case 'accepted':
    case 'waiting':
    case 'failed':
    case 'other-login': {
      const { type, messageId, problem } = action;
      const now = ({ problem: _, ...message }: Outgoing): Outgoing => ({ ...message, state: type, ...(problem === undefined ? {} : { problem }) });
      return { ...state, outgoing: state.outgoing.map((message) => (message.messageId === messageId ? now(message) : message)) };
    }
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

/** Nothing of its turn comes after it, however that ended: here it can be asked again. The words of commands are no turn to go back to. */
export function endsTurn(item: Item, next: Item | undefined, openTurns: readonly string[]): boolean {
  if (item.command || item.undone || next?.turnId === item.turnId || openTurns.includes(item.turnId)) return false;
  return item.kind === 'answer' || item.kind === 'end' || (item.kind === 'notice' && item.level === 'error');
}

/** A step of a turn that only called tools, or an end that the notice before it has explained. */
export function isEmpty(item: Item, previous: Item | undefined): boolean {
  if (item.kind === 'end') return item.outcome === 'failed' && previous?.kind === 'notice' && previous.level === 'error';
  return item.kind === 'answer' && item.text === '' && item.thinking === '' && item.files.length === 0;
}

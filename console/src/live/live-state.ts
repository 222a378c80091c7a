// All that the console knows of the running CoPaw, as a pure fold: conversations opened here, and marks for all the others.
import type { Approval, Commands, OperatorStatus, PlacedEvent, SessionSummary } from '../../../src/http/contract.ts';
import type { Trouble } from './api.ts';
import type { ChatState } from './chat-items.ts';
import { type ChatAction, chatReducer, emptyChat } from './chat-state.ts';

export interface Chat {
  /** loading: the newest page of the history is on its way; events wait until it is there. */
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly problem?: Trouble;
  readonly state: ChatState;
  readonly waitingEvents: readonly PlacedEvent[];
  readonly hasEarlier: boolean;
  readonly loadingEarlier: boolean;
}

export interface LiveState {
  readonly connection: 'connecting' | 'open' | 'lost';
  /** Undefined until they were asked for. */
  readonly sessions: readonly SessionSummary[] | undefined;
  /** Deleted here in a moment, unless that is taken back. */
  readonly leaving: ReadonlySet<string>;
  /** A turn that was looked for: the page goes there once it is shown. */
  readonly goal: { readonly sessionId: string; readonly turnId: string } | undefined;
  /** There are older ones than these. */
  readonly moreSessions: boolean;
  /** Sessions in which a turn runs. */
  readonly running: ReadonlySet<string>;
  /** Approvals that wait for a person, by id, oldest first. */
  readonly asking: ReadonlyMap<string, Approval>;
  /** What the newest call of a model failed with; undefined once one has answered. */
  readonly modelTrouble: Trouble | undefined;
  readonly chats: ReadonlyMap<string, Chat>;
  /** Models of conversations that have not begun. */
  readonly picked: ReadonlyMap<string, string>;
  readonly status: OperatorStatus | undefined;
  /** What a conversation understands behind a "/"; undefined until it was asked for. */
  readonly commands: Commands['commands'] | undefined;
}

export type LiveAction =
  | { readonly type: 'connection'; readonly connection: LiveState['connection'] }
  | { readonly type: 'sessions'; readonly sessions: readonly SessionSummary[]; readonly hasMore: boolean }
  | { readonly type: 'leaving'; readonly sessionId: string; readonly leaves: boolean }
  | { readonly type: 'gone'; readonly sessionId: string }
  | { readonly type: 'goal'; readonly goal: LiveState['goal'] }
  | { readonly type: 'approvals'; readonly approvals: readonly Approval[] }
  | { readonly type: 'picked'; readonly sessionId: string; readonly ref: string | null }
  | { readonly type: 'status'; readonly status: OperatorStatus }
  | { readonly type: 'commands'; readonly commands: Commands['commands'] }
  | { readonly type: 'events'; readonly events: readonly PlacedEvent[] }
  | { readonly type: 'chat-opened'; readonly sessionId: string; readonly fresh: boolean }
  | { readonly type: 'chat-loaded'; readonly sessionId: string; readonly events: readonly PlacedEvent[]; readonly hasEarlier: boolean }
  | { readonly type: 'chat-again'; readonly sessionId: string; readonly events: readonly PlacedEvent[]; readonly hasEarlier: boolean }
  | { readonly type: 'chat-failed'; readonly sessionId: string; readonly problem: Trouble }
  | { readonly type: 'earlier-asked'; readonly sessionId: string }
  | { readonly type: 'earlier-loaded'; readonly sessionId: string; readonly events: readonly PlacedEvent[]; readonly hasEarlier: boolean }
  | { readonly type: 'chat'; readonly sessionId: string; readonly action: ChatAction };

export const emptyLive: LiveState = {
  connection: 'connecting',
  sessions: undefined,
  leaving: new Set(),
  goal: undefined,
  moreSessions: false,
  running: new Set(),
  asking: new Map(),
  modelTrouble: undefined,
  chats: new Map(),
  picked: new Map(),
  status: undefined,
  commands: undefined,
};

/** Conversations kept in memory; the ones opened longest ago go first. */
const mostChats = 12;

export function liveReducer(state: LiveState, action: LiveAction): LiveState {
  switch (action.type) {
    case 'connection':
      return { ...state, connection: action.connection };
    case 'sessions':
      return {
        ...state,
        sessions: action.sessions,
        moreSessions: action.hasMore,
        running: new Set(action.sessions.filter((session) => session.running).map((session) => session.id)),
      };
    case 'leaving': {
      const leaving = new Set(state.leaving);
      if (action.leaves) leaving.add(action.sessionId);
      else leaving.delete(action.sessionId);
      return { ...state, leaving };
    }
    case 'gone': {
      const [chats, leaving] = [new Map(state.chats), new Set(state.leaving)];
      chats.delete(action.sessionId);
      leaving.delete(action.sessionId);
      const sessions = state.sessions?.filter(({ id }) => id !== action.sessionId);
      return { ...state, chats, leaving, sessions };
    }
    case 'goal':
      return { ...state, goal: action.goal };
    case 'approvals':
      return { ...state, asking: new Map(action.approvals.map((approval) => [approval.id, approval])) };
    case 'picked': {
      const picked = new Map(state.picked);
      if (action.ref === null) picked.delete(action.sessionId);
      else picked.set(action.sessionId, action.ref);
      return { ...state, picked };
    }
    case 'status':
      return { ...state, status: action.status };
    case 'commands':
      return { ...state, commands: action.commands };
    case 'events':
      return action.events.reduce(applyMarks, applyToChats(state, action.events));
    case 'chat-opened': {
      const chats = new Map(state.chats);
      for (const [id, chat] of state.chats) if (chats.size >= mostChats && chat.state.outgoing.length === 0) chats.delete(id);
      return { ...state, chats: chats.set(action.sessionId, { ...emptyOpened, phase: action.fresh ? 'ready' : 'loading' }) };
    }
    case 'chat-loaded':
      return change(state, action.sessionId, (chat) => ({
        ...chat,
        phase: 'ready',
        hasEarlier: action.hasEarlier,
        waitingEvents: [],
        state: [action.events, chat.waitingEvents].reduce((folded, events) => chatReducer(folded, { type: 'events', events }), chat.state),
      }));
    case 'chat-again':
      return change(state, action.sessionId, (chat) => ({
        ...chat,
        phase: 'ready',
        hasEarlier: action.hasEarlier,
        waitingEvents: [],
        state: chatReducer(chatReducer(chat.state, { type: 'again', events: action.events }), { type: 'events', events: chat.waitingEvents }),
      }));
    case 'chat-failed':
      return change(state, action.sessionId, (chat) => ({ ...chat, phase: 'failed', problem: action.problem }));
    case 'earlier-asked':
      return change(state, action.sessionId, (chat) => ({ ...chat, loadingEarlier: true }));
    case 'earlier-loaded':
      return change(state, action.sessionId, (chat) => ({
        ...chat,
        loadingEarlier: false,
        hasEarlier: action.hasEarlier,
        state: chatReducer(chat.state, { type: 'earlier', events: action.events }),
      }));
    case 'chat':
      return change(state, action.sessionId, (chat) => ({ ...chat, state: chatReducer(chat.state, action.action) }));
  }
}

const emptyOpened = { state: emptyChat, waitingEvents: [], hasEarlier: false, loadingEarlier: false } as const;

function change(state: LiveState, sessionId: string, how: (chat: Chat) => Chat): LiveState {
  const chat = state.chats.get(sessionId);
  return chat ? { ...state, chats: new Map(state.chats).set(sessionId, how(chat)) } : state;
}

function applyToChats(state: LiveState, events: readonly PlacedEvent[]): LiveState {
  return [...Map.groupBy(events, (event) => event.sessionId)].reduce(
    (before, [sessionId, own]) =>
      change(before, sessionId, (chat) =>
        chat.phase === 'ready'
          ? { ...chat, state: chatReducer(chat.state, { type: 'events', events: own }) }
          : { ...chat, waitingEvents: [...chat.waitingEvents, ...own] },
      ),
    state,
  );
}

/** What the list shows of conversations that are not open. */
function applyMarks(state: LiveState, event: PlacedEvent): LiveState {
  switch (event.type) {
    case 'turn-start':
      return { ...state, running: new Set(state.running).add(event.sessionId) };
    case 'turn-end': {
      const running = new Set(state.running);
      running.delete(event.sessionId);
      return { ...state, running, asking: new Map([...state.asking].filter(([, approval]) => approval.plan.place.sessionId !== event.sessionId)) };
    }
    case 'approval-request':
      return event.approval.state === 'pending' ? { ...state, asking: new Map(state.asking).set(event.approval.id, event.approval) } : state;
    case 'notice':
      return event.level === 'error' && event.code.startsWith('model-') ? { ...state, modelTrouble: { code: event.code, text: event.text } } : state;
    case 'message':
      return event.message.role === 'assistant' && event.message.model !== undefined ? { ...state, modelTrouble: undefined } : state;
    case 'approval-answer': {
      const asking = new Map(state.asking);
      asking.delete(event.approvalId);
      return { ...state, asking };
    }
    default:
      return state;
  }
}

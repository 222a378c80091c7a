// Events become items. A batch is folded into copies that are made once, so that a long conversation costs what its events cost, not their square.
import type { AssistantMessage, PlacedEvent, UserMessage } from '../../../src/http/contract.ts';
import type { AnswerItem, ChatState, Item, Outgoing, Place, ToolItem } from './chat-items.ts';
import { compareIds } from './compare-ids.ts';

/** Characters of live tool output kept on the screen. */
const mostProgress = 20_000;

/** The state while a batch is folded into it. Items themselves are never changed, only replaced. */
interface Fold {
  items: Item[];
  outgoing: readonly Outgoing[];
  openTurns: readonly string[];
  commandTurns: readonly string[];
  starts: Map<string, number>;
  log: PlacedEvent[];
  lastId: string;
}

/** An event seen before, or older than what was seen, changes nothing; where none is new it is the same state. */
export function foldEvents(state: ChatState, events: readonly PlacedEvent[]): ChatState {
  const fold: Fold = { ...state, items: [...state.items], starts: new Map(state.starts), log: [...state.log] };
  for (const event of events) {
    if (compareIds(event.id, fold.lastId) <= 0) continue;
    if (!event.id.includes('.')) fold.log.push(event);
    fold.lastId = event.id;
    foldEvent(fold, event);
  }
  return fold.lastId === state.lastId ? state : fold;
}

function foldEvent(fold: Fold, event: PlacedEvent): void {
  const { items } = fold;
  const { id: key, at, turnId } = event;
  const place: Place = { key, at, turnId, ...(fold.commandTurns.includes(turnId) ? { command: true } : {}) };
  switch (event.type) {
    case 'turn-start':
      // What was being written when CoPaw went away is written anew.
      if (event.resumed) dropDrafts(fold, turnId);
      else if (!fold.openTurns.includes(turnId)) fold.starts.set(turnId, items.length);
      fold.openTurns = withTurn(fold.openTurns, turnId);
      if (event.command !== undefined) fold.commandTurns = withTurn(fold.commandTurns, turnId);
      break;
    case 'message':
      if (event.message.role === 'user') addUser(fold, event.message, place);
      else addAnswer(fold, event.message, place);
      break;
    case 'text-delta':
    case 'thinking-delta': {
      const index = findDraft(fold, turnId, event.step);
      const found = items[index];
      const draft: AnswerItem =
        found?.kind === 'answer'
          ? found
          : { kind: 'answer', ...place, key: `${turnId}:${event.step}`, step: event.step, text: '', thinking: '', draft: true, files: [] };
      const grown = event.type === 'text-delta' ? { ...draft, text: draft.text + event.text } : { ...draft, thinking: draft.thinking + event.text };
      put(items, index, grown);
      break;
    }
    case 'turn-undone':
      replace(items, (item) => (item.turnId === event.target ? { ...item, undone: true } : item));
      break;
    case 'compaction': {
      const { type: _, id: _id, turnId: _turn, through: _through, request: _request, urls: _urls, usage: _usage, ...shown } = event;
      items.push({ kind: 'compaction', ...shown, ...place, takenBack: false });
      break;
    }
    case 'compaction-undone':
      replace(items, (item) => (item.kind === 'compaction' && item.compactionId === event.target ? { ...item, takenBack: true } : item));
      break;
    case 'draft-reset': {
      const index = findDraft(fold, turnId, event.step);
      if (index >= 0) remove(fold, index);
      break;
    }
    case 'tool-start':
      putTool(fold, event.callId, event.name, place, (tool) => ({ ...tool, args: event.args, state: 'running' }));
      break;
    case 'tool-progress':
      putTool(fold, event.callId, '', place, (tool) => ({ ...tool, progress: (tool.progress + event.text).slice(-mostProgress) }));
      break;
    case 'tool-end':
      putTool(fold, event.callId, event.name, place, (tool) => ({
        ...tool,
        state: event.outcome,
        text: event.text,
        files: event.files ?? [],
        ...(event.images === undefined ? {} : { pictures: event.images.map(({ path }) => path) }),
        ...(event.fullText === undefined ? {} : { fullText: event.fullText }),
        ...(event.diff === undefined ? {} : { diff: event.diff }),
        ...(event.changed === undefined ? {} : { changed: true }),
        ...(event.code === undefined ? {} : { code: event.code }),
      }));
      break;
    case 'approval-request':
      items.push({ kind: 'approval', ...place, approval: event.approval });
      break;
    case 'approval-answer': {
      const index = items.findLastIndex((item) => item.kind === 'approval' && item.approval.id === event.approvalId);
      const found = items[index];
      if (found?.kind === 'approval') items[index] = { ...found, decision: event.decision, ...(event.by === undefined ? {} : { by: event.by }) };
      break;
    }
    case 'notice': {
      // Of one try after another the newest is enough.
      const last = items.at(-1);
      if (event.code === 'retry' && last?.kind === 'notice' && last.code === 'retry' && last.turnId === turnId) remove(fold, items.length - 1);
      items.push({
        kind: 'notice',
        ...place,
        level: event.level,
        code: event.code,
        text: event.text,
        ...(event.next === undefined ? {} : { next: event.next }),
        ...(event.reference === undefined ? {} : { reference: event.reference }),
      });
      break;
    }
    case 'turn-end':
      endTurn(fold, event, place);
  }
}

const withTurn = (turns: readonly string[], turnId: string): readonly string[] => (turns.includes(turnId) ? turns : [...turns, turnId]);
const withoutTurn = (turns: readonly string[], turnId: string): readonly string[] => turns.filter((one) => one !== turnId);

function put(items: Item[], index: number, item: Item): void {
  if (index < 0) items.push(item);
  else items[index] = item;
}

function replace(items: Item[], how: (item: Item) => Item): void {
  for (const [index, item] of items.entries()) items[index] = how(item);
}

function remove(fold: Fold, index: number): void {
  fold.items.splice(index, 1);
  for (const [turnId, start] of fold.starts) if (start > index) fold.starts.set(turnId, start - 1);
}

/** The newest item of an open turn of which this is true; -1 where there is none. Only its own turn is looked through. */
function findLast({ items, starts }: Fold, turnId: string, is: (item: Item) => boolean): number {
  const start = starts.get(turnId) ?? 0;
  for (let index = items.length - 1; index >= start; index--) {
    const item = items[index];
    if (item?.turnId === turnId && is(item)) return index;
  }
  return -1;
}

const findDraft = (fold: Fold, turnId: string, step: number): number =>
  findLast(fold, turnId, (item) => item.kind === 'answer' && item.draft && item.step === step);

function dropDrafts(fold: Fold, turnId: string): void {
  for (;;) {
    const index = findLast(fold, turnId, (item) => item.kind === 'answer' && item.draft);
    if (index < 0) return;
    remove(fold, index);
  }
}

/** It stands under its file; alone where the message with that file is on a page that is not loaded. */
function addHeard(fold: Fold, { heard, text }: UserMessage, { turnId }: Place): boolean {
  if (!heard) return false;
  const { path, failed = false } = heard;
  const index = findLast(fold, turnId, (item) => item.kind === 'user' && item.attachments.some((file) => file.path === path));
  const item = fold.items[index];
  if (item?.kind === 'user') fold.items[index] = { ...item, heard: [...(item.heard ?? []), { path, text, failed }] };
  return item !== undefined;
}

function addUser(fold: Fold, message: UserMessage, place: Place): void {
  if (addHeard(fold, message, place)) return;
  // The message id is the last part of the inbox key.
  const sent = fold.outgoing.some(({ messageId }) => message.id.split(':').at(-1) === encodeURIComponent(messageId));
  if (sent) fold.outgoing = fold.outgoing.filter(({ messageId }) => message.id.split(':').at(-1) !== encodeURIComponent(messageId));
  fold.items.push({ kind: 'user', ...place, text: message.text, attachments: message.attachments });
}

function addAnswer(fold: Fold, message: AssistantMessage, place: Place): void {
  const { items } = fold;
  const { turnId } = place;
  const index = findLast(fold, turnId, (item) => item.kind === 'answer' && item.step === message.step);
  put(items, index, {
    kind: 'answer',
    ...place,
    key: `${turnId}:${message.step}`,
    step: message.step,
    text: message.text,
    thinking: message.thinking ?? '',
    draft: false,
    files: message.files ?? [],
    ...(message.model === undefined ? {} : { model: message.model }),
  });
  for (const [position, call] of message.toolCalls.entries())
    items.push({ ...emptyTool, ...place, key: `${place.key}:${position}`, callId: call.id, name: call.name, args: call.input ?? call.broken });
}

const emptyTool = { kind: 'tool', args: undefined, state: 'waiting', progress: '', text: '', files: [] } as const;

/** Changes the latest unfinished call with this id, or adds it: its message may be on a page that is not loaded. */
function putTool(fold: Fold, callId: string, name: string, place: Place, change: (tool: ToolItem) => ToolItem): void {
  const { items } = fold;
  const index = findLast(
    fold,
    place.turnId,
    (item) => item.kind === 'tool' && item.callId === callId && (item.state === 'waiting' || item.state === 'running'),
  );
  const found = items[index];
  if (found?.kind === 'tool') items[index] = change(found);
  else if (name !== '') items.push(change({ ...emptyTool, ...place, callId, name }));
}

/** What a turn leaves open when it ends: drafts become text or vanish, calls did not happen, questions are void. Its last answer carries what it used. */
function endTurn(fold: Fold, { turnId, outcome, usage, cost }: Extract<PlacedEvent, { type: 'turn-end' }>, place: Place): void {
  const { items, starts } = fold;
  const tokens = usage.input + usage.output;
  const from = starts.get(turnId) ?? 0;
  const ms = place.at - (items.find((item, index) => index >= from && item.turnId === turnId)?.at ?? place.at);
  let spent = tokens > 0;
  for (let index = items.length - 1; index >= from; index--) {
    const item = items[index];
    if (item?.turnId !== turnId) continue;
    if (item.kind === 'answer' && item.draft && item.text === '') {
      remove(fold, index);
      continue;
    }
    const closed = closeItem(item);
    items[index] = spent && closed.kind === 'answer' ? { ...closed, spent: { tokens, ms, ...(cost === undefined ? {} : { cost }) } } : closed;
    if (closed.kind === 'answer') spent = false;
  }
  if (outcome !== 'answered') items.push({ kind: 'end', ...place, outcome });
  starts.delete(turnId);
  fold.openTurns = withoutTurn(fold.openTurns, turnId);
  fold.commandTurns = withoutTurn(fold.commandTurns, turnId);
}

function closeItem(item: Item): Item {
  if (item.kind === 'answer' && item.draft) return { ...item, draft: false };
  if (item.kind === 'tool' && (item.state === 'waiting' || item.state === 'running')) return { ...item, state: 'cancelled' };
  if (item.kind === 'approval' && item.decision === undefined) return { ...item, decision: 'expired' };
  return item;
}

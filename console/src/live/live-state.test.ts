// One stream for every conversation: what is open grows, what is loading waits, the rest only gets its marks.
import { expect, test } from 'vitest';
import type { Approval, PlacedEvent, SessionSummary } from '../../../src/http/contract.ts';
import { emptyLive, type LiveAction, type LiveState, liveReducer } from './live-state.ts';

const place = (id: string, sessionId = 's1') => ({ id, sessionId, turnId: `t-${sessionId}`, at: 1 });
const usage = { input: 0, cachedInput: 0, output: 0, reasoning: 0 };
const start = (id: string, sessionId?: string): PlacedEvent => ({
  ...place(id, sessionId),
  type: 'turn-start',
  origin: 'operator',
  answerId: 'a',
  resumed: false,
});
const end = (id: string, sessionId?: string): PlacedEvent => ({ ...place(id, sessionId), type: 'turn-end', outcome: 'answered', answerId: 'a', usage });
const say = (id: string, text: string, sessionId?: string): PlacedEvent => ({
  ...place(id, sessionId),
  type: 'message',
  message: { role: 'assistant', id: 'a', step: Number(id), text, toolCalls: [] },
});
const approval = { id: 'appr_1', state: 'pending', plan: { place: { sessionId: 's2' } } } as Approval;
const run = (...actions: LiveAction[]): LiveState => actions.reduce(liveReducer, emptyLive);
const texts = (state: LiveState, sessionId = 's1') => state.chats.get(sessionId)?.state.items.map((item) => ('text' in item ? item.text : item.kind));

test('events that come while the history is loading are neither lost nor doubled', () => {
  const state = run(
    { type: 'chat-opened', sessionId: 's1', fresh: false },
    { type: 'events', events: [say('3', 'three'), say('4', 'four', 's2'), say('5', 'five')] },
    { type: 'chat-loaded', sessionId: 's1', events: [say('1', 'one'), say('3', 'three')], hasEarlier: false },
    { type: 'events', events: [say('5', 'five'), say('6', 'six')] },
  );
  expect(texts(state)).toEqual(['one', 'three', 'five', 'six']);
});

test('a conversation that is not open gets marks only', () => {
  const asked = run({ type: 'events', events: [start('1', 's2'), { ...place('2', 's2'), type: 'approval-request', callId: 'c', approval }] });
  expect([...asked.running]).toEqual(['s2']);
  expect([...asked.asking]).toEqual([['appr_1', approval]]);
  expect(asked.chats.size).toBe(0);
  const done = liveReducer(asked, { type: 'events', events: [end('3', 's2')] });
  expect([done.running.size, done.asking.size]).toEqual([0, 0]);
  const answered = liveReducer(asked, {
    type: 'events',
    events: [{ ...place('3', 's2'), type: 'approval-answer', callId: 'c', approvalId: 'appr_1', decision: 'deny' }],
  });
  expect([answered.running.size, answered.asking.size]).toEqual([1, 0]);
});

test('the list says which conversations run', () => {
  const session = { id: 's9', running: true } as SessionSummary;
  expect([...run({ type: 'sessions', sessions: [session], hasMore: false }).running]).toEqual(['s9']);
});

test('old conversations leave memory, those with unsent words stay', () => {
  const opened = Array.from({ length: 20 }, (_, index): LiveAction => ({ type: 'chat-opened', sessionId: `c${index}`, fresh: true }));
  const [first, ...rest] = opened;
  const typed: LiveAction = { type: 'chat', sessionId: 'c0', action: { type: 'sending', messageId: 'm', text: 'keep', files: [] } };
  const state = run(...(first ? [first] : []), typed, ...rest);
  expect(state.chats.size).toBe(12);
  expect(state.chats.get('c0')?.state.outgoing).toHaveLength(1);
  expect(state.chats.has('c19')).toBe(true);
});

test('a history read again replaces what was shown, and a page that was on its way adds nothing old', () => {
  const state = run(
    { type: 'chat-opened', sessionId: 's1', fresh: false },
    { type: 'events', events: [start('7'), say('8', 'new')] },
    { type: 'chat-again', sessionId: 's1', events: [start('7'), say('8', 'new')], hasEarlier: false },
    { type: 'chat-loaded', sessionId: 's1', events: [say('1', 'old')], hasEarlier: false },
    { type: 'events', events: [end('9')] },
  );
  expect(texts(state)).toEqual(['new']);
});

test('what is deleted in a moment is marked, comes back when it is kept, and is nowhere once it is gone', () => {
  const sessions = [{ id: 's1' }, { id: 's2' }] as SessionSummary[];
  const leaving = run(
    { type: 'sessions', sessions, hasMore: false },
    { type: 'chat-opened', sessionId: 's1', fresh: true },
    { type: 'leaving', sessionId: 's1', leaves: true },
  );
  expect([[...leaving.leaving], leaving.sessions?.length]).toEqual([['s1'], 2]);
  expect([...liveReducer(leaving, { type: 'leaving', sessionId: 's1', leaves: false }).leaving]).toEqual([]);
  const gone = liveReducer(leaving, { type: 'gone', sessionId: 's1' });
  expect([[...gone.leaving], gone.sessions?.map(({ id }) => id), gone.chats.has('s1')]).toEqual([[], ['s2'], false]);
});

// The conversation as a fold: each event counts once, in any cut of the stream, and nothing is left half open.
import { describe, expect, test } from 'vitest';
import type { Approval, PlacedEvent } from '../../../src/http/contract.ts';
import type { ChatState } from './chat-items.ts';
import { changedTurns, chatReducer, emptyChat, endsTurn, isEmpty, newestCompaction } from './chat-state.ts';
import { compareIds } from './compare-ids.ts';

const usage = { input: 0, cachedInput: 0, output: 0, reasoning: 0 };
const place = (id: string, turnId = 't1') => ({ id, sessionId: 's1', turnId, at: 1 });
const plan = { place: { sessionId: 's1' } } as Approval['plan'];
const approval: Approval = { id: 'appr_1', plan, reason: 'network', scopes: ['once'], warnings: [], state: 'pending', askedAt: 1, expiresAt: 2 };

const turn: readonly PlacedEvent[] = [
  { ...place('1'), type: 'turn-start', origin: 'operator', answerId: 'a1', resumed: false },
  {
    ...place('2'),
    type: 'message',
    message: { role: 'user', id: 'console:local:s1:m1', text: 'hi', attachments: [], sender: { id: 'operator' }, origin: 'operator' },
  },
  { ...place('2.1'), type: 'thinking-delta', step: 0, text: 'hmm' },
  { ...place('2.2'), type: 'text-delta', step: 0, text: 'Let me ' },
  { ...place('2.3'), type: 'text-delta', step: 0, text: 'see.' },
  {
    ...place('3'),
    type: 'message',
    message: {
      role: 'assistant',
      id: 'a1',
      step: 0,
      text: 'Let me see.',
      thinking: 'hmm',
      toolCalls: [{ id: 'c1', name: 'run_command', input: { argv: ['ls'] } }],
    },
  },
  { ...place('4'), type: 'approval-request', callId: 'c1', approval },
  { ...place('5'), type: 'approval-answer', callId: 'c1', approvalId: 'appr_1', decision: 'once', by: 'console:dev' },
  { ...place('6'), type: 'tool-start', callId: 'c1', name: 'run_command', args: { argv: ['ls'] } },
  { ...place('6.1'), type: 'tool-progress', callId: 'c1', text: 'a.txt\n' },
  { ...place('7'), type: 'tool-end', callId: 'c1', name: 'run_command', outcome: 'ok', text: 'a.txt' },
  { ...place('7.1'), type: 'text-delta', step: 1, text: 'There is a.txt' },
  { ...place('8'), type: 'message', message: { role: 'assistant', id: 'a1', step: 1, text: 'There is a.txt.', toolCalls: [] } },
  { ...place('9'), type: 'turn-end', outcome: 'answered', answerId: 'a1', usage },
];
const fold = (events: readonly PlacedEvent[], from: ChatState = emptyChat): ChatState => chatReducer(from, { type: 'events', events });

describe('a turn', () => {
  test('becomes message, answer, tool, approval and answer', () => {
    const state = fold(turn);
    expect(state.items.map((item) => item.kind)).toEqual(['user', 'answer', 'tool', 'approval', 'answer']);
    expect(state.items[1]).toMatchObject({ text: 'Let me see.', thinking: 'hmm', draft: false });
    expect(state.items[2]).toMatchObject({ name: 'run_command', state: 'ok', progress: 'a.txt\n', text: 'a.txt' });
    expect(state.items[3]).toMatchObject({ decision: 'once', by: 'console:dev' });
    expect(state).toMatchObject({ openTurns: [], lastId: '9' });
  });

  test('what is said in a sound file stands under it, and alone where that is on another page', () => {
    const file = { name: 'v.ogg', mediaType: 'audio/ogg', size: 9, path: 'inbox/a/v.ogg' };
    const user = { role: 'user', attachments: [], sender: { id: 'operator' }, origin: 'operator' } as const;
    const brought: PlacedEvent = { ...place('2'), type: 'message', message: { ...user, id: 'm', text: '', attachments: [file] } };
    const heard: PlacedEvent = { ...place('3'), type: 'message', message: { ...user, id: 'm#v', text: 'Buy milk.', heard: { path: file.path } } };
    const { items } = fold([brought, heard]);
    expect(items).toMatchObject([{ kind: 'user', text: '', heard: [{ path: file.path, text: 'Buy milk.', failed: false }] }]);
    expect(fold([heard]).items).toMatchObject([{ kind: 'user', text: 'Buy milk.' }]);
  });

  test('gives the same picture however the stream is cut, repeated and resumed', () => {
    const whole = fold(turn);
    for (let cut = 0; cut <= turn.length; cut++) {
      const before = fold(turn.slice(0, cut));
      expect(fold(turn.slice(0, cut), before)).toEqual(before);
      expect(fold(turn, before)).toEqual(whole);
    }
  });

  test('shows a draft while it grows, and each key once', () => {
    const state = fold(turn.slice(0, 5));
    expect(state.items.at(-1)).toMatchObject({ kind: 'answer', draft: true, text: 'Let me see.', thinking: 'hmm' });
    expect(state.openTurns).toEqual(['t1']);
    const keys = fold(turn).items.map((item) => item.key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('starts a draft again after a reset, as a late joiner and as a retry see it', () => {
    const resumed = fold(
      [
        { ...place('2.4'), type: 'draft-reset', step: 0 },
        { ...place('2.5'), type: 'text-delta', step: 0, text: 'Let me see. Yes' },
      ],
      fold(turn.slice(0, 5)),
    );
    expect(resumed.items.filter((item) => item.kind === 'answer')).toMatchObject([{ text: 'Let me see. Yes', thinking: '', draft: true }]);
  });

  test('of one try after another only the newest is shown', () => {
    const retry = (id: string, text: string): PlacedEvent => ({ ...place(id), type: 'notice', level: 'info', code: 'retry', text });
    const { items } = fold([retry('3', 'in 1 s'), retry('4', 'in 2 s'), { ...retry('5', 'in 4 s'), turnId: 't2' }]);
    expect(items.map((item) => item.kind === 'notice' && item.text)).toEqual(['in 2 s', 'in 4 s']);
  });

  test('says what it used on its last answer', () => {
    const used = { ...usage, input: 100, output: 20 };
    const state = fold(
      [{ ...place('9'), at: place('9').at + 2_500, type: 'turn-end', outcome: 'answered', answerId: 'a1', usage: used, cost: 0.5 }],
      fold(turn.slice(0, -1)),
    );
    expect(state.items.filter((item) => item.kind === 'answer').map((item) => item.spent)).toEqual([undefined, { tokens: 120, cost: 0.5, ms: 2_500 }]);
  });

  test('that is stopped leaves nothing half open', () => {
    const asked = fold(turn.slice(0, 7));
    expect(asked.items.map((item) => item.kind)).toEqual(['user', 'answer', 'tool', 'approval']);
    const state = fold([{ ...place('9'), at: place('9').at + 2_500, type: 'turn-end', outcome: 'cancelled', answerId: 'a1', usage }], asked);
    expect(state.items.slice(2)).toMatchObject([{ state: 'cancelled' }, { decision: 'expired' }, { kind: 'end', outcome: 'cancelled' }]);
    const drafting = fold(
      [{ ...place('9'), at: place('9').at + 2_500, type: 'turn-end', outcome: 'cancelled', answerId: 'a1', usage }],
      fold(turn.slice(0, 4)),
    );
    expect(drafting.items[1]).toMatchObject({ text: 'Let me ', draft: false });
  });

  test('however it ends, its last item is where it can be asked again; nothing is before that, nor in the middle', () => {
    const ends = (state: ChatState): readonly string[] => {
      const shown = state.items.filter((item, index) => !isEmpty(item, state.items[index - 1]));
      return shown.flatMap((item, index) => (endsTurn(item, shown[index + 1], state.openTurns) ? item.kind : []));
    };
    const end = (outcome: 'cancelled' | 'failed'): PlacedEvent => ({ ...place('9'), type: 'turn-end', outcome, answerId: 'a1', usage });
    const drafting = fold(turn.slice(0, 4));
    const notice: PlacedEvent = { ...place('8'), type: 'notice', level: 'error', code: 'model-network', text: 'Dropped.' };
    expect(ends(fold(turn))).toEqual(['answer']);
    expect(ends(fold(turn.slice(0, -1)))).toEqual([]);
    expect(ends(drafting)).toEqual([]);
    expect(ends(fold([end('cancelled')], drafting))).toEqual(['end']);
    expect(ends(fold([end('cancelled')], fold(turn.slice(0, 7))))).toEqual(['end']);
    expect(ends(fold([notice], fold(turn.slice(0, 2))))).toEqual([]);
    expect(ends(fold([notice, end('failed')], fold(turn.slice(0, 2))))).toEqual(['notice']);
  });

  test('may call the same id again: the finished call stays', () => {
    const again = fold(
      [
        { ...place('7.5'), type: 'draft-reset', step: 1 },
        {
          ...place('8'),
          type: 'message',
          message: { role: 'assistant', id: 'a1', step: 1, text: '', toolCalls: [{ id: 'c1', name: 'read_file', input: {} }] },
        },
        { ...place('9'), type: 'tool-start', callId: 'c1', name: 'read_file', args: {} },
      ],
      fold(turn.slice(0, 11)),
    );
    expect(again.items.filter((item) => item.kind === 'tool')).toMatchObject([
      { name: 'run_command', state: 'ok' },
      { name: 'read_file', state: 'running' },
    ]);
  });
});

describe('what was typed here', () => {
  test('waits until it comes back in the stream', () => {
    let state = chatReducer(emptyChat, { type: 'sending', messageId: 'm1', text: 'hi', files: [] });
    state = chatReducer(state, { type: 'sending', messageId: 'm2', text: 'more', files: [] });
    state = chatReducer(state, { type: 'accepted', messageId: 'm1' });
    expect(state.outgoing.map((message) => message.state)).toEqual(['accepted', 'sending']);
    state = fold(turn.slice(0, 2), state);
    expect(state.outgoing.map((message) => message.messageId)).toEqual(['m2']);
  });

  test('says why it failed, and may be sent again under the same id', () => {
    let state = chatReducer(emptyChat, { type: 'sending', messageId: 'm1', text: 'hi', files: [] });
    state = chatReducer(state, { type: 'failed', messageId: 'm1', problem: { code: 'busy', text: 'Busy.' } });
    expect(state.outgoing).toMatchObject([{ state: 'failed', problem: { code: 'busy', text: 'Busy.' } }]);
    state = chatReducer(state, { type: 'sending', messageId: 'm1', text: 'hi', files: [] });
    expect(state.outgoing).toEqual([{ messageId: 'm1', text: 'hi', files: [], state: 'sending' }]);
    expect(chatReducer(state, { type: 'dropped', messageId: 'm1' }).outgoing).toEqual([]);
  });
});

test('older events go before what is shown, once, and a running draft stays', () => {
  const durable = turn.filter((event) => !event.id.includes('.'));
  const late = fold(durable.filter((event) => compareIds(event.id, '5') > 0));
  expect(late.items.map((item) => item.kind)).toEqual(['tool', 'answer']);
  const early = durable.filter((event) => compareIds(event.id, '6') <= 0);
  expect(chatReducer(late, { type: 'earlier', events: early }).items).toEqual(fold(durable).items);
  const drafting = fold(turn.slice(3, 5));
  const state = chatReducer(drafting, { type: 'earlier', events: durable.slice(0, 2) });
  expect(state.items.map((item) => item.kind)).toEqual(['user', 'answer']);
  expect(state).toMatchObject({ lastId: '2.3', openTurns: ['t1'] });
});

describe('commands', () => {
  const command = (id: number, name: string, more: readonly PlacedEvent[] = [], turnId = `c${id}`): readonly PlacedEvent[] => {
    const at = place(String(id), turnId);
    return [
      { ...at, type: 'turn-start', origin: 'operator', answerId: 'a', resumed: false, command: name },
      ...more,
      { ...at, id: String(id + 8), type: 'message', message: { role: 'assistant', id: 'a', step: 0, text: name, toolCalls: [] } },
      { ...at, id: String(id + 9), type: 'turn-end', outcome: 'answered', answerId: 'a', usage },
    ];
  };
  const durable = turn.filter((event) => !event.id.includes('.'));
  const later = (by: number, turnId: string): PlacedEvent[] => durable.map((event) => ({ ...event, id: String(Number(event.id) + by), turnId }));

  test('are marked in what they answer, and nothing else is', () => {
    const state = fold([...turn, ...command(20, 'help'), ...later(40, 't2')]);
    expect(state.items.filter((item) => item.command).map((item) => item.turnId)).toEqual(['c20']);
    expect(state.commandTurns).toEqual([]);
  });

  test('undo marks every item of the turn it names, also of one that is loaded later, and takes its button away', () => {
    const undo = command(40, 'undo', [{ ...place('41', 'c40'), type: 'turn-undone', target: 't2' }]);
    const changed = later(20, 't2').map((event): PlacedEvent => (event.type === 'tool-end' ? { ...event, changed: ['a'] } : event));
    const state = fold([...turn, ...changed, ...undo]);
    expect([...new Set(state.items.filter((item) => item.undone).map((item) => item.turnId))]).toEqual(['t2']);
    expect(state.items.filter((item) => item.turnId === 't2').every((item) => item.undone)).toBe(true);
    expect([...changedTurns(state.items, state.openTurns)]).toEqual([]);
    const late = chatReducer(fold(undo), { type: 'earlier', events: [...durable, ...changed] });
    expect(late.items).toEqual(fold([...durable, ...changed, ...undo]).items);
  });

  test('a page read again takes the place of all that is older, keeps what came since, and what is on its way', () => {
    const before = chatReducer(fold(turn), { type: 'sending', messageId: 'm9', text: 'next', files: [] });
    const since: readonly PlacedEvent[] = [...later(40, 't2').slice(0, 2), { ...place('42.1', 't2'), type: 'text-delta', step: 0, text: 'Now' }];
    const state = chatReducer(fold([...command(20, 'new'), ...since], before), { type: 'again', events: command(20, 'new') });
    expect(state.items.map((item) => [item.kind, item.turnId])).toEqual([
      ['answer', 'c20'],
      ['user', 't2'],
      ['answer', 't2'],
    ]);
    expect(state).toMatchObject({ lastId: '42.1', openTurns: ['t2'], outgoing: [{ messageId: 'm9' }] });
    expect(state.log.some((event) => event.turnId === 't1')).toBe(false);
    const drafting = chatReducer(fold(turn.slice(0, 5)), { type: 'again', events: command(20, 'clear') });
    expect(drafting.items.map((item) => item.turnId)).toEqual(['c20']);
  });
});

test('a turn that changed files offers to undo that below its last item, once it has ended', () => {
  const changed = turn.map((event): PlacedEvent => (event.type === 'tool-end' ? { ...event, changed: ['a.txt'] } : event));
  const next = turn.map((event, index): PlacedEvent => ({ ...event, id: `${20 + index}`, turnId: 't2' }));
  const { items, openTurns } = fold([...changed, ...next]);
  expect([...changedTurns(items, openTurns)]).toEqual([[items.findLast((item) => item.turnId === 't1')?.key, 't1']]);
  const running = fold(changed.slice(0, -1));
  expect([...changedTurns(running.items, running.openTurns)]).toEqual([]);
});

test('the newest compaction that counts can be taken back; an older one counts again after that', () => {
  const lists = { constraints: [], done: [], doing: [], blocked: [], decisions: [], next: [], promises: [], facts: [] };
  const counts = { messagesBefore: 143, messagesAfter: 18, tokensBefore: 21_000, tokensAfter: 4_000 };
  const compaction = (id: string): PlacedEvent => ({
    ...place(id, `t${id}`),
    ...({ type: 'compaction', compactionId: `c${id}`, through: 1, counts, summary: { goal: 'g', ...lists }, anchors: [], how: 'model', why: 'asked' } as const),
  });
  const undone = (id: string, target: string): PlacedEvent => ({ ...place(id, 'u'), type: 'compaction-undone', target });
  const keyAfter = (...events: readonly PlacedEvent[]): string | undefined => newestCompaction(fold(events).items);
  expect(keyAfter(compaction('1'), compaction('2'))).toBe('2');
  expect(keyAfter(compaction('1'), compaction('2'), undone('3', 'c2'))).toBe('1');
  expect(keyAfter(compaction('1'), undone('2', 'c1'))).toBeUndefined();
  expect(fold([compaction('1')]).items).toMatchObject([{ kind: 'compaction', key: '1', counts, takenBack: false }]);
});

test('ids order by number, not by letter', () => {
  const sorted = ['10', '9.10', '9.9', '9', '100.1'].sort(compareIds);
  expect(sorted).toEqual(['9', '9.9', '9.10', '10', '100.1']);
});

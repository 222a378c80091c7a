// The life of messages over a real store: what is shown of a message, and which ones may be tried again.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { InboxRow } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import type { DurableEvent } from '../core/turn-event.ts';
import { openStore } from '../store/open-store.ts';
import { approval, inboxRow, outboxRow, step, turn } from '../testing/store-rows.ts';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { createMessagesAdmin, type Retries } from './messages.ts';

let folder: TempFolder;
let store: Store;
beforeEach(async () => {
  folder = tempFolder();
  store = await openStore(`${folder.path}/copaw.db`);
});
afterEach(async () => {
  await store.close();
  folder.remove();
});

const words = (text: string, key = 'k1'): InboxRow['envelope'] => ({
  ...inboxRow(key).envelope,
  inbound: { ...inboxRow(key).envelope.inbound, kind: 'message', text },
});

function open(more: Partial<Retries> = {}) {
  const did: unknown[] = [];
  const retries: Retries = {
    message: async (envelope) => {
      did.push(['message', envelope.key]);
      await store.commit({ inbox: [inboxRow(envelope.key, { envelope, state: 'failed' })] });
    },
    part: async (row, evenIfSent) => void did.push(['part', row.answerId, row.part, row.state, evenIfSent]),
    audit: async (kind, detail) => void did.push([kind, detail]),
    ...more,
  };
  const redact = (text: string): string => text.replaceAll('sk-canary', '[redacted]');
  return { did, admin: createMessagesAdmin({ store, redact, by: 'cli', retries }), reader: createMessagesAdmin({ store, redact, by: 'cli' }) };
}

test('a life: arrival, the turn step by step, the parts; other messages of the turn; nothing secret, nothing endless', async () => {
  const assistant = (at: number, stepNumber: number, model?: string) => ({
    ...{ sessionId: 's1', turnId: 't1', at },
    event: {
      type: 'message',
      message: {
        ...{
          role: 'assistant',
          id: 'ans-t1',
          step: stepNumber,
          text: 'sk-canary',
          toolCalls: [],
          usage: { input: 7, cachedInput: 0, output: 2, reasoning: 0 },
        },
        ...(model === undefined ? {} : { model }),
      },
    } as const satisfies DurableEvent,
  });
  const event = (at: number, one: DurableEvent) => ({ sessionId: 's1', turnId: 't1', at, event: one });
  await store.commit({
    inbox: [
      inboxRow('k1', { envelope: words(`sk-canary ${'x'.repeat(500)}`), state: 'answered', sessionId: 's1', turnId: 't1' }),
      inboxRow('k2', { state: 'answered', sessionId: 's1', turnId: 't1', receivedAt: 2 }),
    ],
    turn: turn('t1', { outcome: 'answered', endedAt: 30 }),
    steps: [step('t1', 'c1', 'finished', { sideEffect: 'outside' })],
    outbox: [outboxRow('ans-t1', 0, { state: 'sent', ref: 'r1', attempts: 2 }), outboxRow('ans-t1', 1, { nextAt: 99 })],
    entries: [
      event(10, { type: 'turn-start', origin: 'operator', answerId: 'ans-t1', resumed: false }),
      assistant(11, 0, 'p/m'),
      event(12, { type: 'approval-request', callId: 'c1', approval: approval('a1') }),
      event(13, { type: 'approval-answer', callId: 'c1', approvalId: 'a1', decision: 'once', by: 'console:d' }),
      event(14, { type: 'tool-start', callId: 'c1', name: 'run_command', args: { command: 'secret words' } }),
      event(16, { type: 'tool-end', callId: 'c1', name: 'run_command', outcome: 'ok', text: 'secret words' }),
      event(17, { type: 'tool-start', callId: 'c2', name: 'look', args: {} }),
      event(18, { type: 'turn-start', origin: 'operator', answerId: 'ans-t1', resumed: true }),
      event(19, { type: 'notice', level: 'warning', code: 'truncated', text: 'Cut.' }),
      assistant(20, 1),
    ],
  });
  const { reader } = open();
  const life = await reader.message('k1');
  expect(life.messages.map(({ key, state }) => `${key} ${state}`)).toEqual(['k1 answered', 'k2 answered']);
  expect(life.messages[0]?.text).toMatch(/^\[redacted\] x+…$/u);
  expect(life.messages[0]?.text.length).toBeLessThan(220);
  expect(life.turn).toMatchObject({ id: 't1', outcome: 'answered', startedAt: 1, endedAt: 30, answerId: 'ans-t1', origin: 'operator' });
  expect(life.turn?.steps).toEqual([
    { kind: 'start', at: 10, name: 'started' },
    { kind: 'model', at: 11, name: 'p/m', detail: '7 + 2' },
    { kind: 'approval', at: 12, endedAt: 13, name: 'run_command', outcome: 'once', detail: 'console:d' },
    { kind: 'tool', at: 14, endedAt: 16, name: 'run_command', outcome: 'ok', sideEffect: 'outside' },
    { kind: 'tool', at: 17, name: 'look' },
    { kind: 'start', at: 18, name: 'resumed' },
    { kind: 'notice', at: 19, name: 'truncated', outcome: 'warning', detail: 'Cut.' },
  ]);
  expect(life.parts.map(({ part, state, ref, attempts, nextAt }) => [part, state, ref, attempts, nextAt])).toEqual([
    [0, 'sent', 'r1', 2, undefined],
    [1, 'pending', undefined, 0, 99],
  ]);
  expect(life.noRetry).toBe('This message was answered.');
  expect(JSON.stringify(life)).not.toMatch(/sk-canary|secret words/u);
  expect(await reader.answer('ans-t1')).toEqual(life);
  await expect(reader.message('none')).rejects.toMatchObject({ code: 'not-found' });
  await expect(reader.answer('none')).rejects.toMatchObject({ code: 'not-found' });
});

test('a message whose turn came to nothing is tried again, each try once, the newest counts', async () => {
  const { admin, did } = open();
  await store.commit({ inbox: [inboxRow('k1', { state: 'failed' })] });
  expect(await admin.retryMessage('k1')).toMatchObject({ key: 'k1#retry-1', state: 'failed', text: 'text of k1' });
  expect(await admin.retryMessage('k1#retry-1')).toMatchObject({ key: 'k1#retry-2' });
  expect(await admin.retryMessage('k1')).toMatchObject({ key: 'k1#retry-3' });
  expect(did.slice(0, 2)).toEqual([
    ['message-retry', { key: 'k1#retry-1', by: 'cli' }],
    ['message', 'k1#retry-1'],
  ]);
  const { tries, noRetry } = await admin.message('k1#retry-2');
  expect(tries.map(({ key }) => key)).toEqual(['k1', 'k1#retry-1', 'k1#retry-2', 'k1#retry-3']);
  expect(noRetry).toBeUndefined();
  expect((await admin.inbox({ show: 'failed', limit: 9 })).map((row) => row.nextTry)).toEqual([undefined, 'k1#retry-3', 'k1#retry-2', 'k1#retry-1']);
  await store.commit({ inboxStates: [{ key: 'k1#retry-3', state: 'assigned' }] });
  await expect(admin.retryMessage('k1')).rejects.toMatchObject({ code: 'conflict', message: 'This message is being worked on.' });
  await store.commit({ inboxStates: [{ key: 'k1#retry-3', state: 'answered' }] });
  await expect(admin.retryMessage('k1')).rejects.toMatchObject({ code: 'conflict', message: 'This message was answered when it was tried again.' });
  await expect(admin.retryMessage('k1#retry-9')).rejects.toMatchObject({ code: 'not-found' });
  expect(did).toHaveLength(6);
});

test('what was answered, refused, is at work or has no words left is not tried again; nor is anything where no CoPaw runs', async () => {
  const { admin, reader, did } = open();
  const cases = [
    ['answered', 'answered', {}],
    ['refused', 'refused', {}],
    ['accepted', 'worked on', {}],
    ['assigned', 'worked on', {}],
    ['cancelled', 'not kept', { envelope: words('') }],
    [
      'failed',
      'Only a message',
      { envelope: { ...inboxRow('k').envelope, inbound: { ...inboxRow('k').envelope.inbound, kind: 'join' } } as InboxRow['envelope'] },
    ],
  ] as const;
  for (const [index, [state, why, more]] of cases.entries()) {
    await store.commit({ inbox: [inboxRow(`k${index}`, { state, ...more })] });
    const text = expect.stringContaining(why);
    await expect(admin.retryMessage(`k${index}`)).rejects.toMatchObject({ code: 'conflict', message: text, retryable: false });
    expect(await admin.message(`k${index}`)).toMatchObject({ noRetry: text });
  }
  await store.commit({ inbox: [inboxRow('bad', { state: 'interrupted' })], outbox: [outboxRow('a1', 0, { state: 'dead' })] });
  await expect(reader.retryMessage('bad')).rejects.toMatchObject({ code: 'conflict', next: 'Start it with `copaw start`.' });
  await expect(reader.retryPart('a1', 0, true)).rejects.toMatchObject({ code: 'conflict', next: 'Start it with `copaw start`.' });
  expect(did).toEqual([]);
});

test('parts: given up and unsure ones go out again, sent ones and those on their way do not', async () => {
  const { admin, did } = open();
  for (const state of ['sent', 'pending', 'sending', 'dead', 'unknown'] as const) await store.commit({ outbox: [outboxRow(state, 0, { state })] });
  for (const state of ['sent', 'pending', 'sending'])
    await expect(admin.retryPart(state, 0, true)).rejects.toMatchObject({ code: 'conflict', retryable: false });
  await expect(admin.retryPart('dead', 1, true)).rejects.toMatchObject({ code: 'not-found' });
  expect(did).toEqual([]);
  await admin.retryPart('dead', 0, false);
  await admin.retryPart('unknown', 0, true);
  expect(did).toEqual([
    ['part-retry', { answerId: 'dead', part: 0, was: 'dead', evenIfSent: false, by: 'cli' }],
    ['part', 'dead', 0, 'dead', false],
    ['part-retry', { answerId: 'unknown', part: 0, was: 'unknown', evenIfSent: true, by: 'cli' }],
    ['part', 'unknown', 0, 'unknown', true],
  ]);
  const shown = async (show: 'all' | 'open' | 'dead' | 'unknown') => (await admin.outbox({ show, limit: 9 })).map(({ answerId }) => answerId);
  expect([await shown('all'), await shown('open'), await shown('dead'), await shown('unknown')]).toEqual([
    ['unknown', 'dead', 'sending', 'pending', 'sent'],
    ['sending', 'pending'],
    ['dead'],
    ['unknown'],
  ]);
});

test('messages by what became of them, in pages', async () => {
  const { reader } = open();
  for (const state of ['answered', 'failed', 'accepted', 'interrupted', 'refused', 'cancelled', 'assigned'] as const)
    await store.commit({ inbox: [inboxRow(state, { state })] });
  const shown = async (show: 'all' | 'open' | 'failed' | 'refused') => (await reader.inbox({ show, limit: 9 })).map(({ key }) => key);
  expect(await shown('open')).toEqual(['assigned', 'accepted']);
  expect(await shown('failed')).toEqual(['cancelled', 'interrupted', 'failed']);
  expect(await shown('refused')).toEqual(['refused']);
  const first = await reader.inbox({ show: 'all', limit: 4 });
  const second = await reader.inbox({ show: 'all', limit: 4, before: first.at(-1)?.seq ?? 0 });
  expect([...first, ...second].map(({ key }) => key)).toEqual(await shown('all'));
});

test('words that left for their age are gone: neither a message nor a part is tried again without them', async () => {
  await store.commit({
    inbox: [inboxRow('k1', { envelope: words('hello'), state: 'failed', receivedAt: 1 })],
    outbox: [outboxRow('a1', 0, { state: 'dead', nextAt: 1 })],
  });
  await store.retention.drop('messages', 2);
  await store.retention.drop('parts', 2);
  const { admin, did } = open();
  expect(await admin.message('k1')).toMatchObject({ noRetry: expect.stringContaining('words of this message were not kept') });
  await expect(admin.retryMessage('k1')).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('were not kept') });
  await expect(admin.retryPart('a1', 0, true)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('were not kept') });
  expect(did).toEqual([]);
});

test('what waits: failures until they are let be, tried again, or something later there was answered; of an answer its first part', async () => {
  const failed = (key: string, sessionId: string) => inboxRow(key, { state: 'failed', sessionId, envelope: words(`words of ${key}`, key) });
  await store.commit({
    inbox: [
      ...[failed('gone-by', 'a'), inboxRow('later', { state: 'answered', sessionId: 'a' }), failed('again', 'b')],
      ...[inboxRow('cut', { state: 'interrupted', sessionId: 'c' }), inboxRow('stopped', { state: 'cancelled', sessionId: 'd' }), failed('left', 'e')],
      ...[inboxRow('unasked', { state: 'refused', sessionId: 'f' }), inboxRow('open', { state: 'accepted', sessionId: 'g' })],
    ],
    outbox: [
      ...[outboxRow('whole', 0, { state: 'sent' }), outboxRow('half', 0, { state: 'sent' }), outboxRow('half', 1, { state: 'dead' })],
      ...[
        outboxRow('half', 2, { state: 'dead' }),
        outboxRow('unsure', 0, { state: 'unknown' }),
        outboxRow('empty', 0, { state: 'dead', outgoing: { text: '' } }),
      ],
    ],
  });
  const { admin, did } = open({ message: async ({ key }) => store.commit({ inbox: [inboxRow(key, { state: 'assigned', sessionId: 'b' })] }) });
  const messages = async () => (await admin.inbox({ show: 'waiting', limit: 9 })).map(({ key }) => key);
  const answers = async () => (await admin.outbox({ show: 'waiting', limit: 9 })).map(({ answerId, part }) => `${answerId} ${part}`);
  expect(await messages()).toEqual(['left', 'cut', 'again']);
  expect(await store.inbox.countWaiting()).toBe(3);
  expect(
    (await admin.inbox({ show: 'waiting', limit: 1, before: (await admin.inbox({ show: 'waiting', limit: 1 }))[0]?.seq ?? 0 })).map(({ key }) => key),
  ).toEqual(['cut']);
  await admin.settleMessage('left', true);
  await admin.retryMessage('again');
  expect(await messages()).toEqual(['cut']);
  await admin.settleMessage('left', false);
  expect(await messages()).toEqual(['left', 'cut']);

  expect(await answers()).toEqual(['unsure 0', 'half 1']);
  await admin.settleAnswer('half', true);
  await admin.settleAnswer('unsure', true);
  expect([await answers(), await store.outbox.countWaiting()]).toEqual([[], 0]);
  // What moved and came to nothing again is news.
  await store.outbox.update('half', 1, { state: 'pending' }, 'dead');
  await store.outbox.update('half', 1, { state: 'dead' });
  expect(await answers()).toEqual(['half 1']);
  await expect(admin.settleMessage('none', true)).rejects.toMatchObject({ code: 'not-found' });
  await expect(admin.settleAnswer('none', true)).rejects.toMatchObject({ code: 'not-found' });
  expect(did).toEqual([['message-retry', { key: 'again#retry-1', by: 'cli' }]]);
});

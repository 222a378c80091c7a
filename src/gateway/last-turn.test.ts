// The last turn that counts, in a real log: whatever stands behind it, and however long it is.
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emptySummary } from '../core/compaction.ts';
import type { Store } from '../core/store.ts';
import type { DurableEvent } from '../core/turn-event.ts';
import { openStore } from '../store/open-store.ts';
import { sampleResult, sampleUser } from '../testing/sample-log.ts';
import { session, turn } from '../testing/store-rows.ts';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { lastTurn, takenBack } from './last-turn.ts';

let folder: TempFolder;
let store: Store;

beforeEach(async () => {
  folder = tempFolder();
  store = await openStore(join(folder.path, 'copaw.db'));
  await store.commit({ session: session('s') });
});
afterEach(async () => {
  await store.close();
  folder.remove();
});

const start = (more: object = {}): DurableEvent => ({ type: 'turn-start', origin: 'operator', answerId: 'a', resumed: false, ...more });
const compaction = (id: string): DurableEvent => ({
  ...({ type: 'compaction', compactionId: id, through: 1, summary: emptySummary, anchors: [], how: 'fallback', why: 'window' } as const),
  counts: { messagesBefore: 0, messagesAfter: 0, tokensBefore: 0, tokensAfter: 0 },
});
const add = (id: string, ...events: readonly DurableEvent[]) =>
  store.commit({
    turn: turn(id, { sessionId: 's', answerId: `answer of ${id}` }),
    entries: events.map((event) => ({ sessionId: 's', turnId: id, at: 0, event })),
  });
const more = (id: string, ...events: readonly DurableEvent[]) =>
  store.commit({ entries: events.map((event) => ({ sessionId: 's', turnId: id, at: 0, event })) });
const found = async () => {
  const last = await lastTurn(store, 's');
  return last && [last.turn.id, last.entries.length, last.compactions];
};

test('a turn that is longer than a few thousand entries is found, with all of them and the compactions made since it began', async () => {
  await add('before', start(), sampleUser('first'), compaction('of before'));
  await add('long', start(), sampleUser('go on for long'), compaction('early'), start({ resumed: true }), sampleUser('and this'), compaction('gone'));
  for (let pages = 0; pages < 5; pages++) await more('long', ...Array.from({ length: 500 }, (_, index) => sampleResult(`${pages}.${index}`, 'x')));
  await more('long', { type: 'compaction-undone', target: 'gone' }, compaction('late'));
  expect(await found()).toEqual(['long', 2_508, ['early', 'late']]);
  const last = await lastTurn(store, 's');
  expect(takenBack(last ?? { turn: turn('x'), entries: [], compactions: [] })).toEqual([
    { type: 'turn-undone', target: 'long' },
    { type: 'compaction-undone', target: 'early' },
    { type: 'compaction-undone', target: 'late' },
  ]);
});

test('commands, reminders and what was taken back are passed over, however many they are; nothing is found where nothing was asked', async () => {
  expect(await found()).toBeUndefined();
  await add('asked', start(), sampleUser('a question'));
  await add('command', start({ command: 'status' }), sampleUser('/status'));
  await add('undone', start(), sampleUser('another'));
  await more('undone', { type: 'turn-undone', target: 'undone' });
  const reminder = (number: number) => ({ sessionId: 's', turnId: `reminder ${number}`, at: 0, event: start({ origin: 'unattended' }) });
  await store.commit({ entries: Array.from({ length: 2_500 }, (_, number) => reminder(number)) });
  expect(await found()).toEqual(['asked', 2, []]);
  await more('asked', { type: 'turn-undone', target: 'asked' });
  expect(await found()).toBeUndefined();
});

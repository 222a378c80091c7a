import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Store } from '../core/store.ts';
import type { DurableEvent } from '../core/turn-event.ts';
import { createSaidIndex } from '../memory/said-index.ts';
import { openStore } from '../store/open-store.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { sampleAssistant, sampleResult, sampleUser } from '../testing/sample-log.ts';
import { session } from '../testing/store-rows.ts';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { createConversationLog } from './conversation-log.ts';

let folder: TempFolder;
let store: Store;

beforeEach(async () => {
  folder = tempFolder();
  store = await openStore(join(folder.path, 'copaw.db'));
  await store.commit({ session: session('s', { key: 's' }) });
  await store.commit({ session: session('other', { key: 'other' }) });
});
afterEach(async () => {
  await store.close();
  folder.remove();
});

const add = (sessionId: string, ...events: readonly (readonly [turnId: string, event: DurableEvent])[]) =>
  store.commit({ entries: events.map(([turnId, event]) => ({ sessionId, turnId, at: 0, event })) });
const result = (text: string, name = 'read_file'): DurableEvent => ({ ...sampleResult('c', text), name }) as DurableEvent;
const open = () => {
  const { about } = createSaidIndex({ said: store.said, clock: createFakeClock(), onFault: (error) => Promise.reject(error) });
  return createConversationLog({ store, about }, 's', 'now');
};
const find = async (words: string): Promise<readonly number[]> => (await open().search(words, 10)).hits.map(({ seq }) => seq);

test('the rarest words count most, the newest comes first among equals, and what is asked now or was taken back is not found', async () => {
  await add(
    's',
    ['a', sampleUser('The heron stood by the lake.')],
    ['b', sampleUser('The lake is cold.')],
    ['c', sampleUser('The lake is deep.')],
    ['d', sampleUser('The heron was taken back.')],
    ['x', { type: 'turn-undone', target: 'd' }],
    ['e', result('the heron of the lake', 'recall')],
    ['now', sampleUser('Where was the heron of the lake?')],
  );
  expect(await find('herons of the lake')).toEqual([1, 3, 2]);
  expect(await open().search('', 10)).toEqual({ hits: [], complete: true });
});

test('a message with the very word comes before those that have another form of it', async () => {
  await add('s', ['a', sampleUser('We moved in at Whitsun.')], ['b', sampleUser('The move of the bees.')], ['c', sampleUser('They move on.')]);
  expect(await find('moved')).toEqual([1, 3, 2]);
});

test('what tools returned is found beside what was said, and nothing of another conversation', async () => {
  await add('other', ['o', sampleUser('A heron of somebody else.')], ['o', result('another heron')]);
  await add('s', ['a', result('heron-count: 7')], ['b', sampleUser('Count the herons.')], ['c', sampleUser('Zoë’s café')]);
  expect(await find('heron count')).toEqual([4, 3]);
  expect(await find('zoe cafe')).toEqual([5]);
});

test('messages are found however far back they are; of results only the newest part is gone through, which it says', async () => {
  await add('s', ['a', result('an old heron')], ['b', sampleUser('A heron long ago.')]);
  for (let more = 0; more < 5_000; more += 1_000)
    await add('s', ...Array.from({ length: 1_000 }, (_, index): readonly [string, DurableEvent] => ['t', { type: 'turn-undone', target: `${more + index}` }]));
  const { hits, complete } = await open().search('heron', 10);
  expect([hits.map(({ seq }) => seq), complete]).toEqual([[2], false]);
});

test('Chinese is found by its words', async () => {
  await add('s', ['a', sampleUser('我的牙医叫陈雅文。')], ['b', sampleUser('今天下雨。')]);
  expect(await find('牙医是谁')).toEqual([1]);
});

test('a message or result is read whole, only of this conversation, with the file that holds the rest', async () => {
  const long = { ...result('x'.repeat(3_000)), fullText: '.copaw/output/c.txt' } as DurableEvent;
  await add('s', ['a', sampleAssistant('hello')], ['a', long]);
  await add('other', ['z', sampleUser('private')]);
  const log = open();
  expect(await log.read(1)).toMatchObject({ from: 'assistant', text: 'hello' });
  expect(await log.read(2)).toMatchObject({ from: 'read_file', text: 'x'.repeat(3_000), file: '.copaw/output/c.txt' });
  expect([await log.read(3), await log.read(77)]).toEqual([undefined, undefined]);
});

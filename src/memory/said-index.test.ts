// The index of what was said: caught up before each search, in the background without a search, in steps, and never in the way.
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Store } from '../core/store.ts';
import type { DurableEvent } from '../core/turn-event.ts';
import { openStore } from '../store/open-store.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { session } from '../testing/store-rows.ts';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { createSaidIndex, type SaidIndex } from './said-index.ts';

let folder: TempFolder;
let store: Store;
let index: SaidIndex;
let faults: unknown[];
const clock = createFakeClock();

beforeEach(async () => {
  folder = tempFolder();
  store = await openStore(join(folder.path, 'copaw.db'));
  faults = [];
  index = createSaidIndex({ said: store.said, clock, onFault: (error) => faults.push(error) });
  await store.commit({ session: session('s1') });
});
afterEach(async () => {
  await index.stop();
  await store.close();
  folder.remove();
});

const user = (text: string): DurableEvent => ({
  type: 'message',
  message: { role: 'user', id: 'm', text, attachments: [], sender: { id: 'operator' }, origin: 'operator' },
});
const say = (...texts: readonly string[]) => store.commit({ entries: texts.map((text) => ({ sessionId: 's1', turnId: 't1', at: 1, event: user(text) })) });
const found = async (text: string, more: object = {}): Promise<readonly string[]> =>
  (await index.search({ text, limit: 9, ...more })).rows.map(({ entry: { event } }) => (event.type === 'message' ? event.message.text : ''));

test('every word counts; where nothing has them all, any of them, the best first', async () => {
  await say('the red apple', 'the red pear', 'a green pear and a pear');
  expect(await found('RED')).toEqual(['the red pear', 'the red apple']);
  expect(await found('pear red')).toEqual(['the red pear']);
  expect(await found('green apple pie')).toHaveLength(2);
  expect(await found('app')).toEqual(['the red apple']);
  expect(await found(' … ')).toEqual([]);
  expect(await found('pear', { wanted: () => false })).toEqual([]);
});

test('words without spaces between them are found one by one', async () => {
  await say('请记住自行车在地下室', 'ฉันชอบแมว');
  expect(await found('地下室')).toEqual(['请记住自行车在地下室']);
  expect(await found('แมว')).toEqual(['ฉันชอบแมว']);
});

test('unwanted rows do not take the place of wanted ones', async () => {
  for (let round = 0; round < 3; round++) await say(...Array.from({ length: 60 }, (_, number) => `needle ${round} ${number}`));
  const wanted = ({ entry: { event } }: { readonly entry: { readonly event: DurableEvent } }): boolean =>
    event.type === 'message' && event.message.text === 'needle 0 0';
  expect(await found('needle', { wanted })).toEqual(['needle 0 0']);
});

test('it follows by itself a while after something was said, once however much that was, and not at all after a stop', async () => {
  const marks: number[] = [];
  const add: Store['said']['add'] = async (upTo, rows) => {
    marks.push(rows.length);
    await store.said.add(upTo, rows);
  };
  const watched = createSaidIndex({
    said: { ...store.said, add },
    clock,
    onFault: (error) => faults.push(error),
  });
  await say('one', 'two');
  watched.changed();
  watched.changed();
  expect(marks).toEqual([]);
  clock.advance(5_000);
  await watched.catchUp();
  expect([marks, faults]).toEqual([[2], []]);
  await say('three');
  watched.changed();
  await watched.stop();
  clock.advance(60_000);
  await watched.catchUp();
  expect(marks).toEqual([2]);
  expect((await store.said.next(9, 9))?.messages).toHaveLength(1);
});

test('what cannot be indexed is told and holds up nothing later', async () => {
  let broken = true;
  const watched = createSaidIndex({
    said: { ...store.said, next: (...asked) => (broken ? Promise.reject(new Error('no disk')) : store.said.next(...asked)) },
    clock,
    onFault: (error) => faults.push(error),
  });
  await say('needle');
  watched.changed();
  clock.advance(5_000);
  await expect.poll(() => faults.length).toBe(1);
  broken = false;
  expect((await watched.search({ text: 'needle', limit: 1 })).rows).toHaveLength(1);
  await watched.stop();
});

test('whatever is said and asked, a search answers, and what was said is found by all of its words', async () => {
  const text = fc
    .array(fc.string({ unit: fc.constantFrom(...'abcxyzäöüß059'), minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 6 })
    .map((words) => words.join(' '));
  const noise = fc.array(fc.string({ unit: 'binary', maxLength: 30 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 6 }), noise, async (texts, questions) => {
      await say(...texts);
      for (const question of questions) await index.search({ text: question, limit: 3 });
      for (const one of texts) expect(await found(one, { limit: 50 })).toContain(one);
    }),
    { numRuns: 3 },
  );
});

// A turn that the person took back is invisible to the model, wherever it looks: in other conversations, in its own, and in what it found before.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PlacedEvent } from '../../src/core/turn-event.ts';
import { openWorld, type World } from './harness.ts';
import { type Call, createScriptedModel, type ScriptedModel } from './scripted-model.ts';

let world: World;
let model: ScriptedModel;
beforeEach(async () => {
  model = createScriptedModel();
  world = await openWorld({ provider: model.provider });
});
afterEach(async () => {
  expect(world.faults).toEqual([]);
  await world.close();
});

/** Says something in a conversation and resolves with its events. */
async function say(sessionId: string, text: string, ...calls: readonly Call[]): Promise<readonly PlacedEvent[]> {
  model.play(...calls.map((call) => [call]));
  const { turnId } = await world.app.operator.submit({ channel: 'cli', sessionId, text });
  const events: PlacedEvent[] = [];
  for await (const event of world.app.operator.events({ turnId, after: '0' }, new AbortController().signal)) events.push(event);
  return events;
}

/** What these calls tell the model in this conversation. */
const told = async (sessionId: string, ...calls: readonly Call[]): Promise<readonly string[]> =>
  (await say(sessionId, 'look', ...calls)).flatMap((event) => (event.type === 'tool-end' ? [event.text] : []));

const placeOf = async (sessionId: string, word: string): Promise<number> =>
  (await world.app.store.entries.tail(sessionId, 500)).find(({ event }) => event.type === 'message' && event.message.text.includes(word))?.seq ?? 0;

test('in another conversation: neither searched nor read on at a place', async () => {
  await say('a', 'The zebra is striped.');
  await say('a', 'The zebra is called Ottokar.');
  const place = await placeOf('a', 'Ottokar');
  const kept = await placeOf('a', 'striped');
  const look: readonly Call[] = [
    ['sessions_search', { query: 'zebra' }],
    ['sessions_search', { place: `a:${place}` }],
    ['sessions_search', { place: `a:${kept}`, limit: 9 }],
  ];
  expect((await told('b', ...look)).map((text) => text.includes('Ottokar'))).toEqual([true, true, true]);
  await say('a', '/undo');
  const after = await told('c', ...look);
  expect(after.join()).not.toContain('Ottokar');
  expect([after[0], after[2]].map((text) => text?.includes('striped'))).toEqual([true, true]);
  // People find it still: the log keeps it.
  const admin = await world.app.sessions('test');
  expect((await admin.search({ text: 'Ottokar', limit: 9 })).hits.some(({ sessionId }) => sessionId === 'a')).toBe(true);
});

test('nor as the name of its conversation', async () => {
  await say('a', 'The zebra is called Ottokar.');
  await say('a', '/undo');
  await say('a', 'The zebra is striped.');
  const found = await told('b', ['sessions_search', { query: 'striped' }]);
  expect(found.join()).toContain('The zebra is striped.');
  expect(found.join()).not.toContain('Ottokar');
});

test('in its own conversation: neither searched nor read by its number, nor in what was found before', async () => {
  await say('a', 'The zebra is called Ottokar.');
  const place = await placeOf('a', 'Ottokar');
  await told('b', ['sessions_search', { query: 'zebra' }]);
  const look: readonly Call[] = [
    ['recall', { words: 'zebra Ottokar' }],
    ['recall', { id: `#${place}` }],
  ];
  expect((await told('a', ...look)).map((text) => text.includes('Ottokar'))).toEqual([true, true]);
  await say('a', '/undo'); // of the look
  await say('a', '/undo');
  expect((await told('a', ...look)).join()).not.toContain('Ottokar');
  expect((await told('b', ['recall', { words: 'Ottokar' }])).join()).not.toContain('is called');
});

// What belongs together becomes one turn, through the whole app: windows, files and the words after them, stop, edits, the end of the process.
import { afterEach, expect, test } from 'vitest';
import { createFakeChannel } from '../../src/testing/fake-channel.ts';
import { createFakeClock } from '../../src/testing/fake-clock.ts';
import { openWorld } from './harness.ts';
import { createScriptedModel } from './scripted-model.ts';

const second = 1_000;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(main: object = {}) {
  const clock = createFakeClock();
  const chat = createFakeChannel({ now: clock.now });
  const model = createScriptedModel();
  const world = await openWorld({
    ...{ provider: model.provider, clock, channels: { chat: chat.factory } },
    config: { channels: { chat: { main: { enabled: true, allow: ['ana', 'ben'], groups: { g1: {} }, senderPerMinute: 100, ...main } } } },
  });
  closing.push(() => world.close());
  /** What each request to the model ends with: the words of people since the last answer. */
  const asked = (): readonly (readonly string[])[] =>
    model.requests.map(({ messages }) => {
      const since = messages.slice(messages.findLastIndex(({ role }) => role === 'assistant') + 1);
      const words = since.map((message) => JSON.stringify(message));
      return ['one', 'two', 'three', 'four', 'picture.png', 'changed'].filter((word) => words.some((text) => text.includes(word)));
    });
  return { clock, chat, model, world, asked };
}
const picture = { text: '', attachments: [{ name: 'picture.png', mediaType: 'application/pdf', size: 3, path: 'inbox/picture.png' }] };
const states = async ({ world }: Awaited<ReturnType<typeof open>>, ids: readonly string[]) =>
  (await world.app.store.inbox.page({ limit: 50 }))
    .flatMap(({ envelope, state }) => (ids.includes(envelope.inbound.id) ? [`${envelope.inbound.id} ${state}`] : []))
    .sort();

test('a thought in three messages gets one answer once its window is over; the next one gets its own', async () => {
  const { chat, clock, world, asked } = await open({ mergeSeconds: 5 });
  for (const words of ['one', 'two', 'three']) {
    await chat.say(words);
    await clock.advance(4 * second);
  }
  expect([asked(), (await world.app.operator.status()).openTurns]).toEqual([[], 0]);
  await clock.advance(second);
  await chat.arrived(1);
  await chat.say('four');
  await clock.advance(5 * second);
  await chat.arrived(2);
  expect(asked()).toEqual([['one', 'two', 'three'], ['four']]);
  expect(world.faults).toEqual([]);
});

test('without a window words are answered at once, files wait for the words after them, and an album is one turn', async () => {
  const { chat, clock, asked } = await open();
  await chat.say('one');
  await chat.arrived(1);
  await chat.say('', picture);
  await chat.say('', { ...picture, sender: { id: 'ben' } });
  await clock.advance(second);
  await chat.say('two');
  await chat.arrived(2);
  await clock.advance(second);
  await chat.arrived(3);
  expect(asked()).toEqual([['one'], ['two', 'picture.png'], ['picture.png']]);
  await chat.say('three', { ...picture, text: 'three', album: true });
  await chat.say('', { ...picture, album: true });
  await clock.advance(2 * second);
  await chat.arrived(4);
  expect(asked().at(-1)).toEqual(['three', 'picture.png']);
});

test('an edit and a withdrawal count while a message is held, for whoever wrote it', async () => {
  const here = await open({ mergeSeconds: 5 });
  const { chat, clock, asked } = here;
  const group = { chat: { id: 'g1', kind: 'group' }, mentioned: true } as const;
  await chat.say('one', { id: 'm1', ...group });
  await chat.say('two', { id: 'm2', ...group });
  await chat.emit('edit', { target: 'm1', text: 'changed', chat: group.chat });
  await chat.emit('delete', { target: 'm2', chat: group.chat });
  await chat.emit('edit', { target: 'm1', text: 'three', chat: group.chat, sender: { id: 'ben' } });
  await clock.advance(5 * second);
  await chat.arrived(1);
  expect(asked()).toEqual([['changed']]);
  expect(await states(here, ['m1', 'm2'])).toEqual(['m1 answered', 'm2 cancelled']);
});

test.each(['stop', '/stop'])('%s ends what is held as it ends a turn: nothing is asked of a model', async (words) => {
  const here = await open({ mergeSeconds: 30 });
  const { chat, clock, world, asked } = here;
  await chat.say('one', { id: 'm1' });
  await chat.say('/status');
  await chat.arrived(1);
  expect(chat.textsTo('chat-of-ana')[0]).toContain('1');
  await chat.say(words);
  await chat.arrived(2);
  expect(chat.textsTo('chat-of-ana')[1]).toMatch(/^Stopped/u);
  await clock.advance(60 * second);
  expect([asked(), await states(here, ['m1'])]).toEqual([[], ['m1 cancelled']]);
  expect((await world.app.operator.status()).openTurns).toBe(0);
});

test('/new belongs after what is held: that stays in the old conversation', async () => {
  const here = await open({ mergeSeconds: 30 });
  const { chat, clock, world, asked } = here;
  await chat.say('one', { id: 'm1' });
  await chat.say('/new');
  await chat.arrived(1);
  await chat.say('two');
  await clock.advance(30 * second);
  await chat.arrived(2);
  expect(asked()).toEqual([['two']]);
  expect(await states(here, ['m1'])).toEqual(['m1 cancelled']);
  expect(await world.app.operator.sessions({ limit: 10 })).toHaveLength(2);
});

test('what is held when the process ends is answered at the next start, once', async () => {
  const here = await open({ mergeSeconds: 60 });
  const { chat, clock, world, asked } = here;
  await chat.say('one', { id: 'm1' });
  await chat.say('two', { id: 'm2' });
  await world.restart();
  await chat.arrived(1);
  await chat.say('two', { id: 'm2' });
  await clock.advance(60 * second);
  expect(chat.sent).toHaveLength(1);
  expect(new Set(asked().flat())).toEqual(new Set(['one', 'two']));
  expect(await states(here, ['m1', 'm2'])).toEqual(['m1 answered', 'm2 answered']);
  expect(world.faults).toEqual([]);
});

test('attack: a flood into a conversation that holds messages is bounded as anywhere: some wait, the rest is refused with one note', async () => {
  const { chat, clock, world } = await open({ mergeSeconds: 60, chatPerMinute: 1_000 });
  for (let many = 0; many < 60; many++) await chat.say(`flood ${many}`);
  // Sixteen are the most of a hold, and what its turn has taken does not wait any more.
  expect((await world.app.store.inbox.page({ limit: 100 })).length).toBeLessThanOrEqual(48);
  for (const end = Date.now() + 10_000; Date.now() < end && (await world.app.store.inbox.open()).length > 0; ) await clock.advance(60 * second);
  expect(await world.app.store.inbox.open()).toEqual([]);
  expect(chat.textsTo('chat-of-ana').filter((text) => text.includes('Too many messages wait'))).toHaveLength(1);
  expect(world.faults).toEqual([]);
});

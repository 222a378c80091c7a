// What an account says of itself, through the whole app: a welcome once for ever in each chat, and its own words for strangers.
import { afterEach, expect, test } from 'vitest';
import { createFakeChannel } from '../../src/testing/fake-channel.ts';
import { createFakeClock } from '../../src/testing/fake-clock.ts';
import { openWorld } from './harness.ts';
import { createScriptedModel } from './scripted-model.ts';

const minute = 60_000;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(main: object = {}) {
  const clock = createFakeClock();
  const chat = createFakeChannel({ now: clock.now });
  const model = createScriptedModel();
  const account = { enabled: true, allow: ['ana'], operators: ['olga'], groups: { g1: {} }, ...main };
  const world = await openWorld({
    ...{ provider: model.provider, clock, channels: { chat: chat.factory } },
    config: { channels: { chat: { main: account } } },
  });
  closing.push(() => world.close());
  const answered = async (count: number): Promise<void> => void (await chat.arrived(count));
  return { clock, chat, model, world, answered };
}
const settle = async (): Promise<void> => {
  for (let round = 0; round < 50; round++) await new Promise((resolve) => setImmediate(resolve));
};
const group = { chat: { id: 'g1', kind: 'group' } } as const;
const welcome = 'Hello! *I am* the assistant of Olga.';

test('a person who was let in is welcomed once, literally and before the first answer; not after a restart, and not after /clear', async () => {
  const { chat, world, answered } = await open({ welcome });
  await chat.say('hi');
  await answered(2);
  expect(chat.textsTo('chat-of-ana')).toEqual([welcome, 'Done.']);
  await chat.say('/clear');
  await answered(3);
  await world.restart();
  await chat.say('hi again');
  await answered(4);
  await chat.say('/new');
  await answered(5);
  expect(chat.textsTo('chat-of-ana').filter((text) => text === welcome)).toHaveLength(1);
  await chat.say('hi', { sender: { id: 'eve' } });
  await answered(6);
  expect(chat.textsTo('chat-of-eve').join()).not.toContain('Hello');
  expect(world.faults).toEqual([]);
});

test('somebody CoPaw has talked to before is not welcomed once there is a welcome', async () => {
  const { chat, world, answered } = await open();
  await chat.say('hi');
  await answered(1);
  await world.app.config.commit('cli', [{ path: ['channels', 'chat', 'main', 'welcome'], value: welcome }]);
  await chat.say('hi', { sender: { id: 'olga' } });
  await answered(3);
  await chat.say('hi');
  await answered(4);
  expect([chat.textsTo('chat-of-ana'), chat.textsTo('chat-of-olga')]).toEqual([
    ['Done.', 'Done.'],
    [welcome, 'Done.'],
  ]);
  // It counts at once, without another connection.
  expect(chat.connections).toHaveLength(1);
});

test('a listed group is welcomed once: when a listed person adds the account, or at the first words that are for it', async () => {
  const { chat, world, answered } = await open({ welcome, groups: { g1: {}, g2: {} } });
  await chat.emit('join', { ...group, sender: { id: 'eve' }, added: true });
  await chat.emit('join', { chat: { id: 'g9', kind: 'group' }, added: true });
  await chat.emit('join', group);
  await settle();
  expect(chat.sent).toEqual([]);
  await chat.emit('join', { ...group, added: true });
  await answered(1);
  await chat.emit('join', { ...group, added: true });
  await chat.say('hi', { ...group, mentioned: true });
  await answered(2);
  await chat.say('not for it', { chat: { id: 'g2', kind: 'group' } });
  await chat.say('for it', { chat: { id: 'g2', kind: 'group', thread: 't' }, mentioned: true });
  await chat.say('for it', { chat: { id: 'g2', kind: 'group' }, mentioned: true });
  await answered(5);
  await settle();
  expect([chat.textsTo('g1'), chat.textsTo('g2').filter((text) => text === welcome)]).toEqual([[welcome, 'Done.'], [welcome]]);
  expect(world.faults).toEqual([]);
});

test('a stranger gets the account’s own words in front of the code; without pairing these alone, once an hour', async () => {
  const here = await open({ denyText: 'This is the assistant of Olga.' });
  const eve = { sender: { id: 'eve' } };
  await here.chat.say('let me in', eve);
  await here.answered(1);
  expect(here.chat.textsTo('chat-of-eve')[0]).toMatch(/^This is the assistant of Olga\.\nIf my operator knows you, give them this code: [A-Z]{4}-[A-Z]{4}$/u);

  const { chat, clock, world, model } = await open({ denyText: 'This is the assistant of Olga.', pairing: false });
  for (let again = 0; again < 5; again++) await chat.say('canary-words', eve);
  await chat.say('canary-words', { ...eve, ...group, mentioned: true });
  await chat.emit('edit', { ...eve, target: 'm', text: 'canary-words' });
  await settle();
  await world.restart();
  await chat.say('canary-words', eve);
  await clock.advance(59 * minute);
  await chat.say('canary-words', eve);
  await settle();
  expect(chat.sent.map(({ to, message }) => [to.chat, message])).toEqual([['chat-of-eve', { text: 'This is the assistant of Olga.' }]]);
  await clock.advance(2 * minute);
  await chat.say('canary-words', eve);
  await chat.arrived(2);
  expect((await (await world.app.people('cli')).view()).pairings).toEqual([]);
  expect([model.requests, world.faults]).toEqual([[], []]);
});

test('attack: a crowd of strangers gets twenty of these answers an hour, and fills no table', async () => {
  const { chat, clock, world } = await open({ denyText: 'No.', pairing: false });
  for (let stranger = 0; stranger < 300; stranger++) {
    await chat.say('hi', { sender: { id: `stranger${stranger}` } });
    if (stranger % 50 === 49) await clock.advance(minute);
  }
  await settle();
  expect(chat.sent).toHaveLength(20);
  expect(await world.app.store.senders.pairings()).toHaveLength(20);
});

// Channels that go down, through the whole app: what is said meanwhile arrives once, and somebody is told. Only platforms, clock and model are made up.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createFakeChannel } from '../../src/testing/fake-channel.ts';
import { createFakeClock } from '../../src/testing/fake-clock.ts';
import { openCommandHome } from './command-line.ts';
import { openWorld } from './harness.ts';
import { createScriptedModel } from './scripted-model.ts';

const second = 1_000;
const minute = 60 * second;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const account = { enabled: true, allow: ['ana'], operators: ['olga'], senderPerMinute: 100, chatPerMinute: 200 };
const olga = { sender: { id: 'olga' } };

async function open() {
  const clock = createFakeClock(Date.UTC(2026, 0, 5, 12, 3));
  const chat = createFakeChannel({ now: clock.now });
  const other = createFakeChannel({ now: clock.now });
  const model = createScriptedModel();
  const world = await openWorld({
    ...{ provider: model.provider, clock, channels: { chat: chat.factory, other: other.factory } },
    config: { channels: { chat: { main: account }, other: { main: account } } },
  });
  closing.push(() => world.close());
  const state = async (channel = 'chat') => (await (await world.app.channels('cli')).list()).find((one) => one.channel === channel);
  return { clock, chat, other, model, world, state };
}

/** Until it is so, or ten seconds of real time have gone by. */
const until = async (look: () => unknown): Promise<void> => {
  for (const end = Date.now() + 10_000; Date.now() < end; await new Promise((resolve) => setImmediate(resolve))) if (await look()) return;
  throw new Error('It never came to that.');
};

test('what is said while a channel is down is answered once when it is back, however often the platform delivers it', async () => {
  const { chat, clock, model, world, state } = await open();
  await chat.post('before', { id: 'm0' });
  await chat.arrived(1);
  chat.starts('dns', 'dns', 'dns');
  chat.connection().drop();
  await clock.advance(0);
  await chat.post('one', { id: 'm1' });
  await chat.post('two', { id: 'm2', sender: { id: 'olga' } });
  expect(await state()).toMatchObject({ state: 'down', downSince: clock.now(), attempts: 1 });
  expect(model.requests).toHaveLength(1);
  // The platform forgot what was acknowledged, and delivers the latest first.
  chat.redeliver('reversed');
  await clock.advance(16 * second);
  expect(await state()).toMatchObject({ state: 'up', attempts: 4 });
  await chat.arrived(3);
  chat.redeliver();
  chat.connection().drop();
  await clock.advance(16 * second);
  expect(await state()).toMatchObject({ state: 'up', attempts: 5 });
  await clock.advance(minute);
  expect(model.requests).toHaveLength(3);
  expect([chat.textsTo('chat-of-ana'), chat.textsTo('chat-of-olga')]).toEqual([['Done.', 'Done.'], ['Done.']]);
  expect(world.faults).toEqual([]);
});

test('an answer that is ready while its channel is down waits for it and costs no attempt', async () => {
  const { chat, clock, model, world, state } = await open();
  model.play([['run_command', { command: 'true', network: true }]]);
  await chat.say('go', { ...olga, id: 'm1' });
  await chat.arrived(1);
  chat.starts(...Array.from({ length: 6 }, () => 'dns' as const));
  chat.connection().drop();
  await clock.advance(0);
  const [approval] = await world.app.operator.approvals();
  await world.app.operator.answer(approval?.id ?? '', 'deny', 'console');
  await until(async () => (await world.app.operator.status()).openTurns === 0);
  await clock.advance(62 * second);
  const [row] = await world.app.store.outbox.due(clock.now(), 10);
  expect(row).toMatchObject({ state: 'pending', attempts: 0, outgoing: { text: 'Done.' } });
  expect([(await state())?.state, chat.sent.length]).toEqual(['down', 1]);
  await clock.advance(65 * second);
  await chat.arrived(2);
  expect(chat.textsTo('chat-of-olga').at(-1)).toBe('Done.');
  await until(async () => (await world.app.store.outbox.ofAnswer(row?.answerId ?? ''))[0]?.state === 'sent');
  expect((await world.app.store.outbox.ofAnswer(row?.answerId ?? ''))[0]).toMatchObject({ attempts: 1 });
});

test('a part that was on its way when the process ended is looked up once the channel is back, and never sent blindly', async () => {
  const { chat, clock, world } = await open();
  chat.next('hang');
  await chat.say('one', { id: 'm1' });
  await until(async () => (await world.app.store.outbox.inFlight()).length === 1);
  const restarting = world.restart();
  chat.starts('dns');
  await until(() => chat.connection().aborted);
  await clock.advance(6 * second);
  await restarting;
  await clock.advance(0);
  expect([(await world.app.store.outbox.inFlight()).length, chat.sent.length]).toEqual([1, 0]);
  await clock.advance(second);
  await chat.arrived(1);
  await clock.advance(minute);
  expect(chat.textsTo('chat-of-ana')).toEqual(['Done.']);
});

test('the operator is told on the other channel, once, and again when it is back; one such pair an hour', async () => {
  const { chat, other, clock, world, state } = await open();
  await other.say('hi', olga);
  await other.say('hi', { sender: { id: 'ana' } });
  await other.arrived(2);
  chat.starts(...Array.from({ length: 7 }, () => 'dns' as const));
  chat.connection().drop(new Error('read ECONNRESET'));
  await clock.advance(59 * second);
  expect(other.textsTo('chat-of-olga')).toHaveLength(1);
  await clock.advance(2 * second);
  await other.arrived(3);
  expect(other.textsTo('chat-of-olga')[1]).toMatch(
    /^I cannot be reached on chat\/main: down since 12:03\. The name chat\.example was not found\. Next try at 12:0[45]\. Answers/u,
  );
  // A restart in between says nothing twice.
  await world.restart();
  await clock.advance(10 * minute);
  expect((await state())?.state).toBe('up');
  await other.arrived(4);
  expect(other.textsTo('chat-of-olga').slice(2)).toEqual(['I can be reached on chat/main again.']);

  // Within the hour it goes down again and stays so: it is told when the hour is over.
  chat.starts(...Array.from({ length: 60 }, () => 'dns' as const));
  chat.connection().drop();
  await clock.advance(40 * minute);
  expect(other.textsTo('chat-of-olga')).toHaveLength(3);
  await clock.advance(20 * minute);
  await other.arrived(5);
  expect(other.textsTo('chat-of-olga')[3]).toContain('down since 12:14');
  expect(other.textsTo('chat-of-ana')).toHaveLength(1);
  expect(chat.sent).toEqual([]);
});

test('config.json counts while it runs: an account that is switched off lets go and gets nothing, one that is switched on is connected', async () => {
  const { chat, clock, world, state } = await open();
  const [first] = chat.connections;
  await world.app.config.commit('cli', [{ path: ['channels', 'chat', 'main', 'enabled'], value: false }]);
  expect([first?.aborted, (await state())?.state]).toEqual([true, 'off']);
  await world.app.config.commit('cli', [{ path: ['channels', 'chat', 'main', 'allow'], value: ['ana', 'ben'] }]);
  expect(chat.connections).toHaveLength(1);
  // Also when a person edits the file.
  writeFileSync(join(world.home, 'config.json'), JSON.stringify({ version: 1, channels: { chat: { main: account } } }));
  await until(() => chat.connections.length === 2);
  expect((await (await world.app.channels('cli')).list()).map(({ channel, state: now }) => `${channel} ${now}`)).toEqual(['chat up']);
  await chat.say('hi', { id: 'm1' });
  await chat.arrived(1);
  await clock.advance(0);
  expect(world.faults).toEqual([]);
});

test('the command line says how channels stand, and doctor names what is silent', async () => {
  const here = openCommandHome({ channels: { fake: { main: { enabled: true, allow: ['ana'] }, idle: {} } } });
  closing.push(() => here.close());
  expect((await here.run('channels', 'list')).stdout).toMatch(/^fake\/main {2}unknown .*\nfake\/idle {2}off/u);
  const server = await here.start();
  const listed = await here.run('channels', 'list', '--json');
  expect(JSON.parse(listed.stdout).channels).toMatchObject([
    { channel: 'fake', account: 'main', state: 'refused', lastError: { code: 'config-invalid' } },
    { channel: 'fake', account: 'idle', state: 'off' },
  ]);
  expect((await here.run('channels', 'list')).stdout).toMatch(
    /^fake\/main {2}refused {2}down since .*: This CoPaw has no channel "fake"\..*\nfake\/idle {2}off/u,
  );
  expect(await here.run('channels', 'restart', 'fake/main')).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no channel account') });
  expect(await here.run('channels', 'restart', 'fake')).toMatchObject({ code: 2 });
  expect((await here.run('doctor')).stdout).toMatch(/warning {2}channels: fake\/main {2}refused/u);
  await server.end('SIGTERM');
}, 60_000);

// The life of messages through the whole app and the real command line: seen from arrival to receipt, tried again by the operator, told by the log.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { ModelEvent } from '../../src/core/model.ts';
import { noUsage } from '../../src/core/model.ts';
import type { PlacedEvent } from '../../src/core/turn-event.ts';
import { createFakeChannel } from '../../src/testing/fake-channel.ts';
import { createFakeModel } from '../../src/testing/fake-model.ts';
import { inboxRow, outboxRow, turn } from '../../src/testing/store-rows.ts';
import { openCommandHome } from './command-line.ts';
import { openWorld } from './harness.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const canary = 'canary-of-the-message-77';
const fails: ModelEvent = { type: 'error', failure: { code: 'model-auth', message: 'The key is wrong.', retryable: false } };
const listed = { enabled: true, allow: ['ana'], operators: [], groups: {}, pairing: false };

async function open() {
  const channel = createFakeChannel({ now: () => Date.now() });
  const state = { broken: false };
  const provider = createFakeModel(() =>
    state.broken
      ? [fails]
      : [
          { type: 'text-delta', text: `Done ${canary}.` },
          { type: 'finish', reason: 'stop', usage: noUsage },
        ],
  );
  const world = await openWorld({ provider, channels: { fake: channel.factory }, config: { channels: { fake: { main: listed } } } });
  closing.push(() => world.close());
  /** Does something and waits for the end of the turn that it begins. */
  const turnOf = async (work: () => Promise<unknown>): Promise<PlacedEvent> => {
    const stop = new AbortController();
    const after = String(await world.app.store.entries.lastSeq());
    await work();
    for await (const event of world.app.operator.events({ after }, stop.signal)) if (event.type === 'turn-end') return event;
    throw new Error('no end');
  };
  const list = (allow: readonly string[]) => world.app.config.commit('cli', [{ path: ['channels', 'fake', 'main', 'allow'], value: allow }]);
  return { channel, state, world, turnOf, list, admin: await world.app.messages('cli') };
}

test('a message that failed gets a turn of its own when it is tried again, through the same door, and is answered once', async () => {
  const { channel, state, world, turnOf, list, admin } = await open();
  state.broken = true;
  await turnOf(() => channel.say(`please ${canary}`));
  await channel.arrived(1);
  const [failed, ...more] = await admin.inbox({ show: 'failed', limit: 5 });
  if (!failed) throw new Error('nothing failed');
  expect(more).toEqual([]);
  expect(failed).toMatchObject({ state: 'failed', channel: 'fake', account: 'main', sender: { id: 'ana' }, text: `please ${canary}` });

  await list([]);
  await expect(admin.retryMessage(failed.key)).rejects.toMatchObject({ code: 'forbidden', rule: 'R9' });
  expect(await admin.inbox({ show: 'all', limit: 5 })).toHaveLength(1);
  await list(['ana']);
  state.broken = false;
  const [first, second] = [admin.retryMessage(failed.key), admin.retryMessage(failed.key)];
  const end = await turnOf(() => Promise.allSettled([first, second]));
  expect(await first).toMatchObject({ key: `${failed.key}#retry-1` });
  await channel.arrived(2);
  expect(channel.textsTo('chat-of-ana').at(-1)).toBe(`Done ${canary}.`);
  // The same event, delivered again by the platform, is still the first message.
  await channel.emit('message', { id: 'event-1', text: 'again' });
  await expect(admin.retryMessage(failed.key)).rejects.toMatchObject({ code: 'conflict', message: 'This message was answered when it was tried again.' });

  const life = await admin.message(`${failed.key}#retry-1`);
  expect(life.messages).toMatchObject([{ state: 'answered', turnId: end.turnId, text: `please ${canary}` }]);
  expect(life.tries.map((one) => one.state)).toEqual(['failed', 'answered']);
  expect(life.turn).toMatchObject({ id: end.turnId, outcome: 'answered', origin: 'direct' });
  expect(life.turn?.steps.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['start started', expect.stringMatching(/^model /u)]);
  expect(life.parts).toMatchObject([{ state: 'sent', ref: 'sent-2', attempts: 1 }]);
  expect(channel.sent).toHaveLength(2);
  const turns = (await admin.inbox({ show: 'all', limit: 9 })).map(({ turnId }) => turnId);
  expect(new Set(turns).size).toBe(2);
  expect((await world.app.store.audit.newest(9, 'message-retry')).length).toBeGreaterThanOrEqual(2);
  expect(world.faults).toEqual([]);
}, 30_000);

test('a part for somebody who was taken off the list is given up, and goes out once they are listed again', async () => {
  const { channel, turnOf, list, admin, state } = await open();
  const { answerId } = await (async () => {
    channel.next('lost');
    await turnOf(() => channel.say('hi'));
    await list([]);
    for (;;) {
      const [part] = await admin.outbox({ show: 'dead', limit: 1 });
      if (part) return part;
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  await expect(admin.retryPart(answerId, 0, true)).rejects.toMatchObject({ code: 'forbidden', rule: 'R9' });
  await list(['ana']);
  expect(await admin.retryPart(answerId, 0, false)).toMatchObject({ state: expect.stringMatching(/^(pending|sending|sent)$/u) });
  await channel.arrived(1);
  // The platform lost the answer to a send: it is asked, has the message, and nothing goes out twice.
  channel.next('unsure');
  await turnOf(() => channel.say('and'));
  await channel.arrived(2);
  const found = await (async () => {
    for (;;) {
      const [part] = await admin.outbox({ show: 'all', limit: 1 });
      if (part?.state === 'sent' && part.answerId !== answerId) return part;
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  await expect(admin.retryPart(found.answerId, 0, true)).rejects.toMatchObject({ code: 'conflict' });
  expect(channel.sent).toHaveLength(2);
  expect(state.broken).toBe(false);
}, 30_000);

test('the log joins a message from its arrival to its receipt by ids, and holds none of its words', async () => {
  const { channel, turnOf, world } = await open();
  channel.next('lost', 'ok');
  const end = await turnOf(() => channel.say(`please ${canary}`));
  await channel.arrived(1);
  await channel.emit('message', { id: 'event-1', text: canary });
  await channel.say(canary, { sender: { id: 'eve', name: canary } });
  await world.restart();
  const text = readFileSync(join(world.home, 'logs/copaw.log'), 'utf8');
  expect(text).not.toContain(canary);
  const lines = text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  const one = lines.filter((line) => line.turnId === end.turnId);
  expect(one.map(({ event }) => event)).toEqual(['message-accepted', 'turn-start', 'turn-end', 'message-duplicate']);
  expect(one[0]).toMatchObject({ key: 'fake:main:chat-of-ana:event-1', channel: 'fake', account: 'main', sessionId: end.sessionId });
  const { answerId } = one[1];
  expect(one[2]).toMatchObject({ answerId, outcome: 'answered' });
  const parts = lines.filter((line) => line.answerId === answerId && line.event.startsWith('part-'));
  expect(parts.map(({ event, attempts, code, ref }) => [event, attempts ?? code ?? ref])).toEqual([
    ['part-sending', 1],
    ['part-failed', 1],
    ['part-sending', 2],
    ['part-sent', 'sent-1'],
  ]);
  expect(lines.filter(({ event }) => event === 'message-refused')).toMatchObject([{ channel: 'fake', account: 'main', sender: 'eve', rule: 'R9' }]);
}, 30_000);

test('`copaw inbox` and `copaw outbox` show with and without a server; only a server tries again', async () => {
  const here = openCommandHome({});
  closing.push(() => here.close());
  const row = inboxRow('console:local:s1:m\u001b1', { state: 'failed', sessionId: 's1', turnId: 't1' });
  await here.inStore((store) =>
    store.commit({
      inbox: [row, inboxRow('k2', { state: 'answered' })],
      turn: turn('t1', { outcome: 'failed', endedAt: 1_500 }),
      outbox: [outboxRow('ans-t1', 0, { state: 'unknown', attempts: 1, address: { channel: 'gone', account: 'main', chat: 'c' } })],
    }),
  );
  const look = async (): Promise<void> => {
    expect(JSON.parse((await here.run('inbox', 'list', '--json')).stdout).messages.map(({ key }: { key: string }) => key)).toEqual(['k2', row.key]);
    const failed = await here.run('inbox', 'list', '--state', 'failed');
    expect(failed.stdout.split('\n')).toHaveLength(2);
    expect(failed.stdout).toContain('console:local:s1:m\\u{1b}1');
    const shown = await here.run('inbox', 'show', row.key);
    expect(shown.stdout).toMatch(/turn .* failed {2}1\.5 s {2}t1 {2}answer ans-t1\npart ans-t1 {2}part 0 {2}may have been sent/u);
    expect(JSON.parse((await here.run('outbox', 'show', 'ans-t1', '--json')).stdout).messages[0].key).toBe(row.key);
    expect((await here.run('outbox', 'list', '--state', 'unknown')).stdout).toContain('gone/main c');
    expect((await here.run('inbox', 'list', '--state', 'dead')).code).toBe(2);
    expect(JSON.parse((await here.run('inbox', 'show', 'none', '--json')).stdout).error.code).toBe('not-found');
  };
  await look();
  expect(await here.run('inbox', 'retry', row.key)).toMatchObject({ code: 1, stderr: expect.stringContaining('Start it with `copaw start`.') });
  const server = await here.start();
  await look();
  expect(JSON.parse((await here.run('outbox', 'retry', 'ans-t1', '--even-if-sent', '--json')).stdout).error.code).toBe('conflict');
  expect(JSON.parse((await here.run('inbox', 'retry', 'k2', '--json')).stdout).error.message).toBe('This message was answered.');
  const retried = JSON.parse((await here.run('inbox', 'retry', row.key, '--json')).stdout).message;
  expect(retried.key).toBe(`${row.key}#retry-1`);
  for await (const event of server.operator.events({ turnId: retried.turnId, after: '0' }, new AbortController().signal))
    if (event.type === 'turn-end') expect(event.outcome).toBe('answered');
  expect((await here.run('inbox', 'list', '--state', 'failed')).stdout).toContain('m\\u{1b}1');
  await server.end('SIGTERM');
}, 120_000);

test('what the operator says in a chat goes out once as CoPaw, is kept in the conversation, and goes nowhere but to who is listed', async () => {
  const { channel, world, turnOf, list } = await open();
  await turnOf(() => channel.say('hello'));
  await channel.arrived(1);
  const sessions = await world.app.sessions('console:dev_1');
  const [chat] = await sessions.list({ limit: 5, show: 'all' });
  if (!chat) throw new Error('no conversation');
  const message = { text: 'I am **on my way**.', messageId: 'm1' };
  const [first, again] = await Promise.all([sessions.say(chat.id, message), sessions.say(chat.id, message)]);
  expect(first.turnId).toBe(again.turnId);
  await channel.arrived(2);
  expect(await sessions.say(chat.id, message)).toMatchObject({ turnId: first.turnId, duplicate: true });
  expect(channel.textsTo('chat-of-ana')).toEqual([`Done ${canary}.`, 'I am on my way.']);
  expect((await sessions.read(chat.id, { limit: 9 })).map(({ role, text }) => `${role}: ${text}`)).toEqual([
    'user: hello',
    `assistant: Done ${canary}.`,
    'assistant: I am **on my way**.',
  ]);
  const audited = await world.app.store.audit.newest(50, 'channel-send');
  expect(audited.length).toBeGreaterThan(0);
  expect(JSON.stringify(audited)).not.toContain('on my way');
  expect(audited[0]?.detail).toMatchObject({ channel: 'fake', account: 'main', chat: 'chat-of-ana', by: 'console:dev_1' });
  // The model sees it, and answers what comes next.
  await turnOf(() => channel.say('when?', { id: 'event-9' }));
  await channel.arrived(3);

  await expect(sessions.say(chat.id, { text: ' ', messageId: 'm2' })).rejects.toMatchObject({ code: 'invalid' });
  await list([]);
  await expect(sessions.say(chat.id, { text: 'still there?', messageId: 'm3' })).rejects.toMatchObject({ code: 'forbidden', rule: 'R9' });
  await world.ask('my own words');
  const [own] = (await sessions.list({ limit: 5, show: 'all' })).filter(({ id }) => id !== chat.id);
  await expect(sessions.say(own?.id ?? '', { text: 'x', messageId: 'm4' })).rejects.toMatchObject({ code: 'conflict' });
  await expect(sessions.say('nowhere', { text: 'x', messageId: 'm5' })).rejects.toMatchObject({ code: 'not-found' });
  expect(channel.sent).toHaveLength(3);
});

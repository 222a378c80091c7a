// One person on several channels, through the whole app: one conversation, each answer where it was asked, and no right by a link.
import { afterEach, expect, test } from 'vitest';
import { createFakeChannel } from '../../src/testing/fake-channel.ts';
import { createFakeClock } from '../../src/testing/fake-clock.ts';
import { openWorld } from './harness.ts';
import { createScriptedModel } from './scripted-model.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const listed = { enabled: true, allow: ['ana', 'ben'], operators: ['olga'], groups: { g1: {} } };

async function open(identities: object, { phone = {}, mail = {} }: { phone?: object; mail?: object } = {}) {
  const clock = createFakeClock();
  const chats = { phone: createFakeChannel({ now: clock.now }), mail: createFakeChannel({ now: clock.now }) };
  const model = createScriptedModel();
  const world = await openWorld({
    ...{ provider: model.provider, clock, channels: { phone: chats.phone.factory, mail: chats.mail.factory } },
    config: { channels: { phone: { main: { ...listed, ...phone } }, mail: { main: { ...listed, ...mail } } }, identities },
  });
  closing.push(() => world.close());
  const sessions = () => world.app.operator.sessions({ limit: 10 });
  /** What the model was last shown of what people said. */
  const shown = (): string => JSON.stringify(model.requests.at(-1)?.messages);
  return { ...chats, clock, model, world, sessions, shown };
}
const settle = async (): Promise<void> => {
  for (let round = 0; round < 50; round++) await new Promise((resolve) => setImmediate(resolve));
};
const anna = { anna: ['phone/main/ana', 'mail/main/ana'] };

test('what was said on one channel is known on the other, and each answer goes to where it was asked', async () => {
  const { phone, mail, world, sessions, shown } = await open(anna);
  await phone.say('said-on-the-phone');
  await phone.arrived(1);
  await mail.say('as I said');
  await mail.arrived(1);
  expect(shown()).toContain('said-on-the-phone');
  expect(await sessions()).toHaveLength(1);
  await world.restart();
  await phone.say('and now?');
  await phone.arrived(2);
  expect([phone.textsTo('chat-of-ana'), mail.textsTo('chat-of-ana')]).toEqual([['Done.', 'Done.'], ['Done.']]);
  // /new begins one for all of them, and puts the old one away.
  await mail.say('/new');
  await mail.arrived(2);
  await phone.say('a fresh start');
  await phone.arrived(3);
  expect(shown()).not.toContain('said-on-the-phone');
  expect(await sessions()).toHaveLength(2);
  expect(world.faults).toEqual([]);
});

test('what comes on another channel during a turn has a turn of its own, and its answer goes there', async () => {
  const { phone, mail, model, world } = await open({ olga: ['phone/main/olga', 'mail/main/olga'] });
  const olga = { sender: { id: 'olga' } };
  model.play([['run_command', { command: 'true', network: true }]]);
  await phone.say('go', olga);
  await phone.arrived(1);
  await mail.say('meanwhile', olga);
  await settle();
  expect(mail.sent).toEqual([]);
  const [approval] = await world.app.operator.approvals();
  // The other id is an operator's own: it may answer, as any of them.
  await mail.say(`/deny ${approval?.id}`, olga);
  await mail.arrived(2);
  await phone.arrived(2);
  expect([phone.textsTo('chat-of-olga').at(-1), mail.textsTo('chat-of-olga')]).toEqual(['Done.', ['Denied.', 'Done.']]);
  expect(world.faults).toEqual([]);
});

test('a chat that was there before keeps its conversation; the common one begins anew, and groups stay what they are', async () => {
  const { phone, mail, world, sessions, shown } = await open({});
  await phone.say('long-ago');
  await phone.arrived(1);
  await world.app.config.commit('cli', [{ path: ['identities'], value: anna }]);
  await phone.say('today');
  await phone.arrived(2);
  await mail.say('too');
  await mail.arrived(1);
  expect(shown()).toContain('today');
  expect(shown()).not.toContain('long-ago');
  await phone.say('in public', { chat: { id: 'g1', kind: 'group' }, mentioned: true });
  await phone.arrived(3);
  expect(shown()).not.toContain('today');
  expect(await sessions()).toHaveLength(3);
  expect(world.faults).toEqual([]);
});

test('attack: a link lets nobody in, makes nobody the operator, and joins no operator’s conversation with another', async () => {
  const { phone, mail, world, sessions, shown } = await open(
    { olga: ['phone/main/olga', 'mail/main/olga@mail', 'mail/main/eve'] },
    { mail: { allow: ['olga@mail'], operators: [] } },
  );
  expect(world.faults.map(String).join()).toContain('identities.olga');
  await phone.say('private-words', { sender: { id: 'olga' } });
  await phone.arrived(1);
  await mail.say('what did I say?', { sender: { id: 'olga@mail' } });
  await mail.arrived(1);
  expect(shown()).not.toContain('private-words');
  expect((await sessions()).length).toBe(2);
  await mail.say('/usage', { sender: { id: 'olga@mail' } });
  await mail.arrived(2);
  expect(mail.textsTo('chat-of-olga@mail')[1]).toContain('Only the operator');
  await mail.say('let me in', { sender: { id: 'eve' } });
  await mail.arrived(3);
  expect(mail.textsTo('chat-of-eve')[0]).toContain('give them this code');
  const { identities } = await (await world.app.people('cli')).view();
  expect(identities[0]).toMatchObject({
    name: 'olga',
    ids: [{ standing: 'operator' }, { standing: 'direct' }, { id: 'eve' }],
    fault: expect.stringContaining('share nothing'),
  });
  // Let in as one's own the second id is one with the first, and gets none of what it said before.
  await world.app.config.commit('cli', [{ path: ['channels', 'mail', 'main'], value: { ...listed, allow: [], operators: ['olga@mail'] } }]);
  await phone.say('now-together', { sender: { id: 'olga' } });
  await phone.arrived(2);
  await mail.say('and?', { sender: { id: 'olga@mail' } });
  await mail.arrived(4);
  expect(shown()).toContain('now-together');
  expect(shown()).not.toContain('what did I say?');
});

test('of an account that is down the operator is told on another one, also where both are one conversation', async () => {
  const { phone, mail, clock } = await open({ olga: ['phone/main/olga', 'mail/main/olga'] });
  for (const [one, count] of [
    [phone, 1],
    [mail, 1],
  ] as const) {
    await one.say('hi', { sender: { id: 'olga' } });
    await one.arrived(count);
  }
  phone.starts(...Array.from({ length: 7 }, () => 'dns' as const));
  phone.connection().drop(new Error('read ECONNRESET'));
  await clock.advance(62_000);
  await mail.arrived(2);
  expect(mail.textsTo('chat-of-olga')[1]).toContain('I cannot be reached on phone/main');
});

test('what the operator says there goes to the chat that was used last, and never to one that belongs to it no more', async () => {
  const { phone, mail, world, sessions } = await open(anna);
  await phone.say('first here');
  await phone.arrived(1);
  await mail.say('then there');
  await mail.arrived(1);
  const [one] = await sessions();
  const admin = await world.app.sessions('cli');
  expect(await admin.say(one?.id ?? '', { text: 'There.', messageId: 'm1' })).toMatchObject({ to: { channel: 'mail', chat: 'chat-of-ana' } });
  await mail.arrived(2);
  // Whoever wrote by mail was not her: the id stays listed, and is hers no more.
  await world.app.config.commit('cli', [{ path: ['identities'], value: { anna: ['phone/main/ana', 'mail/main/annie'] } }]);
  await expect(admin.say(one?.id ?? '', { text: 'A secret of hers.', messageId: 'm2' })).rejects.toMatchObject({ code: 'forbidden' });
  expect(mail.textsTo('chat-of-ana')).toEqual(['Done.', 'There.']);
  expect(phone.textsTo('chat-of-ana')).toEqual(['Done.']);
});

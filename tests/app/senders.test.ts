// Senders through the whole app: the real doors, store, gate and delivery; only the chat platform and the model are made up.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Origin } from '../../src/core/address.ts';
import { groupFolder } from '../../src/core/address.ts';
import type { PlacedEvent } from '../../src/core/turn-event.ts';
import { createFakeChannel, type FakeChannel } from '../../src/testing/fake-channel.ts';
import { createFakeClock, type FakeClock } from '../../src/testing/fake-clock.ts';
import { openWorld, type World } from './harness.ts';
import { createScriptedModel } from './scripted-model.ts';

const minute = 60_000;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const account = { enabled: true, allow: ['ana', 'ben'], operators: ['olga'], groups: { g1: {} }, senderPerMinute: 100, chatPerMinute: 200 };

interface Here {
  readonly world: World;
  readonly channel: FakeChannel;
  readonly clock: FakeClock;
  readonly model: ReturnType<typeof createScriptedModel>;
  /** Resolves at the next end of a turn that was not seen before. */
  ended(): Promise<PlacedEvent>;
  /** Everything the database and the log hold, as text. */
  stored(): string;
}

async function open(main: object = {}, more: object = {}): Promise<Here> {
  const clock = createFakeClock(Date.now());
  const channel = createFakeChannel({ now: clock.now });
  const model = createScriptedModel();
  const world = await openWorld({
    provider: model.provider,
    clock,
    channels: { fake: channel.factory },
    config: { channels: { fake: { main: { ...account, ...main }, off: {} } }, ...more },
  });
  closing.push(() => world.close());
  const abort = new AbortController();
  closing.push(() => abort.abort());
  const ends: PlacedEvent[] = [];
  let waiting: (() => void) | undefined;
  void (async () => {
    for await (const event of world.app.operator.events({ after: '0' }, abort.signal)) {
      if (event.type !== 'turn-end') continue;
      ends.push(event);
      waiting?.();
    }
  })();
  let taken = 0;
  return {
    ...{ world, channel, clock, model },
    async ended() {
      while (ends.length <= taken)
        await new Promise<void>((resolve) => {
          waiting = resolve;
        });
      const end = ends[taken++];
      if (!end) throw new Error('no end');
      return end;
    },
    stored: () =>
      ['copaw.db', 'copaw.db-wal', 'logs/copaw.log']
        .map((name) => join(world.home, name))
        .filter((path) => existsSync(path))
        .map((path) => readFileSync(path, 'latin1'))
        .join('\n'),
  };
}

const settle = async (): Promise<void> => {
  for (let round = 0; round < 50; round++) await new Promise((resolve) => setImmediate(resolve));
};
const group = { chat: { id: 'g1', kind: 'group' } } as const;
const from = (id: string) => ({ sender: { id } });
const originOf = async ({ world }: Here, turnId: string): Promise<Origin | undefined> => (await world.app.store.turns.get(turnId))?.origin;
/** What `look` finds, once it finds something; ten seconds of real time at the most. */
const eventually = async <T>(look: () => Promise<T | undefined>): Promise<T> => {
  for (const end = Date.now() + 10_000; Date.now() < end; await settle()) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error('It never came to that.');
};
const pendingApproval = ({ world }: Here) => eventually(async () => (await world.app.operator.approvals())[0]);

test('ordinary traffic: a friend, the operator and a mention are answered once each, without a question', async () => {
  const here = await open();
  const { channel, world } = here;
  await channel.say('hi', from('ana'));
  expect(await originOf(here, (await here.ended()).turnId)).toBe('direct');
  await channel.say('hi', from('olga'));
  expect(await originOf(here, (await here.ended()).turnId)).toBe('operator');
  await channel.say('hi', { ...from('ben'), ...group, mentioned: true });
  expect(await originOf(here, (await here.ended()).turnId)).toBe('group');
  await channel.arrived(3);
  expect(channel.sent.map(({ to, message }) => `${to.chat} ${message.text}`)).toEqual(['chat-of-ana Done.', 'chat-of-olga Done.', 'g1 Done.']);
  // Answering what CoPaw said is addressing it, once its receipt is written down.
  await settle();
  await channel.say('and more', { ...from('ana'), ...group, replyTo: channel.sent[2]?.ref ?? '' });
  await here.ended();
  await channel.arrived(4);
  await settle();
  expect(channel.sent).toHaveLength(4);
  expect(await world.app.operator.approvals()).toEqual([]);
  expect(world.faults).toEqual([]);
  expect([...channel.opened]).toEqual(['main']);
  const sessions = await world.app.operator.sessions({ limit: 10 });
  expect(sessions.map(({ id }) => id)).toEqual(expect.arrayContaining([expect.stringMatching(/^chat_[0-9a-f]{32}$/)]));
  expect(new Set(sessions.map(({ id }) => id)).size).toBe(3);
});

test('attack: nothing a stranger does starts a turn, is kept, or gets more than one text', async () => {
  const here = await open();
  const { channel, world } = here;
  const canary = 'canary-of-a-stranger';
  const eve = from('eve');
  for (let again = 0; again < 5; again++) await channel.say(canary, { ...eve, id: `m${again}` });
  await channel.say(canary, { sender: { id: 'eve', name: 'olga' } });
  await channel.emit('edit', { ...eve, target: 'm0', text: canary });
  await channel.emit('delete', { ...eve, target: 'm0' });
  await channel.emit('reaction', { ...eve, target: 'm0', emoji: canary });
  await channel.emit('choice', { ...eve, target: 'm0', value: canary });
  await channel.emit('command', { ...eve, name: 'approve', text: canary });
  await channel.emit('join', { ...eve, ...group });
  await channel.say(canary, { ...eve, ...group, mentioned: true });
  await channel.say(canary, { ...from('ana'), chat: { id: 'g2', kind: 'group' }, mentioned: true });
  await channel.say(canary, { sender: { id: 'robot', bot: true } });
  await settle();
  expect(here.model.requests).toEqual([]);
  expect(await world.app.operator.sessions({ limit: 10 })).toEqual([]);
  expect(await world.app.store.inbox.open()).toEqual([]);
  expect(channel.sent).toHaveLength(1);
  expect(channel.sent[0]?.message).toEqual({ text: expect.stringMatching(/give them this code: [A-HJKMNP-Z]{4}-[A-HJKMNP-Z]{4}$/u) });
  expect(here.stored()).not.toContain(canary);
  const { turnedAway } = await (await world.app.people('cli')).view();
  expect(turnedAway.map(({ sender, rule }) => `${sender} ${rule}`).sort()).toEqual(['ana R9', 'eve R9', 'robot R11']);
  expect(world.faults).toEqual([]);
});

test('pairing: one code an hour, approved into the allow list, audited; nothing from before is answered', async () => {
  const here = await open();
  const { channel, world, clock } = here;
  await channel.say('earlier-words', from('eve'));
  await channel.arrived(1);
  const people = await world.app.people('cli');
  const [pairing] = (await people.view()).pairings;
  expect(pairing).toMatchObject({ channel: 'fake', account: 'main', sender: 'eve' });
  expect(channel.textsTo('chat-of-eve')[0]?.replace('-', '')).toContain(pairing?.code);
  await clock.advance(59 * minute);
  await channel.say('again', from('eve'));
  await settle();
  expect(channel.sent).toHaveLength(1);
  await clock.advance(2 * minute);
  await channel.say('again', from('eve'));
  await channel.arrived(2);
  const [second] = (await people.view()).pairings;
  expect(second?.code).not.toBe(pairing?.code);
  await expect(people.approve(pairing?.code ?? '', false)).rejects.toMatchObject({ code: 'not-found', rule: 'R9' });
  await expect((await world.app.people('api:dev_1')).approve(second?.code ?? '', true)).rejects.toMatchObject({ code: 'forbidden', rule: 'R9' });
  const shown = `${second?.code.slice(0, 4).toLowerCase()} ${second?.code.slice(4)}`;
  expect(await people.approve(shown, false)).toMatchObject({ sender: 'eve' });
  expect(world.app.config.current().channels.fake?.main).toMatchObject({ allow: ['ana', 'ben', 'eve'], operators: ['olga'] });
  await settle();
  expect(here.model.requests).toEqual([]);
  await channel.say('after', from('eve'));
  expect(await originOf(here, (await here.ended()).turnId)).toBe('direct');
  expect(JSON.stringify(here.model.requests)).not.toContain('earlier-words');
  const kinds = (await world.app.store.audit.after(0, 100)).map(({ kind, detail }) => `${kind} ${detail.sender ?? detail.paths}`);
  expect(kinds).toEqual(expect.arrayContaining(['pairing-approve eve', 'config-change channels.fake.main.allow']));
  expect(await world.app.audit.verify()).toMatchObject({ ok: true });
});

test('pairing as operator, and a refusal that silences', async () => {
  const here = await open();
  const { channel, world, clock } = here;
  const people = await world.app.people('console:dev_1');
  await channel.say('me', from('second-phone'));
  await channel.say('me', from('mallory'));
  await channel.arrived(2);
  const code = async (sender: string): Promise<string> => (await people.view()).pairings.find((one) => one.sender === sender)?.code ?? '';
  await people.deny(await code('mallory'));
  await people.approve(await code('second-phone'), true);
  await channel.say('hi', from('second-phone'));
  expect(await originOf(here, (await here.ended()).turnId)).toBe('operator');
  await clock.advance(3 * 60 * minute);
  await channel.say('please', from('mallory'));
  await settle();
  expect(channel.textsTo('chat-of-mallory')).toHaveLength(1);
  expect((await people.view()).pairings).toEqual([]);
});

test('attack: a crowd of strangers fills no table and gets twenty codes', async () => {
  const { channel, world, clock } = await open();
  for (let stranger = 0; stranger < 300; stranger++) {
    await channel.say('hi', from(`stranger${stranger}`));
    if (stranger % 50 === 49) await clock.advance(minute);
  }
  await settle();
  expect(channel.sent).toHaveLength(20);
  const { pairings, turnedAway } = await (await world.app.people('cli')).view();
  expect([pairings.length, turnedAway.length]).toEqual([20, 200]);
});

test('pairing off, a channel that is off, and an unknown kind are silent; the unknown kind is named at the start', async () => {
  const here = await open({ pairing: false }, {});
  await here.channel.say('hi', from('eve'));
  await settle();
  expect(here.channel.sent).toEqual([]);
  const config = JSON.parse(readFileSync(join(here.world.home, 'config.json'), 'utf8'));
  config.channels.unheard = { main: { enabled: true, allow: ['ana'], wish: 1 } };
  await here.world.app.config.commit('cli', [
    { path: ['channels'], value: { ...config.channels, fake: { main: { ...account, dangerouslyAllowEveryone: true } } } },
  ]);
  await here.world.restart();
  expect(here.world.faults.map(String).join('\n')).toMatch(/dangerouslyAllowEveryone is on[\s\S]*"unheard", a channel this CoPaw does not have/u);
  expect(JSON.parse(readFileSync(join(here.world.home, 'config.json'), 'utf8')).channels.unheard.main.wish).toBe(1);
});

test('attack: replays, stale and future events are not answered; the friend hears why, once', async () => {
  const here = await open();
  const { channel, clock } = here;
  await channel.say('hi', { ...from('ana'), id: 'same' });
  await here.ended();
  for (let again = 0; again < 3; again++) await channel.say('hi', { ...from('ana'), id: 'same' });
  await channel.say('old', { ...from('ana'), at: clock.now() - 48 * 60 * minute });
  await channel.say('old', { ...from('ana'), at: clock.now() - 49 * 60 * minute });
  await channel.say('tomorrow', { ...from('ana'), at: clock.now() + 60 * minute });
  await channel.arrived(2);
  await settle();
  expect(channel.textsTo('chat-of-ana')).toEqual(['Done.', expect.stringContaining('too late')]);
  expect(here.model.requests).toHaveLength(1);
});

test('attack: a flood is cut with one short note, and the rest of the day works', async () => {
  const here = await open({ senderPerMinute: 3 });
  const { channel, clock } = here;
  for (let sent = 0; sent < 10; sent++) {
    await channel.say(`flood ${sent}`, from('ana'));
    if (sent < 3) await here.ended();
  }
  await channel.arrived(4);
  await settle();
  expect(channel.textsTo('chat-of-ana').filter((text) => text.includes('a lot at once'))).toHaveLength(1);
  expect(here.model.requests).toHaveLength(3);
  await clock.advance(minute);
  await channel.say('calm', from('ana'));
  await here.ended();
  expect(here.model.requests).toHaveLength(4);
});

test('an edit of what waits replaces it, a withdrawal takes it out, and an edit of what was answered runs nothing', async () => {
  const here = await open({}, { limits: { parallelTurns: 1 } });
  const { channel, model, world } = here;
  // A question to the operator holds the only place.
  model.play([['run_command', { command: 'true', network: true }]]);
  await channel.say('go', from('olga'));
  const approval = await pendingApproval(here);
  await channel.say('first words', { ...from('ana'), id: 'a1' });
  await channel.say('never mind', { ...from('ben'), id: 'b1' });
  await channel.emit('edit', { ...from('ana'), target: 'a1', text: 'better words' });
  await channel.emit('edit', { ...from('ben'), chat: { id: 'chat-of-ana', kind: 'direct' }, target: 'a1', text: 'words of somebody else' });
  await channel.emit('delete', { ...from('ben'), target: 'b1' });
  await world.app.operator.answer(approval.id, 'deny', 'console');
  await here.ended();
  await here.ended();
  await settle();
  const asked = JSON.stringify(model.requests);
  expect(asked).toContain('better words');
  for (const gone of ['first words', 'never mind', 'words of somebody else']) expect(asked).not.toContain(gone);
  const before = model.requests.length;
  await channel.emit('edit', { ...from('ana'), target: 'a1', text: 'a third try' });
  await settle();
  expect(model.requests).toHaveLength(before);
  expect(await world.app.store.inbox.get('fake:main:chat-of-ana:a1')).toMatchObject({ state: 'answered', envelope: { inbound: { text: 'better words' } } });
  expect(await world.app.store.inbox.get('fake:main:chat-of-ben:b1')).toMatchObject({ state: 'cancelled', envelope: { inbound: { text: '' } } });
  expect(world.faults).toEqual([]);
});

const network = [['run_command', { command: 'true', network: true }]] as const;

test('attack: approvals are answered by an operator id, fresh, in a direct chat, and by nobody else', async () => {
  const here = await open();
  const { channel, model, world, clock } = here;
  model.play(network);
  await channel.say('go', from('ana'));
  const { id } = await pendingApproval(here);
  await channel.arrived(1);
  expect(channel.textsTo('chat-of-ana')[0]).toContain("operator's yes");
  expect(channel.textsTo('chat-of-ana')[0]).not.toMatch(/run_command|appr_/);
  const stillPending = async (): Promise<boolean> => (await world.app.operator.approvals()).some((one) => one.id === id);
  const approve = `/approve ${id}`;
  await channel.say(approve, from('ana'));
  await channel.say(approve, { ...from('olga'), ...group, mentioned: true });
  await channel.say(approve, { ...from('ben'), ...group, mentioned: true });
  await channel.say(approve, from('eve'));
  await channel.say(approve, { ...from('olga'), at: clock.now() - 6 * minute });
  await channel.emit('choice', { ...from('olga'), value: `approval:${id}:once:forged` });
  await channel.emit('choice', { ...from('olga'), value: `approval:${id}:once:` });
  await channel.emit('command', { ...from('ana'), name: 'approve', text: id });
  await settle();
  expect(await stillPending()).toBe(true);
  expect(channel.textsTo('chat-of-ana').filter((text) => text.includes('Only the operator'))).toHaveLength(2);
  expect(channel.textsTo('chat-of-eve')).toEqual([expect.stringContaining('code')]);
  await channel.say('/approve appr_other', from('olga'));
  await channel.say(`/deny ${id}`, from('olga'));
  await settle();
  expect(await stillPending()).toBe(false);
  expect(channel.textsTo('chat-of-olga')).toEqual(expect.arrayContaining([expect.stringContaining('There is no approval'), 'Denied.']));
  expect(await world.app.store.approvals.get(id)).toMatchObject({ state: 'denied', answeredBy: 'fake:main:olga' });
  const refused = (await world.app.store.audit.after(0, 200)).filter(({ kind }) => kind === 'approval-answer-refused');
  expect(refused.map(({ detail }) => `${detail.rule} ${detail.sender}`).sort()).toEqual([
    'R13 ana',
    'R13 ana',
    'R13 ben',
    'R13 olga',
    'R13 olga',
    'R13 olga',
    'R13 olga',
  ]);
});

test('the operator answers in the chat that asks: by text, and by a button that works for nobody else', async () => {
  const here = await open();
  const { channel, model, world } = here;
  const ask = async (): Promise<string> => {
    model.play(network);
    const before = channel.sent.length;
    await channel.say('go', from('olga'));
    const { id } = await pendingApproval(here);
    await channel.arrived(before + 1);
    return id;
  };
  const first = await ask();
  const question = channel.sent.at(-1)?.message;
  expect(question?.text).toContain('run_command {"command":"true","network":true}');
  const allow = question?.choices?.find(({ label }) => label === 'Allow once')?.value ?? '';
  await channel.emit('choice', { ...from('ana'), value: allow });
  await channel.emit('choice', { ...from('olga'), chat: { id: 'elsewhere', kind: 'direct' }, value: allow });
  await channel.emit('choice', { ...from('olga'), value: allow.replace(':once:', ':always:') });
  expect((await world.app.operator.approvals()).map(({ id }) => id)).toEqual([first]);
  await channel.emit('choice', { ...from('olga'), value: allow });
  const answered = await eventually(async () => {
    const approval = await world.app.store.approvals.get(first);
    return approval?.state === 'pending' ? undefined : approval;
  });
  expect(answered).toMatchObject({ state: 'approved', decision: 'once', answeredBy: 'fake:main:olga' });
  await world.app.operator.stop((await world.app.operator.sessions({ limit: 1 }))[0]?.id ?? '');
}, 20_000);

test('attack: what the operator forwards is no command of his', async () => {
  const here = await open();
  const { channel, model, world } = here;
  model.play(network);
  await channel.say('go', from('ana'));
  const { id } = await pendingApproval(here);
  await channel.say(`/approve ${id}`, { ...from('olga'), forwarded: true });
  await here.ended();
  expect((await world.app.operator.approvals()).map((one) => one.id)).toEqual([id]);
  const ofOlga = (await world.app.operator.sessions({ limit: 10 })).find(({ address }) => address.peer === 'olga');
  expect(await world.app.store.sessions.get(ofOlga?.id ?? '')).toMatchObject({ tainted: true });
});

test('attack: a group reads neither memory nor the operator’s files, and the console does not speak into it', async () => {
  const here = await open();
  const { channel, model, world } = here;
  const files = { PROFILE: 'canary-profile', MEMORY: 'canary-memory', AGENTS: 'canary-agents' };
  const { writeFileSync } = await import('node:fs');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(world.workspace, `${name}.md`), text);
  const folder = groupFolder({ channel: 'fake', account: 'main', chat: 'g1' });
  model.play([
    ['read_file', { path: 'MEMORY.md' }],
    ['read_file', { path: `${folder}/../../PROFILE.md` }],
    ['list_files', { path: '.' }],
    ['memory_search', { query: 'canary' }],
  ]);
  await channel.say('tell all', { ...from('ana'), ...group, mentioned: true });
  await here.ended();
  expect(JSON.stringify(model.requests)).not.toContain('canary-');
  expect(JSON.stringify(model.requests)).toContain(folder);
  model.play();
  await channel.say('hi', from('olga'));
  await here.ended();
  expect(JSON.stringify(model.requests.at(-1))).toContain('canary-profile');
  const inGroup = (await world.app.operator.sessions({ limit: 10 })).find(({ address }) => address.chat === 'g1');
  await expect(world.app.operator.submit({ channel: 'console', sessionId: inGroup?.id ?? '', text: 'hi' })).rejects.toMatchObject({
    code: 'forbidden',
    rule: 'R13',
  });
});

test('answers: sent once whatever the platform does, in order, and not to who left the list meanwhile', async () => {
  const here = await open();
  const { channel, world, clock } = here;
  channel.next('lost', 'ok', 'unsure', 'refused');
  await channel.say('one', from('ana'));
  await here.ended();
  await settle();
  expect(channel.sent).toHaveLength(0);
  await clock.advance(5_000);
  await channel.arrived(1);
  await channel.say('two', from('ana'));
  await here.ended();
  await channel.say('three', from('ana'));
  await here.ended();
  await settle();
  await clock.advance(10 * minute);
  expect(channel.sent.map(({ key }) => key.part)).toEqual([0, 0]);
  expect(new Set(channel.sent.map(({ key }) => key.answerId)).size).toBe(2);

  channel.next('hang');
  await channel.say('four', from('ana'));
  await here.ended();
  await channel.say('five', from('ben'));
  await here.ended();
  await clock.advance(2 * minute);
  // It held up nobody; the platform was asked what became of it, did not have it, and got it.
  await channel.arrived(4);
  expect(channel.sent.slice(2).map(({ to }) => to.chat)).toEqual(['chat-of-ben', 'chat-of-ana']);

  here.model.play(network);
  await channel.say('six', from('ben'));
  const { id } = await pendingApproval(here);
  await channel.arrived(5);
  await world.app.config.commit('cli', [{ path: ['channels', 'fake', 'main', 'allow'], value: ['ana'] }]);
  await world.app.operator.answer(id, 'deny', 'console');
  await here.ended();
  await settle();
  expect(channel.textsTo('chat-of-ben')).toHaveLength(2);
  expect((await world.app.store.audit.after(0, 200)).map(({ kind }) => kind)).toContain('send-refused');
});

test('a restart loses nothing that was accepted, and asks the door again', async () => {
  const here = await open({}, { limits: { parallelTurns: 1 } });
  const { channel, model, world } = here;
  model.play(network);
  await channel.say('go', from('olga'));
  await pendingApproval(here);
  await channel.say('kept', from('ana'));
  await channel.say('dropped', { ...from('ben'), id: 'b1' });
  await world.app.config.commit('cli', [{ path: ['channels', 'fake', 'main', 'allow'], value: ['ana'] }]);
  await world.restart();
  await world.app.operator.answer((await pendingApproval(here)).id, 'deny', 'console');
  await channel.arrived(1, 'chat-of-ana');
  expect(channel.textsTo('chat-of-ana')).toEqual(['Done.']);
  expect(channel.textsTo('chat-of-ben')).toEqual([]);
  expect(JSON.stringify(model.requests)).not.toContain('dropped');
  expect(await world.app.store.inbox.get('fake:main:chat-of-ben:b1')).toMatchObject({ state: 'refused', rule: 'R9', envelope: { inbound: { text: '' } } });
});

test('attack: a channel cannot be one of CoPaw’s own surfaces', async () => {
  const channel = createFakeChannel({ now: Date.now });
  await expect(openWorld({ channels: { console: channel.factory } })).rejects.toMatchObject({ code: 'config-invalid', rule: 'R9' });
  expect(channel.opened).toEqual([]);
});

// A whole CoPaw and a push service: who is told what, once, sealed for one browser, and how each way of being switched off ends it.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PushChoice } from '../../src/core/push.ts';
import { createFakeClock, type FakeClock } from '../../src/testing/fake-clock.ts';
import { job } from '../../src/testing/store-rows.ts';
import { openWorld, type World, type WorldOptions } from './harness.ts';
import { openPushService, type PushService } from './push-service.ts';

let service: PushService;
let world: World;
const open = async (options: WorldOptions = {}): Promise<World> => {
  world = await openWorld({ config: { rules: [{ effect: 'run', verdict: 'ask' }] }, pushFetch: service.fetch, ...options });
  return world;
};
beforeEach(async () => {
  service = await openPushService();
});
afterEach(async () => {
  await world.close();
  await service.close();
});

const all: PushChoice = { kinds: ['approvals', 'answers', 'reminders', 'failures'], text: false, language: 'en' };

/** A device whose browser is told. */
async function tell(id: string, choice: Partial<PushChoice> = {}): Promise<void> {
  const { store, admins } = world.app;
  await store.devices.add({ id, name: id, tokenHash: id, createdAt: 1, seenAt: 1 });
  await admins.push.put(id, service.subscribe(id, await admins.push.key()), { ...all, ...choice }, 'test');
}

/** Says something in the console and waits for the end of the turn. */
async function say(text: string, sessionId = 's1', onApproval: (id: string) => unknown = () => undefined): Promise<string> {
  const { operator } = world.app;
  const { turnId } = await operator.submit({ channel: 'console', sessionId, text });
  for await (const event of operator.events({ turnId, after: '0' }, new AbortController().signal))
    if (event.type === 'approval-request') await onApproval(event.approval.id);
  return turnId;
}

test('a question is told with its agent and its end and nothing of its text, and is replaced once it is answered; the answer is told too', async () => {
  await open();
  await tell('phone');
  await say('run: echo the-heron-flies', 's1', async (id) => {
    await service.taken(1);
    await world.app.operator.answer(id, 'once', 'test');
  });
  const [asked, settled, answered] = (await service.taken(3)).map(({ message }) => message);
  expect(asked).toMatchObject({ title: 'CoPaw (main) asks for your yes', hash: '#/inbox', silent: false });
  expect(asked?.body).toMatch(/^It waits until \d\d:\d\d\.$/u);
  expect(settled).toMatchObject({ tag: asked?.tag, title: 'This question waits no longer.', body: 'CoPaw (main)', silent: true });
  expect(answered).toMatchObject({ title: 'CoPaw (main) has answered', body: 'Open CoPaw to see it.', hash: '#/s/s1', silent: false });
  expect(JSON.stringify(service.delivered.map(({ message }) => message))).not.toContain('heron');

  const [first, second, third] = service.delivered;
  expect(new Set(service.delivered.map(({ body }) => body.length)).size).toBe(1);
  expect([first?.headers.urgency, second?.headers.urgency]).toEqual(['high', 'normal']);
  expect(first?.headers.topic).toBe(second?.headers.topic);
  expect(first?.headers.topic).toMatch(/^[\w-]{32}$/u);
  expect(third?.headers.topic).not.toBe(first?.headers.topic);
  expect(first?.body.includes('main')).toBe(false);
  expect(world.faults).toEqual([]);
});

test('the text is shown where that was chosen, in the language of that browser, and only the chosen kinds are told', async () => {
  await open();
  await tell('phone', { text: true, language: 'zh', kinds: ['approvals'] });
  await tell('laptop', { kinds: ['answers'], text: true });
  await say('run: echo the-heron-flies', 's1', async (id) => {
    const [asked] = await service.taken(1);
    expect(asked).toMatchObject({ browser: 'phone', message: { title: 'CoPaw (main) 需要您同意' } });
    expect(asked?.message.body).toMatch(/^run_command: .+\n等待至 \d\d:\d\d。$/u);
    await world.app.operator.answer(id, 'deny', 'test');
  });
  await service.taken(3);
  expect(service.delivered.map(({ browser }) => browser).sort()).toEqual(['laptop', 'phone', 'phone']);
  const answer = service.delivered.find(({ browser }) => browser === 'laptop')?.message;
  expect(answer?.title).toBe('CoPaw (main) has answered');
  expect(answer?.body.length).toBeGreaterThan(0);
  expect(answer?.body).not.toBe('Open CoPaw to see it.');
});

test('a secret that CoPaw knows is in no notice, also where its text is shown', async () => {
  await open();
  await world.app.secrets.set('mail', 'the-heron-password');
  await tell('phone', { text: true });
  await say('Repeat: the-heron-password', 's1');
  const [told] = await service.taken(1);
  expect(told?.message.body.length).toBeGreaterThan(0);
  expect(told?.message.body).not.toContain('the-heron-password');
});

test('reminders and failures are told; what is said on the command line is not', async () => {
  const clock = createFakeClock();
  await open({ clock });
  await tell('phone', { text: true });
  await world.ask('Say hello');
  await world.app.store.commit({
    transition: 'job-added',
    jobs: [{ ...job('job-1', clock.now() + 60_000), sessionId: 'test', text: 'water the ferns' }],
  });
  await world.restart();
  await clock.advance(61_000);
  const [reminder] = await service.taken(1);
  expect(reminder?.message).toMatchObject({ title: 'CoPaw (main) reminds you', hash: '#/s/test' });
  expect(reminder?.message.body).toContain('water the ferns');
});

test('a compaction that is asked for is no answer', async () => {
  await open();
  for (const text of ['One', 'Two', 'Three', 'Four']) await say(text);
  await tell('phone');
  await say('/compact');
  await say('Hello', 's2');
  const [told] = await service.taken(1);
  expect(told?.message.hash).toBe('#/s/s2');
  expect((await world.app.operator.history('s1', { limit: 100 })).events.some(({ type }) => type === 'compaction')).toBe(true);
});

async function watched(): Promise<FakeClock> {
  const clock = createFakeClock();
  await open({ clock });
  await tell('phone');
  return clock;
}

test('nothing is sent while somebody looks at the console on that device, and what they did not see is told once they are gone', async () => {
  const clock = await watched();
  const { push } = world.app.admins;
  push.seen('phone');
  await say('Hello');
  await clock.advance(10_000);
  push.seen('phone'); // the page asks again: the answer was seen
  await clock.advance(60_000);
  expect(service.asked).toBe(0);

  push.seen('phone');
  await say('Hello again');
  await clock.advance(14_000);
  expect(service.asked).toBe(0);
  await clock.advance(2_000);
  await service.taken(1);
  expect(service.delivered[0]?.message).toMatchObject({ title: 'CoPaw (main) has answered' });
});

test('a browser that is gone is dropped, for 404 as for 410; one that fails for now is tried again when it says so, and told once', async () => {
  const clock = await watched();
  service.answers.push(503, { status: 429, retryAfter: '120' });
  await say('Hello');
  await clock.advance(15_000);
  expect(service.asked).toBe(2);
  await clock.advance(100_000);
  expect(service.asked).toBe(2);
  await clock.advance(30_000);
  await service.taken(1);
  expect([service.asked, service.delivered.length]).toEqual([3, 1]);

  for (const status of [404, 410]) {
    await tell(`old-${status}`);
    service.answers.push(status, status);
    await expect(world.app.admins.push.test(`old-${status}`)).rejects.toMatchObject({ code: 'conflict' });
    expect(await world.app.admins.push.state(`old-${status}`)).not.toHaveProperty('device');
    service.answers.length = 0;
  }
  expect((await world.app.store.push.list()).map(({ deviceId }) => deviceId)).toEqual(['phone']);
});

test('revoked, switched off, logged in anew: nothing goes to the old one any more', async () => {
  await open();
  for (const id of ['revoked', 'off', 'old']) await tell(id, { kinds: ['answers'] });
  const { store, admins } = world.app;
  await store.devices.remove('revoked');
  expect(await admins.push.remove('off', 'test')).toBe(true);
  expect(await admins.push.remove('off', 'test')).toBe(false);
  // The same browser, under a new device.
  const [{ endpoint = '', p256dh = '', auth = '' } = {}] = await store.push.list();
  await store.devices.add({ id: 'new', name: 'new', tokenHash: 'new', createdAt: 1, seenAt: 1 });
  await admins.push.put('new', { endpoint, p256dh, auth }, all, 'test');
  await say('Hello');
  await service.taken(1);
  await say('Hello again', 's2');
  await service.taken(2);
  expect(service.delivered.map(({ browser }) => browser)).toEqual(['old', 'old']);
  expect((await store.push.list()).map(({ deviceId }) => deviceId)).toEqual(['new']);
  const audited = (await store.audit.newest(50)).filter(({ kind }) => kind.startsWith('push-')).map(({ kind, detail }) => `${kind} ${detail.id}`);
  expect(audited).toEqual(['push-on revoked', 'push-on off', 'push-on old', 'push-off off', 'push-on new']);
});

test('keys that are no browser\u2019s, and whoever is no device, are refused', async () => {
  await open();
  const { push } = world.app.admins;
  const target = service.subscribe('phone', '');
  await expect(push.put('phone', target, all, 'test')).rejects.toMatchObject({ code: 'conflict', next: 'Ask for the key first.' });
  await push.key();
  await expect(push.put('run', target, all, 'test')).rejects.toMatchObject({ code: 'conflict' });
  await world.app.store.devices.add({ id: 'phone', name: 'phone', tokenHash: 'phone', createdAt: 1, seenAt: 1 });
  const noPoint = Buffer.alloc(65, 4).toString('base64url');
  await expect(push.put('phone', { ...target, p256dh: noPoint }, all, 'test')).rejects.toMatchObject({ code: 'invalid' });
  expect(await world.app.store.push.list()).toEqual([]);
});

test('the key is made once, is in the vault, and is never told; where it is lost the browsers that knew it are let go', async () => {
  await open();
  const { push } = world.app.admins;
  expect(await push.state('phone')).toEqual({});
  const [key, same] = await Promise.all([push.key(), push.key()]);
  expect([same, await push.key()]).toEqual([key, key]);
  await tell('phone');
  await world.restart();
  expect(await world.app.admins.push.state('phone')).toEqual({ key, device: all });
  expect((await world.app.secrets.list()).map(({ name, use }) => [name, use])).toEqual([['push-sender', undefined]]);
  await world.app.secrets.remove('push-sender');
  expect(await world.app.admins.push.key()).not.toBe(key);
  expect(await world.app.admins.push.state('phone')).not.toHaveProperty('device');
  await say('Hello');
  await expect.poll(async () => (await world.app.store.push.list()).length).toBe(0);
  expect(service.asked).toBe(0);
});

test('where nobody is told, no key is made and nothing is asked', async () => {
  await open();
  await say('Hello');
  expect(await world.app.secrets.list()).toEqual([]);
  expect(service.asked).toBe(0);
});

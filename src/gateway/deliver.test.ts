// Delivery on a real store: each part once, to whom it may go now, whatever the platform does.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Address } from '../core/address.ts';
import { CoPawError } from '../core/error.ts';
import type { OutboxRow } from '../core/session.ts';
import { openStore } from '../store/open-store.ts';
import { createFakeChannel, type SendOutcome } from '../testing/fake-channel.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { outboxRow } from '../testing/store-rows.ts';
import { Delivery } from './deliver.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
const to: Address = { channel: 'fake', account: 'main', chat: 'c', peer: 'ana' };

/** `blind`: the platform cannot be asked what became of a send. */
async function open({ blind = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'copaw-deliver-'));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  const store = await openStore(join(folder, 'copaw.db'));
  closing.push(() => store.close());
  const clock = createFakeClock();
  const platform = createFakeChannel({ now: clock.now });
  const asked = platform.factory('main');
  const { reconcile: _, ...unasked } = asked;
  const channel = blind ? unasked : asked;
  const allowed = new Set(['ana']);
  const refused: string[] = [];
  const make = (more: Partial<ConstructorParameters<typeof Delivery>[0]> = {}) =>
    new Delivery({
      store: store.outbox,
      clock,
      channel: (address) => (address.channel === 'fake' ? channel : undefined),
      mayReach: ({ peer }) => peer !== undefined && allowed.has(peer),
      onRefused: ({ answerId }) => void refused.push(answerId),
      ...more,
    });
  const delivery = make();
  const put = async (answerId: string, more: Partial<OutboxRow> = {}): Promise<void> => {
    await store.commit({ outbox: [outboxRow(answerId, 0, { address: to, nextAt: clock.now(), ...more })] });
    delivery.wake();
    await clock.advance(0);
    await clock.advance(0);
  };
  const state = async (answerId: string) => (await store.outbox.ofAnswer(answerId))[0]?.state;
  return { store, clock, platform, allowed, refused, delivery, make, put, state };
}

test('a surface that reads the log needs no sending; anything else waits for its channel', async () => {
  const { delivery } = await open();
  for (const channel of ['console', 'cli', 'api', 'schedule']) expect(delivery.initial({ ...to, channel })).toEqual({ state: 'sent', ref: 'log' });
  for (const channel of ['fake', 'gone', 'constructor']) expect(delivery.initial({ ...to, channel })).toEqual({ state: 'pending' });
});

test('attack: whoever was taken off the list, and a channel that is gone, get nothing', async () => {
  const { platform, allowed, refused, put, state, make } = await open();
  await put('a1');
  allowed.clear();
  await put('a2');
  await put('a3', { address: { ...to, channel: 'gone' } });
  expect([await state('a1'), await state('a2'), await state('a3')]).toEqual(['sent', 'dead', 'dead']);
  expect([platform.sent.length, refused]).toEqual([1, ['a2', 'a3']]);
  make({ mayReach: () => false }).note({ ...to, channel: 'gone' }, { text: 'x' }, 'n');
  expect(platform.sent).toHaveLength(1);
});

test('without an answer to the question who may be reached, nobody is', async () => {
  const { store, clock, platform } = await open();
  const careless = new Delivery({ store: store.outbox, clock, channel: () => platform.factory('main') });
  await store.commit({ outbox: [outboxRow('a1', 0, { address: to, nextAt: clock.now() })] });
  careless.wake();
  await clock.advance(0);
  await careless.stop();
  expect(platform.sent).toEqual([]);
});

test('a part that did not arrive is tried again, one that may have is not, and a platform that hangs holds up nobody for long', async () => {
  const { platform, clock, put, state } = await open({ blind: true });
  platform.next('lost', 'lost', 'ok', 'unsure', 'refused', 'hang');
  await put('a1');
  expect(await state('a1')).toBe('pending');
  await clock.advance(20_000);
  expect(await state('a1')).toBe('sent');
  await put('a2');
  await put('a3');
  expect([await state('a2'), await state('a3')]).toEqual(['unknown', 'dead']);
  await put('a4');
  await put('a5');
  expect([await state('a4'), await state('a5')]).toEqual(['sending', 'pending']);
  await clock.advance(60_000);
  expect([await state('a4'), await state('a5')]).toEqual(['unknown', 'sent']);
  expect(platform.sent.map(({ key }) => key.answerId)).toEqual(['a1', 'a2', 'a5']);
});

test.each([
  ['as long as it asks for', 20 * 60_000, 20 * 60_000],
  ['an hour at most', 365 * 24 * 60 * 60_000, 60 * 60_000],
  ['never shorter than it would', 1, 2_000],
])('a platform that asks to be left alone is left alone: %s', async (_how, asked, waited) => {
  const { store, clock, platform, make } = await open();
  let tries = 0;
  const channel = platform.factory('main');
  const delivery = make({
    channel: () => ({
      ...channel,
      send: async (...given) => {
        if (++tries === 1) throw new CoPawError('busy', 'Too many requests.', { retryAfterMs: asked });
        return channel.send(...given);
      },
    }),
  });
  await store.commit({ outbox: [outboxRow('a1', 0, { address: to, nextAt: clock.now() })] });
  delivery.wake();
  await clock.advance(waited - 1);
  delivery.wake();
  await clock.advance(0);
  expect(tries).toBe(1);
  await clock.advance(1);
  await clock.advance(0);
  expect([tries, platform.sent.length]).toEqual([2, 1]);
  await delivery.stop();
});

test('where the platform can be asked, a part that may have been sent is looked up: it has it, or gets it once', async () => {
  const { platform, clock, put, state } = await open();
  platform.next('unsure', 'cut');
  await put('here');
  expect(await state('here')).toBe('sending');
  await put('gone');
  await clock.advance(3_000);
  await clock.advance(3_000);
  await clock.advance(3_000);
  expect([await state('here'), await state('gone')]).toEqual(['sent', 'sent']);
  expect(platform.sent.map(({ key }) => key.answerId)).toEqual(['here', 'gone']);
});

test('a send that hangs does not keep the process; at the next start the platform is asked what became of it', async () => {
  const { platform, clock, delivery, put, state, make } = await open();
  platform.next('hang');
  await put('a1');
  let stopped = false;
  void delivery.stop().then(() => {
    stopped = true;
  });
  await clock.advance(4_000);
  expect(stopped).toBe(false);
  await clock.advance(2_000);
  expect([stopped, await state('a1')]).toEqual([true, 'sending']);
  const next = make();
  await next.recover();
  await clock.advance(0);
  await clock.advance(0);
  expect([await state('a1'), platform.sent.length]).toEqual(['sent', 1]);
  await next.stop();
});

test('a part that may have been sent goes out again only where that is wanted or the platform does not have it; twice never', async () => {
  const { store, platform, clock, put, state, make } = await open({ blind: true });
  const asked = platform.factory('main');
  const delivery = make({ channel: () => asked });
  const row = async (answerId: string): Promise<OutboxRow> => {
    const [found] = await store.outbox.ofAnswer(answerId);
    if (!found) throw new Error('no row');
    return found;
  };
  const settle = async () => {
    await clock.advance(0);
    await clock.advance(0);
  };
  platform.next('unsure', 'cut', 'cut');
  for (const id of ['here', 'gone', 'silent']) await put(id);
  expect([await state('here'), await state('gone'), await state('silent')]).toEqual(['unknown', 'unknown', 'unknown']);
  // The platform has it: it only gets its receipt.
  await delivery.retry(await row('here'), true);
  expect(await row('here')).toMatchObject({ state: 'sent', ref: 'sent-1' });
  // The platform says that it is not there. Pressed twice at once, it goes out once.
  const both = await Promise.allSettled([delivery.retry(await row('gone'), false), delivery.retry(await row('gone'), false)]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await settle();
  expect(await row('gone')).toMatchObject({ state: 'sent', attempts: 1 });
  // A platform that cannot say, or fails to.
  const { reconcile: _, ...blind } = platform.factory('main');
  const faults: unknown[] = [];
  for (const channel of [blind, { ...blind, reconcile: async () => Promise.reject(new Error('no')) }]) {
    const other = make({ channel: () => channel, onFault: (error) => void faults.push(error) });
    await expect(other.retry(await row('silent'), false)).rejects.toMatchObject({ code: 'conflict', retryable: false, next: expect.any(String) });
  }
  expect([await state('silent'), faults.length, platform.sent.length]).toEqual(['unknown', 1, 2]);
  const sure = make({ channel: () => blind });
  await sure.retry(await row('silent'), true);
  await settle();
  expect(await row('silent')).toMatchObject({ state: 'sent', attempts: 1 });
  expect(platform.sent.map(({ key }) => key.answerId)).toEqual(['here', 'gone', 'silent']);
});

test('a part that was given up starts anew; not to somebody who was taken off the list, and not without its channel', async () => {
  const { store, allowed, clock, put, state, delivery, platform } = await open();
  allowed.clear();
  await put('a1');
  await put('a2', { address: { ...to, channel: 'gone' } });
  expect([await state('a1'), await state('a2')]).toEqual(['dead', 'dead']);
  const [[first], [second]] = [await store.outbox.ofAnswer('a1'), await store.outbox.ofAnswer('a2')];
  if (!first || !second) throw new Error('no row');
  await expect(delivery.retry(first, true)).rejects.toMatchObject({ code: 'forbidden', rule: 'R9' });
  await expect(delivery.retry(second, true)).rejects.toMatchObject({ code: 'conflict' });
  allowed.add('ana');
  await delivery.retry(first, false);
  await clock.advance(0);
  await clock.advance(0);
  expect([await state('a1'), await state('a2'), platform.sent.length]).toEqual(['sent', 'dead', 1]);
});

test('the log tells the way of a part by ids and codes, and none of its words', async () => {
  const lines: [string, object | undefined][] = [];
  const { clock, platform, allowed, make, store } = await open();
  const delivery = make({ log: (_level, event, fields) => void lines.push([event, fields]) });
  const send = async (answerId: string, ...outcomes: SendOutcome[]) => {
    platform.next(...outcomes);
    await store.commit({ outbox: [outboxRow(answerId, 0, { address: to, nextAt: clock.now(), outgoing: { text: 'canary words' } })] });
    delivery.wake();
    for (let round = 0; round < 20; round++) await clock.advance(60_000);
  };
  await send('a1', 'lost');
  await send('a2', 'refused');
  await send('a3', ...Array.from({ length: 8 }, () => 'lost' as const));
  allowed.clear();
  await send('a4');
  const told = (answerId: string) => lines.filter(([, fields]) => fields && 'answerId' in fields && fields.answerId === answerId);
  const ids = { answerId: 'a1', part: 0, sessionId: 's1', channel: 'fake', account: 'main' };
  expect(told('a1')).toEqual([
    ['part-sending', { ...ids, attempts: 1 }],
    ['part-failed', { ...ids, attempts: 1, code: 'egress-failed', nextAt: expect.any(Number) }],
    ['part-sending', { ...ids, attempts: 2 }],
    ['part-sent', { ...ids, ref: 'sent-1' }],
  ]);
  expect(told('a2').at(-1)).toEqual(['part-dead', { ...ids, answerId: 'a2', reason: 'refused', code: 'send-refused' }]);
  expect(told('a3').at(-1)).toEqual(['part-dead', { ...ids, answerId: 'a3', reason: 'attempts', code: 'egress-failed' }]);
  expect(told('a4')).toEqual([['part-dead', { ...ids, answerId: 'a4', reason: 'not-listed' }]]);
  expect(JSON.stringify(lines)).not.toContain('canary');
  await delivery.stop();
});

test('a note is said once, and the log alone tells of one that was lost', async () => {
  const { platform, clock, make } = await open();
  const lost: unknown[] = [];
  const delivery = make({ log: (_level, event, fields) => void (event === 'note-lost' && lost.push(fields)) });
  platform.next('lost', 'unsure', 'hang');
  for (const key of ['n1', 'n2', 'n3', 'n4']) delivery.note(to, { text: key }, key);
  await clock.advance(120_000);
  expect(platform.sent.map(({ message }) => message.text)).toEqual(['n2', 'n4']);
  expect(lost).toMatchObject(['n1', 'n2', 'n3'].map((answerId) => ({ answerId, channel: 'fake', account: 'main' })));
  await delivery.stop();
  delivery.note(to, { text: 'n5' }, 'n5');
  expect(platform.sent).toHaveLength(2);
});

test('what goes to a channel that is down waits without an attempt, and holds up nobody; a part in doubt is looked up when it is back', async () => {
  const { store, clock, platform, make } = await open();
  const held = new Set(['fake/main']);
  const other = platform.factory('other');
  await store.commit({
    outbox: [
      outboxRow('a1', 0, { address: to, nextAt: clock.now(), state: 'sending', attempts: 1 }),
      outboxRow('a1', 1, { address: to, nextAt: clock.now() }),
      outboxRow('a2', 0, { address: to, nextAt: clock.now() }),
      outboxRow('a3', 0, { address: { ...to, account: 'other' }, nextAt: clock.now() }),
    ],
  });
  const delivery = make({ held: () => held, channel: ({ account }) => (account === 'other' ? other : platform.factory('main')) });
  const states = async () =>
    (await Promise.all(['a1', 'a2', 'a3'].map((id) => store.outbox.ofAnswer(id)))).flat().map(({ state, attempts }) => `${state} ${attempts}`);
  await delivery.recover();
  await clock.advance(10 * 60_000);
  expect(await states()).toEqual(['sending 1', 'pending 0', 'pending 0', 'sent 1']);
  expect(clock.waiting).toBe(0);
  held.clear();
  delivery.wake();
  await clock.advance(0);
  await clock.advance(0);
  expect(await states()).toEqual(['sent 2', 'sent 1', 'sent 1', 'sent 1']);
  expect(platform.sent.filter(({ key }) => key.answerId === 'a1').map(({ key }) => key.part)).toEqual([0, 1]);
  await delivery.stop();
});

test('what the disk has no room for is not sent again: the receipt is written down when there is', async () => {
  const { store, clock, platform, make, state } = await open();
  const faults: unknown[] = [];
  let full = false;
  const update: typeof store.outbox.update = async (...change) => {
    if (full && change[2].state === 'sent') throw new CoPawError('disk-full', 'There is no space left to write to.');
    return store.outbox.update(...change);
  };
  const delivery = make({ store: { ...store.outbox, update }, onFault: (error) => faults.push(error) });
  await store.commit({ outbox: [outboxRow('a1', 0, { address: to, nextAt: clock.now() })] });
  full = true;
  delivery.wake();
  await clock.advance(10_000);
  expect([platform.sent.length, await state('a1'), faults.length]).toEqual([1, 'sending', 1]);
  full = false;
  await clock.advance(60_000);
  expect([platform.sent.length, await state('a1'), faults.length]).toEqual([1, 'sent', 1]);
});

test('fault: parts in doubt are not forgotten because one of them could not be written down', async () => {
  const { store, clock, platform, make, state } = await open();
  const ids = ['a1', 'a2', 'a3'];
  await store.commit({ outbox: ids.map((id) => outboxRow(id, 0, { address: to, nextAt: clock.now(), state: 'sending', attempts: 1 })) });
  let full = true;
  const update: typeof store.outbox.update = async (...change) => {
    if (full && change[0] === 'a2') throw new CoPawError('disk-full', 'There is no space left to write to.');
    return store.outbox.update(...change);
  };
  const delivery = make({ store: { ...store.outbox, update } });
  await expect(delivery.recover()).rejects.toMatchObject({ code: 'disk-full' });
  expect(await state('a3')).toBe('sending');
  full = false;
  delivery.wake();
  for (let round = 0; round < 4; round++) await clock.advance(0);
  expect(await Promise.all(ids.map(state))).toEqual(['sent', 'sent', 'sent']);
  expect(platform.sent.map(({ key }) => key.answerId).sort()).toEqual(ids);
  await delivery.stop();
});

test('fault: an answer with a hole: what is behind a part that was given up goes with it, and only after it', async () => {
  const lines: unknown[] = [];
  const { store, clock, platform, make } = await open();
  const delivery = make({ log: (_level, event, fields) => void (event === 'part-dead' && lines.push(fields)) });
  const rows = async () => store.outbox.ofAnswer('a1');
  const states = async () => (await rows()).map(({ state }) => state);
  const settle = async () => {
    for (let round = 0; round < 4; round++) await clock.advance(0);
  };
  platform.next('ok', 'refused');
  await store.commit({ outbox: [0, 1, 2, 3].map((part) => outboxRow('a1', part, { address: to, nextAt: clock.now() })) });
  delivery.wake();
  await settle();
  expect(await states()).toEqual(['sent', 'dead', 'dead', 'dead']);
  expect(lines).toMatchObject([
    { part: 1, reason: 'refused' },
    { part: 2, reason: 'earlier-part' },
    { part: 3, reason: 'earlier-part' },
  ]);
  const [, second, third] = await rows();
  if (!second || !third) throw new Error('no row');
  await expect(delivery.retry(third, true)).rejects.toMatchObject({ code: 'conflict', next: expect.stringContaining('part 1') });
  await delivery.retry(second, false);
  await settle();
  expect(await states()).toEqual(['sent', 'sent', 'sent', 'sent']);
  expect(platform.sent.map(({ key }) => key.part)).toEqual([0, 1, 2, 3]);
  await delivery.stop();
});

test('fault: an answer overtook the one before it in the same chat while that waited to be tried again', async () => {
  const { platform, clock, put } = await open();
  platform.next('lost');
  await put('a1');
  await put('a2');
  await put('elsewhere', { address: { ...to, chat: 'd' } });
  expect(platform.sent.map(({ key }) => key.answerId)).toEqual(['elsewhere']);
  for (let round = 0; round < 4; round++) await clock.advance(10_000);
  expect(platform.sent.map(({ key }) => key.answerId)).toEqual(['elsewhere', 'a1', 'a2']);
});

// Delivery on a real store: each part once, to whom it may go now, whatever the platform does.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Address } from '../core/address.ts';
import { CoPawError } from '../core/error.ts';
import type { OutboxRow } from '../core/session.ts';
import { openStore } from '../store/open-store.ts';
import { createFakeChannel } from '../testing/fake-channel.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { outboxRow } from '../testing/store-rows.ts';
import { Delivery } from './deliver.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
const to: Address = { channel: 'fake', account: 'main', chat: 'c', peer: 'ana' };

async function open() {
  const folder = mkdtempSync(join(tmpdir(), 'copaw-deliver-'));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  const store = await openStore(join(folder, 'copaw.db'));
  closing.push(() => store.close());
  const clock = createFakeClock();
  const platform = createFakeChannel({ now: clock.now });
  const channel = platform.factory('main');
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
  expect([platform.sent.length, refused]).toEqual([1, ['a2']]);
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
  const { platform, clock, put, state } = await open();
  platform.next('lost', 'lost', 'ok', 'unsure', 'refused', 'hang');
  await put('a1');
  expect(await state('a1')).toBe('pending');
  await clock.advance(20_000);
  expect(await state('a1')).toBe('sent');
  await put('a2');
  await put('a3');
  expect([await state('a2'), await state('a3')]).toEqual(['unknown', 'unknown']);
  await put('a4');
  await put('a5');
  expect([await state('a4'), await state('a5')]).toEqual(['sending', 'pending']);
  await clock.advance(60_000);
  expect([await state('a4'), await state('a5')]).toEqual(['unknown', 'sent']);
  expect(platform.sent.map(({ key }) => key.answerId)).toEqual(['a1', 'a2', 'a5']);
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

test('a note is said once and a failure of it is nobody’s', async () => {
  const { platform, clock, delivery } = await open();
  platform.next('lost', 'unsure', 'hang');
  for (const key of ['n1', 'n2', 'n3', 'n4']) delivery.note(to, { text: key }, key);
  await clock.advance(120_000);
  expect(platform.sent.map(({ message }) => message.text)).toEqual(['n2', 'n4']);
  await delivery.stop();
  delivery.note(to, { text: 'n5' }, 'n5');
  expect(platform.sent).toHaveLength(2);
});

test('what the disk has no room for is not sent again: the receipt is written down when there is', async () => {
  const { store, clock, platform, make, state } = await open();
  const faults: unknown[] = [];
  let full = false;
  const update: typeof store.outbox.update = async (...change) => {
    if (full && change[2].state === 'sent') throw new CoPawError('disk-full', 'There is no space left to write to.');
    await store.outbox.update(...change);
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

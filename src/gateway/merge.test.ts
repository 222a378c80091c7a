// What is held, for how long, and what ends it; on a clock that moves only when told to.
import { expect, test } from 'vitest';
import type { Admitted } from '../core/brand.ts';
import type { InboundMessage } from '../core/inbound.ts';
import type { QueueMode, Session } from '../core/session.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { filesWaitMs, Merge } from './merge.ts';
import { route, whereOf } from './route.ts';

const file = (mediaType: string) => ({ name: 'a', mediaType, size: 1, path: 'inbox/a' });
const picture = { text: '', attachments: [file('image/png')] };

function open({ windowMs = 0, mode }: { windowMs?: number; mode?: QueueMode } = {}) {
  const clock = createFakeClock();
  const turns: string[][] = [];
  const faults: unknown[] = [];
  /** Chats that show that something is done. */
  const signs = new Set<string>();
  const now = { running: false, mode };
  const merge = new Merge({
    ...{ clock, mergeMs: () => windowMs, onFault: (error) => void faults.push(error) },
    showTyping({ chat }) {
      signs.add(chat);
      return () => void signs.delete(chat);
    },
    store: { sessions: { get: async () => ({ mode: now.mode }) as Session } },
    lanes: { takesIn: () => now.running, push: (_id, said) => String(turns.push([said].flat().map(({ inbound }) => inbound.id))) },
  });
  let count = 0;
  const message = (words: string | Partial<InboundMessage>, more: { from?: string; channel?: string; kind?: 'direct' | 'group' } = {}): Admitted => {
    const { from = 'ana', channel = 'fake', kind = 'group' } = more;
    const id = `m${++count}`;
    const said = typeof words === 'string' ? { text: words } : words;
    return {
      ...{ key: id, channel, account: 'main', receivedAt: 0, origin: 'group' },
      inbound: { kind: 'message', id, chat: { id: 'c', kind }, sender: { id: from }, at: 0, text: '', ...said },
    } as Admitted;
  };
  const stored: string[] = [];
  const offer = (envelope: Admitted, asked = false): Promise<boolean> =>
    merge.holds(envelope, route(envelope), asked, async () => void stored.push(envelope.inbound.id));
  const say = (...given: Parameters<typeof message>): Promise<boolean> => offer(message(...given));
  return { clock, merge, turns, faults, signs, now, message, stored, offer, say, sessionId: whereOf(message('where')).sessionId };
}

test('without a window words go at once, and nothing is set up', async () => {
  const { clock, say, turns, merge } = open();
  expect(await say('one')).toBe(false);
  expect([turns, merge.count(), clock.waiting]).toEqual([[], 0, 0]);
});

test('within the window of each other messages share a turn, in order; each starts the wait anew', async () => {
  const { clock, say, turns, stored, merge, sessionId } = open({ windowMs: 10_000 });
  for (const words of ['one', 'two', 'three']) {
    expect(await say(words)).toBe(true);
    expect(clock.waiting).toBe(1);
    await clock.advance(9_000);
  }
  expect([turns, stored.length, merge.count(sessionId), merge.count()]).toEqual([[], 3, 3, 3]);
  await clock.advance(1_000);
  expect(turns).toEqual([['m2', 'm3', 'm4']]);
  expect([merge.count(), clock.waiting]).toEqual([0, 0]);
});

test('a hold is over after four windows, or sixteen messages, however many still come', async () => {
  const { clock, say, turns } = open({ windowMs: 10_000 });
  for (let second = 0; second < 40; second += 5) {
    await say('on');
    await clock.advance(5_000);
  }
  expect(turns.map((turn) => turn.length)).toEqual([8]);
  for (let many = 0; many < 17; many++) await say('on');
  expect(turns.map((turn) => turn.length)).toEqual([8, 16]);
  await clock.advance(10_000);
  expect(turns.map((turn) => turn.length)).toEqual([8, 16, 1]);
});

test('files without words wait for what comes next, and words end that; a voice note waits for nothing', async () => {
  const { clock, say, turns } = open();
  expect(await say(picture)).toBe(true);
  expect(await say(picture)).toBe(true);
  expect(await say('what is this?')).toBe(true);
  expect([turns, clock.waiting]).toEqual([[['m2', 'm3', 'm4']], 0]);
  expect(await say({ text: '', attachments: [file('audio/ogg')] })).toBe(false);
  expect(await say({ text: 'see', attachments: [file('image/png')] })).toBe(false);
  expect(await say(picture)).toBe(true);
  await clock.advance(filesWaitMs);
  expect(turns.at(-1)).toEqual(['m7']);
  // A piece of an album may have words, and the others still come.
  expect(await say({ text: 'our trip', attachments: [file('image/png')], album: true })).toBe(true);
  expect(await say({ ...picture, album: true })).toBe(true);
  await clock.advance(filesWaitMs);
  expect(turns.at(-1)).toEqual(['m8', 'm9']);
});

test('what waits in a way of its own, and what a surface of CoPaw itself brings, is not held; what was held before it goes first', async () => {
  const { message, offer, say, turns } = open({ windowMs: 10_000 });
  for (const words of ['/queue later', '/steer now', '/status', '/stop', 'stop']) expect(await say(words)).toBe(false);
  expect(await say('one', { channel: 'console' })).toBe(false);
  expect(turns).toEqual([]);
  await say('one');
  expect(await say('/status')).toBe(false);
  expect(turns).toEqual([]);
  expect(await say('/queue two')).toBe(false);
  await say('three');
  expect(await offer(message('again'), true)).toBe(false);
  expect(turns.map((turn) => turn.length)).toEqual([1, 1]);
});

test('nobody is overtaken: what somebody else says there ends the hold', async () => {
  const { clock, say, turns } = open({ windowMs: 10_000 });
  await say('one');
  await say('two', { from: 'ben' });
  expect(turns).toEqual([['m2']]);
  await clock.advance(10_000);
  expect(turns).toEqual([['m2'], ['m3']]);
});

test('a turn that takes it in needs no wait; one that does not leaves it as it is', async () => {
  const { now, say } = open({ windowMs: 10_000 });
  now.running = true;
  expect(await say('joins')).toBe(false);
  now.mode = 'collect';
  expect(await say('is collected')).toBe(false);
  now.mode = 'queue';
  expect(await say('would have a turn of its own')).toBe(true);
});

test('fault: during a turn words overtook their own file that was still being fetched', async () => {
  const { clock, merge, message, now, offer, say, turns } = open();
  now.running = true;
  const fetched = Promise.withResolvers<void>();
  const slow = message(picture);
  const coming = merge.whileComing(slow, route(slow), async () => {
    await fetched.promise;
    return offer(slow);
  });
  await clock.advance(0);
  expect(await say('what is this?')).toBe(true);
  expect(turns).toEqual([]);
  fetched.resolve();
  expect(await coming).toBe(true);
  await clock.advance(filesWaitMs);
  expect(turns.map((turn) => turn.toSorted())).toEqual([['m2', 'm3']]);
  // A file that comes alone joins the turn at once.
  const alone = message(picture);
  expect(await merge.whileComing(alone, route(alone), () => offer(alone))).toBe(false);
  expect([merge.count(), clock.waiting]).toEqual([0, 0]);
});

test('fault: while a message was held its chat showed no sign', async () => {
  const { clock, merge, message, say, signs } = open({ windowMs: 10_000 });
  await say('one');
  expect([...signs]).toEqual(['c']);
  await clock.advance(10_000);
  expect([...signs]).toEqual([]);
  const slow = message(picture);
  await merge.whileComing(slow, route(slow), async () => expect([...signs]).toEqual(['c']));
  expect([...signs]).toEqual([]);
  await say('two');
  merge.stop();
  expect([...signs]).toEqual([]);
});

test('a held message is changed, and taken out; with the last one the hold is gone', async () => {
  const { clock, merge, say, sessionId, turns } = open({ windowMs: 10_000 });
  await say('one');
  await say('two');
  expect(merge.change(sessionId, 'm2', 'uno')).toBe(true);
  expect(merge.change(sessionId, 'm3', undefined)).toBe(true);
  expect([merge.change(sessionId, 'm3', 'due'), merge.change('elsewhere', 'm2', 'x')]).toEqual([false, false]);
  expect(merge.change(sessionId, 'm2', undefined)).toBe(true);
  expect([merge.count(), clock.waiting]).toEqual([0, 0]);
  await clock.advance(60_000);
  expect(turns).toEqual([]);
});

test('while a file is fetched the hold is not over, and the time is not counted; what comes after it waits for it', async () => {
  const { clock, merge, message, offer, say, turns } = open();
  const fetched = Promise.withResolvers<void>();
  const slow = message(picture);
  await say(picture);
  const coming = merge.whileComing(slow, route(slow), async () => {
    await fetched.promise;
    return offer(slow);
  });
  await clock.advance(30_000);
  expect(await say('what are these?')).toBe(true);
  expect(turns).toEqual([]);
  fetched.resolve();
  expect(await coming).toBe(true);
  await clock.advance(filesWaitMs - 1);
  expect(turns).toEqual([]);
  await clock.advance(1);
  expect(turns.map((turn) => turn.toSorted())).toEqual([['m2', 'm3', 'm4']]);
  // A file that comes to nothing leaves nothing behind.
  await merge.whileComing(slow, route(slow), async () => undefined);
  expect([merge.count(), clock.waiting]).toEqual([0, 0]);
});

test('a stop leaves what is held to the next start; a store that fails is told and holds up nothing', async () => {
  const { clock, merge, say, turns } = open({ windowMs: 10_000 });
  await say('one');
  merge.stop();
  await clock.advance(60_000);
  expect([turns, clock.waiting]).toEqual([[], 0]);
  const failing: unknown[] = [];
  const other = open({ windowMs: 1_000 });
  const { lanes } = { lanes: { takesIn: () => false, push: () => String(failing.push('pushed')) } };
  const broken = new Merge({
    ...{ clock: other.clock, mergeMs: () => 1_000, lanes, showTyping: () => () => undefined, onFault: (error) => void failing.push(error) },
    store: { sessions: { get: () => Promise.reject(new Error('gone')) } },
  });
  const one = other.message('one');
  await broken.holds(one, route(one), false, async () => undefined);
  await other.clock.advance(1_000);
  expect(failing).toEqual([new Error('gone'), 'pushed']);
});

// A channel is never silently dead: whatever becomes of its connection, it comes back by itself or says why not, and never storms.
import { expect, test } from 'vitest';
import type { Inbox } from '../core/channel.ts';
import { type ChannelsConfig, channelsConfig } from '../core/channel-config.ts';
import { CoPawError } from '../core/error.ts';
import type { Inbound } from '../core/inbound.ts';
import { createFakeChannel } from '../testing/fake-channel.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { failedConnection, stepOf } from './connection-failure.ts';
import { createSupervisor } from './supervisor.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const main = { channel: 'fake', account: 'main' };

function setUp({ liveMs = 30 * second, accounts = { main: {} } as Record<string, object>, tell = true, random = 0.999_999 } = {}) {
  const clock = createFakeClock();
  const began = clock.now();
  const armed: number[] = [];
  const open = new Set<object>();
  let mostOpen = 0;
  const platform = createFakeChannel({ now: clock.now, limits: { liveMs } });
  const begun: number[] = [];
  const taken: Inbound[] = [];
  const told: string[] = [];
  const faults: string[] = [];
  let ups = 0;
  let config: ChannelsConfig = channelsConfig.parse({
    fake: Object.fromEntries(Object.entries(accounts).map(([name, more]) => [name, { enabled: true, ...more }])),
  });
  const way = { open: tell };
  const supervisor = createSupervisor({
    clock: {
      ...clock,
      after(ms, fn) {
        armed.push(ms);
        const mark = {};
        open.add(mark);
        mostOpen = Math.max(mostOpen, open.size);
        const timer = clock.after(ms, () => {
          open.delete(mark);
          fn();
        });
        return {
          cancel() {
            open.delete(mark);
            timer.cancel();
          },
        };
      },
    },
    random: () => random,
    redact: (text) => text.replaceAll('secret-token', '***'),
    channels: {
      fake: (account) => {
        begun.push(clock.now() - began);
        return platform.factory(account);
      },
    },
    rules: () => config,
    onUp: () => void ups++,
    async tellDown({ channel, account, state }) {
      if (!way.open) return undefined;
      told.push(`${channel}/${account} ${state}`);
      return `id${told.length}`;
    },
    toldBefore: async () => undefined,
    async tellBack({ channel, account }, id) {
      told.push(`${channel}/${account} back ${id}`);
    },
    onFault: (error) => void faults.push(String(error)),
  });
  const inbox = (): Inbox => ({ receive: async (event) => void taken.push(event), alive: () => expect.unreachable('the supervisor keeps this to itself') });
  const state = async (account = 'main') => (await supervisor.list()).find((one) => one.account === account);
  return {
    ...{ clock, platform, supervisor, begun, taken, told, faults, armed, way, state },
    start: () => supervisor.start(inbox),
    ups: () => ups,
    mostOpen: () => mostOpen,
    configure(change: object) {
      config = channelsConfig.parse(change);
      supervisor.sync();
    },
    /** The latest connection shows life every so often, until `ms` have gone by. */
    async pulse(every: number, ms: number) {
      for (let at = 0; at < ms; at += every) {
        await clock.advance(every);
        platform.connection().pulse();
      }
    },
  };
}

const event = (id: string): Inbound => ({ kind: 'message', id, chat: { id: 'c', kind: 'direct' }, sender: { id: 'ana' }, at: 0, text: id });

test('nothing is up before its receive path says so, and nothing is sent through it until then', async () => {
  const { platform, supervisor, start, state, ups } = setUp();
  expect([(await state())?.state, [...supervisor.held()], platform.opened]).toEqual(['connecting', ['fake/main'], []]);
  platform.starts('silent');
  start();
  expect([supervisor.channel(main), (await state())?.state]).toEqual([undefined, 'connecting']);
  expect(ups()).toBe(0);
  platform.connection().pulse();
  expect(await state()).toMatchObject({ state: 'up', attempts: 0, lastReceivedAt: expect.any(Number) });
  expect([...supervisor.held()]).toEqual([]);
  expect(ups()).toBe(1);
  await supervisor.channel(main)?.send({ ...main, chat: 'c' }, { text: 'hi' }, { answerId: 'a', part: 0 });
  expect(platform.textsTo('c')).toEqual(['hi']);
});

test('a receive path cut without a FIN, or a half-open socket, is noticed by silence and replaced within a minute', async () => {
  for (const how of ['wedge', 'halfOpen'] as const) {
    const { platform, clock, supervisor, start, state, pulse, begun } = setUp();
    start();
    await pulse(10 * second, 100 * second);
    platform.connection()[how]();
    const post = platform.post('hello', { id: 'm1' });
    const sending = supervisor.channel(main)?.send({ ...main, chat: 'c' }, { text: 'hi' }, { answerId: 'a', part: 0 });
    const outcome = sending?.then(
      () => 'sent',
      (error: unknown) => (error instanceof CoPawError ? `${error.code} ${error.retryable}` : 'other'),
    );
    await post;
    await clock.advance(30 * second);
    expect(await state()).toMatchObject({
      state: 'down',
      attempts: 1,
      lastError: { code: 'channel-down', message: 'Nothing has come in for 30 seconds.' },
      nextTryAt: clock.now() + second,
    });
    expect(supervisor.channel(main)).toBeUndefined();
    // What was on its way is not waited for; whether it arrived is not known.
    expect(await outcome).toBe(how === 'wedge' ? 'sent' : 'channel-down false');
    await clock.advance(second);
    expect(await state()).toMatchObject({ state: 'up' });
    expect(platform.connections.map(({ aborted, stops }) => [aborted, stops])).toEqual([
      [true, 1],
      [false, 0],
    ]);
    expect(begun).toHaveLength(2);
  }
});

test('attack: a channel that says it is alive whenever it sends is found dead all the same', async () => {
  const { platform, clock, supervisor, start, state } = setUp();
  start();
  platform.connection().lies();
  platform.connection().wedge();
  for (let part = 0; part < 6; part++) {
    await supervisor.channel(main)?.send({ ...main, chat: 'c' }, { text: 'hi' }, { answerId: 'a', part });
    await clock.advance(5 * second);
  }
  expect(platform.sent).toHaveLength(6);
  expect(await state()).toMatchObject({ state: 'down', lastError: { message: 'Nothing has come in for 30 seconds.' } });
});

test('an old generation delivers nothing: it is told not to acknowledge, and the new one gets it again', async () => {
  const { platform, clock, start, taken, faults, state } = setUp();
  start();
  const [old] = platform.connections;
  old?.neverStops();
  old?.wedge();
  await platform.post('hello', { id: 'm1' });
  await clock.advance(32 * second);
  expect(await state()).toMatchObject({ state: 'up' });
  expect(taken.map(({ id }) => id)).toEqual(['m1']);
  await expect(old?.deliver(event('m2'))).rejects.toMatchObject({ code: 'channel-down', next: expect.stringContaining('Acknowledge nothing') });
  // Nor does it keep the new one alive, which falls silent too.
  for (let at = 0; at < 30; at += 5) {
    old?.pulse();
    await clock.advance(5 * second);
  }
  expect(await state()).toMatchObject({ state: 'down' });
  expect(taken.map(({ id }) => id)).toEqual(['m1']);
  expect(faults).toEqual([expect.stringContaining('an earlier connection has not stopped yet')]);
});

test('a stop that never returns blocks neither the next connection nor the end of the process', async () => {
  const { platform, clock, supervisor, start, faults } = setUp();
  start();
  for (let round = 0; round < 3; round++) {
    platform.connection().neverStops();
    await clock.advance(40 * second);
  }
  expect(platform.connections.length).toBeGreaterThanOrEqual(3);
  platform.connection().neverStops();
  let stopped = false;
  const end = supervisor.stop().then(() => {
    stopped = true;
  });
  await clock.advance(4_999);
  expect(stopped).toBe(false);
  await clock.advance(1);
  await end;
  expect(faults.at(-1)).toContain('did not stop in time');
  expect(clock.waiting).toBe(0);
  expect([...supervisor.held()]).toEqual(['fake/main']);
  const connections = platform.connections.length;
  await clock.advance(hour);
  expect(platform.connections).toHaveLength(connections);
});

test('without a network it tries 1, 2, 4, … 300 seconds apart and is back with the first that works', async () => {
  const { platform, clock, start, begun, state } = setUp({ liveMs: Number.POSITIVE_INFINITY });
  platform.starts(...Array.from({ length: 12 }, () => 'dns' as const));
  start();
  await clock.advance(10 * second);
  expect(await state()).toMatchObject({
    state: 'down',
    attempts: 4,
    downSince: clock.now() - 10 * second,
    lastError: { code: 'egress-failed', message: 'The name chat.example was not found.' },
    nextTryAt: clock.now() + 5 * second,
  });
  await clock.advance(hour);
  const waits = begun.slice(1).map((at, index) => at - (begun[index] ?? 0));
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300].map((seconds) => seconds * second));
  expect(platform.opened).toHaveLength(13);
});

test('a network that is gone for 20 seconds costs five attempts and less than a minute', async () => {
  const { platform, clock, start, state } = setUp();
  start();
  platform.starts('dns', 'dns', 'dns', 'dns');
  platform.connection().drop(new Error('getaddrinfo ENOTFOUND chat.example secret-token'));
  await clock.advance(0);
  expect((await state())?.lastError).toMatchObject({ code: 'internal', message: 'getaddrinfo ENOTFOUND chat.example ***' });
  await clock.advance(31 * second);
  expect([platform.opened.length, (await state())?.state]).toEqual([6, 'up']);
});

test('a token the platform does not know is no reason to storm: once an hour, and at once when a person or the configuration says so', async () => {
  const { platform, clock, supervisor, start, begun, state, configure } = setUp();
  platform.starts(...Array.from({ length: 6 }, () => 'unauthenticated' as const));
  start();
  await clock.advance(59 * minute);
  expect(await state()).toMatchObject({
    state: 'refused',
    attempts: 1,
    lastError: {
      code: 'unauthenticated',
      message: 'The platform does not know this token.',
      next: expect.stringContaining('copaw channels restart fake/main'),
    },
  });
  await clock.advance(4 * hour);
  expect(begun).toEqual([0, 1, 2, 3, 4].map((hours) => hours * hour));
  expect(supervisor.restart('fake', 'main')).toMatchObject({ state: 'refused' });
  await clock.advance(0);
  expect(begun).toHaveLength(6);
  // Whom it listens to is not what the platform refused; the rest may be.
  configure({ fake: { main: { enabled: true, allow: ['ana'] } } });
  expect(begun).toHaveLength(6);
  configure({ fake: { main: { enabled: true, allow: ['ana'], token: { vault: 'new' } } } });
  await clock.advance(0);
  expect([begun.length, (await state())?.state]).toEqual([7, 'up']);
  // Also one that is up: that is what was asked for.
  expect(supervisor.restart('fake', 'main')).toMatchObject({ channel: 'fake', account: 'main' });
  expect([begun.length, (await state())?.state]).toEqual([8, 'up']);
});

test('a 429 is left alone for as long as it says', async () => {
  const { platform, clock, start, begun, state } = setUp();
  platform.starts(45 * second, 1);
  start();
  await clock.advance(0);
  expect(await state()).toMatchObject({ state: 'down', attempts: 1, lastError: { code: 'busy' }, nextTryAt: clock.now() + 45 * second });
  await clock.advance(47 * second);
  expect(begun).toEqual([0, 45 * second, 47 * second]);
  expect(await state()).toMatchObject({ state: 'up' });
});

test('flapping does not reset the back-off; only a connection that held for a minute does', async () => {
  const { platform, clock, start, begun, pulse, state } = setUp();
  start();
  for (let flap = 0; flap < 8; flap++) {
    platform.connection().drop();
    await clock.advance(2 ** flap * second);
  }
  expect(begun).toEqual([0, 1, 3, 7, 15, 31, 63, 127, 255].map((seconds) => seconds * second));
  expect(await state()).toMatchObject({ state: 'up', attempts: 8, lastError: { message: 'The connection has ended.' } });
  await pulse(20 * second, 40 * second);
  expect((await state())?.attempts).toBe(8);
  await pulse(20 * second, 40 * second);
  expect(await state()).not.toHaveProperty('lastError');
  platform.connection().drop();
  await clock.advance(0);
  expect(await state()).toMatchObject({ attempts: 1, nextTryAt: clock.now() + second });
});

test('a connection that never comes about is given up; a start that throws and a factory that throws are failures like any other', async () => {
  const { platform, clock, start, state } = setUp({ liveMs: Number.POSITIVE_INFINITY });
  platform.starts('silent', 'ended', new TypeError('a bug'));
  start();
  await clock.advance(90 * second);
  expect(await state()).toMatchObject({ attempts: 1, lastError: { message: 'No connection came about within 90 seconds.' } });
  await clock.advance(second);
  expect(await state()).toMatchObject({ attempts: 2, lastError: { message: 'The connection has ended.' } });
  await clock.advance(2 * second);
  expect(await state()).toMatchObject({ attempts: 3, lastError: { code: 'internal', message: 'a bug' } });
  await clock.advance(4 * second);
  expect(await state()).toMatchObject({ state: 'up' });
  // A platform that calls us is silent between events.
  await clock.advance(24 * hour);
  expect([await state(), platform.opened.length, clock.waiting]).toMatchObject([{ state: 'up' }, 4, 0]);
});

test('a day of a quiet channel that is alive costs one timer a while and never two at once', async () => {
  const { platform, start, armed, pulse, mostOpen } = setUp({ liveMs: 90 * second });
  start();
  await pulse(25 * second, 24 * hour);
  expect(platform.opened).toHaveLength(1);
  // At each expiry the last sign of life was 15 seconds ago: 75 more.
  expect(armed.length).toBe(2 + Math.floor((24 * hour - 90 * second) / (75 * second)));
  expect(mostOpen()).toBe(1);
});

test('a busy channel arms no timer for what comes in, and a bad day never more than one at a time', async () => {
  const { platform, clock, start, armed, mostOpen, taken } = setUp({ liveMs: 90 * second });
  start();
  for (let index = 0; index < 1_000; index++) await platform.connection().deliver(event(`m${index}`));
  expect([taken.length, armed.length]).toEqual([1_000, 1]);
  platform.starts('dns', 'silent', 'unauthenticated', 5 * second);
  platform.connection().drop();
  await clock.advance(3 * hour);
  expect(mostOpen()).toBe(1);
});

test('an account that is switched on, off or taken away while running is connected and let go at once', async () => {
  const { platform, clock, supervisor, start, configure, state } = setUp();
  start();
  configure({ fake: { main: { enabled: false }, second: { enabled: true } }, unheard: { x: { enabled: true }, y: {} } });
  await clock.advance(0);
  expect([platform.connection('main').aborted, [...platform.connected]]).toEqual([true, ['second']]);
  expect(await supervisor.list()).toMatchObject([
    { account: 'main', state: 'off' },
    { account: 'second', state: 'up' },
    { channel: 'unheard', account: 'x', state: 'refused', lastError: { code: 'config-invalid' } },
    { channel: 'unheard', account: 'y', state: 'off' },
  ]);
  expect(supervisor.channel(main)).toBeUndefined();
  expect([...supervisor.held()]).toEqual([]);
  expect(() => supervisor.restart('fake', 'main')).toThrowError(expect.objectContaining({ code: 'conflict' }));
  expect(() => supervisor.restart('unheard', 'x')).toThrowError(expect.objectContaining({ code: 'not-found' }));
  configure({ fake: { main: { enabled: true } } });
  expect(await supervisor.list()).toMatchObject([{ account: 'main', state: 'up' }]);
  expect(platform.connection('second').aborted).toBe(true);
  expect(await state()).not.toHaveProperty('lastError');
});

test('people are told elsewhere after a minute, of a refusal at once, and of the return once it has held', async () => {
  const { platform, clock, start, told, way } = setUp({ liveMs: Number.POSITIVE_INFINITY, accounts: { main: {}, second: {} } });
  start();
  platform.connection('second').drop(new CoPawError('forbidden', 'Banned.'));
  await clock.advance(0);
  expect(told).toEqual(['fake/second refused']);
  platform.starts(...Array.from({ length: 7 }, () => 'dns' as const));
  platform.connection('main').drop();
  way.open = false;
  await clock.advance(62 * second);
  way.open = true;
  expect(told).toHaveLength(1);
  await clock.advance(second);
  // It could not be told after a minute; it is with the next failure, and with no other.
  expect(told).toEqual(['fake/second refused', 'fake/main down']);
  await clock.advance(192 * second);
  expect([[...platform.connected], told.length]).toEqual([['main'], 2]);
  await clock.advance(59 * second);
  platform.starts('dns');
  platform.connection('main').drop();
  await clock.advance(12 * minute);
  // That one had not held; the next one did.
  expect(told).toEqual(['fake/second refused', 'fake/main down', 'fake/main back id2']);
  await clock.advance(50 * minute);
  expect(told.slice(3)).toEqual(['fake/second back id1']);
});

test('what could not be told for want of another channel is told as soon as one is there', async () => {
  const { platform, clock, start, told, way } = setUp({ accounts: { main: {}, second: {} }, tell: false, liveMs: Number.POSITIVE_INFINITY });
  platform.starts('unauthenticated', 30 * minute);
  start();
  await clock.advance(10 * minute);
  expect(told).toEqual([]);
  way.open = true;
  await clock.advance(20 * minute);
  expect(told).toEqual(['fake/main refused']);
});

test('jitter takes at most half of a wait, and no count of failures makes it longer than five minutes', () => {
  const wait = (failures: number, random: number) => failedConnection(new CoPawError('egress-failed', 'x'), failures, random).waitMs;
  expect([wait(1, 0), wait(1, 0.5), wait(3, 0), wait(10, 0), wait(2_000, 0), wait(2_000, 0.999_999)]).toEqual([500, 750, 2_000, 150_000, 150_000, 300_000]);
  const asked = failedConnection(new CoPawError('busy', 'x', { retryAfterMs: 365 * 24 * hour }), 1, 0);
  expect(asked).toMatchObject({ refused: false, waitMs: 24 * hour });
  expect(failedConnection(new CoPawError('forbidden', 'x', { retryable: true }), 1, 0).refused).toBe(false);
});

test('what to do names the account that failed, not the first of its kind', () => {
  const second = { channel: 'irc', account: 'second' };
  expect(stepOf('Give it its password again: copaw channels add irc.', second)).toBe('Give it its password again: copaw channels add irc second.');
  expect(stepOf('Give the account its token again: copaw channels add.', second)).toBe('Give the account its token again: copaw channels add irc second.');
  expect(stepOf('Run: copaw channels add irc', { ...second, account: 'main' })).toBe('Run: copaw channels add irc');
  expect(stepOf('Then run: copaw channels restart.', second)).toBe('Then run: copaw channels restart irc/second.');
  expect(stepOf('Ask its owner.', second)).toBe('Ask its owner.');
});

// Somebody sets the clock, the machine wakes up a day later, the hour is skipped or comes twice: nothing is lost, doubled, stormed or frozen.
import { afterEach, expect, test } from 'vitest';
import { createFakeChannel } from '../../src/testing/fake-channel.ts';
import { createFakeClock } from '../../src/testing/fake-clock.ts';
import { openWorld } from './harness.ts';
import { createScriptedModel } from './scripted-model.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open({ timezone = 'UTC', at = Date.UTC(2026, 0, 5, 12), liveMs = Number.POSITIVE_INFINITY } = {}) {
  const clock = createFakeClock(at);
  const chat = createFakeChannel({ now: clock.now, limits: { liveMs } });
  const model = createScriptedModel();
  const world = await openWorld({
    ...{ clock, provider: model.provider, channels: { chat: chat.factory } },
    config: { timezone, channels: { chat: { main: { enabled: true, allow: ['ana'], operators: ['olga'] } } } },
  });
  closing.push(() => world.close());
  /** How often a reminder with this text was given. */
  const given = async (text = 'tea'): Promise<number> => {
    const entries = await world.app.store.entries.after({ after: 0, limit: 1_000 });
    return entries.filter(({ event }) => event.type === 'message' && event.message.role === 'assistant' && event.message.text === `⏰ ${text}`).length;
  };
  const remind = async (input: object): Promise<void> => {
    model.play([['remind_me', { text: 'tea', ...input }]]);
    await world.ask('remind me', 'once');
  };
  const account = async () => (await (await world.app.channels('cli')).list())[0];
  return { clock, chat, model, world, given, remind, account };
}

/** Until it is so, or ten seconds of real time have gone by. */
const until = async (look: () => unknown): Promise<void> => {
  for (const end = Date.now() + 10_000; Date.now() < end; await new Promise((resolve) => setImmediate(resolve))) if (await look()) return;
  throw new Error('It never came to that.');
};

test('a reminder whose time the clock jumps over comes within a minute, once', async () => {
  const { clock, given, remind, world } = await open();
  await remind({ inSeconds: (10 * hour) / second });
  await clock.advance(hour);
  expect(await given()).toBe(0);
  clock.jump(day);
  await clock.advance(minute);
  expect(await given()).toBe(1);
  await clock.advance(2 * day);
  await world.restart();
  await clock.advance(minute);
  expect(await given()).toBe(1);
});

test('set back before it comes, a reminder waits until the clock shows its time, and comes once', async () => {
  const { clock, given, remind, world } = await open();
  await remind({ inSeconds: (10 * minute) / second });
  const due = clock.now() + 10 * minute;
  clock.jump(-day);
  await clock.advance(20 * minute);
  expect(await given()).toBe(0);
  await world.restart();
  await clock.advance(due - clock.now() - 1);
  expect(await given()).toBe(0);
  await clock.advance(1);
  expect(await given()).toBe(1);
  await clock.advance(day);
  expect(await given()).toBe(1);
});

test('set back after it came, a reminder does not come again', async () => {
  const { clock, given, remind, world } = await open();
  await remind({ inSeconds: 60 });
  await clock.advance(minute);
  expect(await given()).toBe(1);
  clock.jump(-day);
  await clock.advance(hour);
  await world.restart();
  await clock.advance(2 * day);
  expect(await given()).toBe(1);
});

test.each([
  ['that is skipped, an hour later by the clock', '2026-03-28T20:00:00Z', '2026-03-29T02:30', '2026-03-29T01:30:00Z'],
  ['that comes twice, the first time only', '2026-10-24T20:00:00Z', '2026-10-25T02:30', '2026-10-25T00:30:00Z'],
  ['that comes twice, the second time once the first is over', '2026-10-25T00:45:00Z', '2026-10-25T02:30', '2026-10-25T01:30:00Z'],
])('half past two in Berlin, %s', async (_, now, at, due) => {
  const { clock, given, remind } = await open({ timezone: 'Europe/Berlin', at: Date.parse(now) });
  await remind({ at });
  await clock.advance(Date.parse(due) - clock.now() - 1);
  expect(await given()).toBe(0);
  await clock.advance(1);
  expect(await given()).toBe(1);
  await clock.advance(2 * day);
  expect(await given()).toBe(1);
});

test.each([-day, day])(
  'an answer that waits for its next try goes out within the longest wait when the clock jumps by %i ms, and is sent once',
  async (jump) => {
    const { clock, chat, world } = await open();
    chat.next('lost', 'lost');
    await chat.say('hello');
    await until(async () => (await world.app.store.outbox.page({ states: ['pending'], limit: 9 }))[0]?.attempts === 1);
    clock.jump(jump);
    await clock.advance(5 * minute);
    await chat.arrived(1);
    await clock.advance(2 * day);
    expect(chat.textsTo('chat-of-ana')).toEqual(['Done.']);
  },
);

test('an answer that was stored before the clock was set back is sent once its channel is there, also after a restart', async () => {
  const { clock, chat, world } = await open();
  chat.next('lost');
  await chat.say('hello');
  await until(async () => (await world.app.store.outbox.page({ states: ['pending'], limit: 9 }))[0]?.attempts === 1);
  clock.jump(-day);
  await world.restart();
  await clock.advance(second);
  await chat.arrived(1);
  expect(chat.textsTo('chat-of-ana')).toEqual(['Done.']);
});

test('tries that all fail do not storm after a jump: the back-off and its end stay', async () => {
  const { clock, chat, world } = await open();
  chat.next(...Array.from({ length: 20 }, () => 'lost' as const));
  await chat.say('hello');
  const part = async () => (await world.app.store.outbox.page({ limit: 1 }))[0];
  await until(async () => (await part())?.attempts === 1);
  let last = 1;
  for (let times = 0; times < 20 && (await part())?.state === 'pending'; times++) {
    clock.jump(times % 2 === 0 ? -day : day);
    await clock.advance(second);
    const attempts = (await part())?.attempts ?? 0;
    expect(attempts - last).toBeLessThanOrEqual(1);
    last = attempts;
  }
  await clock.advance(hour);
  expect(await part()).toMatchObject({ state: 'dead', attempts: 8 });
});

test.each([-day, day])('an account that is down when the clock jumps by %i ms connects again as if nothing were', async (jump) => {
  const { clock, chat, account } = await open();
  chat.starts('dns', 'dns', 'dns');
  chat.connection().drop();
  await clock.advance(0);
  clock.jump(jump);
  expect((await account())?.nextTryAt).toBeLessThanOrEqual(clock.now() + second);
  await clock.advance(16 * second);
  expect(await account()).toMatchObject({ state: 'up', attempts: 4 });
  expect(chat.connections).toHaveLength(5);
  await chat.say('hello');
  await chat.arrived(1);
});

test.each([-day, day])('a connection that goes silent is replaced in time though the clock jumps by %i ms, and one that lives is left alone', async (jump) => {
  const { clock, chat, account } = await open({ liveMs: 90 * second });
  const live = async (): Promise<void> => {
    for (let count = 0; count < 20; count++) {
      chat.connection().pulse();
      await clock.advance(30 * second);
    }
  };
  await live();
  clock.jump(jump);
  await live();
  expect(chat.connections).toHaveLength(1);
  chat.connection().wedge();
  clock.jump(-jump);
  await clock.advance(93 * second);
  expect(chat.connections).toHaveLength(2);
  expect(await account()).toMatchObject({ state: 'up' });
});

test('an approval ends when its minutes have gone by, or when the clock shows its end: whichever comes first', async () => {
  const { clock, model, world } = await open();
  const call = ['run_command', { command: 'true', network: true }] as const;
  const waiting = async () => {
    model.play([call]);
    // The question is told of only once its time runs.
    const asked = Promise.withResolvers<string>();
    const turn = world.ask('go', ({ id }) => asked.resolve(id));
    return { turn, id: await asked.promise };
  };
  const ends = (events: Awaited<ReturnType<typeof world.ask>>) => events.flatMap((event) => (event.type === 'approval-answer' ? [event.decision] : []));

  const first = await waiting();
  clock.jump(-day);
  await clock.advance(29 * minute);
  expect(await world.app.operator.approvals()).toHaveLength(1);
  await clock.advance(minute);
  expect(ends(await first.turn)).toEqual(['expired']);

  const second = await waiting();
  clock.jump(day);
  await expect(world.app.operator.answer(second.id, 'once', 'console')).rejects.toMatchObject({ code: 'conflict' });
  expect(ends(await second.turn)).toEqual(['expired']);
  expect(await world.app.operator.approvals()).toEqual([]);

  const third = await waiting();
  clock.jump(-day);
  await world.app.operator.answer(third.id, 'once', 'console');
  expect(ends(await third.turn)).toEqual(['once']);
});

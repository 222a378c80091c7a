// A day in which nobody says anything, under a clock that is moved: it costs nothing, and nothing grows (delivery 11 and 12).
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createFakeChannel } from '../../src/testing/fake-channel.ts';
import { createFakeClock } from '../../src/testing/fake-clock.ts';
import { openWorld, type World } from './harness.ts';
import { createScriptedModel } from './scripted-model.ts';

const second = 1_000;
const hour = 60 * 60 * second;
const day = 24 * hour;
const liveMs = 90 * second;
const pulseMs = 30 * second;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Every file of the home and its size. */
function sizes(folder: string): Record<string, number> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path, statSync(path).size]),
  );
}

/** Until it is so, or ten seconds of real time have gone by. */
const until = async (look: () => unknown): Promise<void> => {
  for (const end = Date.now() + 10_000; Date.now() < end; await new Promise((resolve) => setImmediate(resolve))) if (await look()) return;
  throw new Error('It never came to that.');
};

/** The daily work that the last message made due is done. */
async function settled(world: World, clock: ReturnType<typeof createFakeClock>): Promise<void> {
  await clock.advance(15 * 60 * second);
  await until(() => readdirSync(join(world.home, 'backups')).some((name) => /^copaw-.*Z\.db$/u.test(name)));
  await clock.advance(10 * 60 * second);
  await until(() => world.app.store.retention.lastSweep());
  await clock.advance(second);
}

test('with nothing switched on and nothing scheduled no timer is left, and a day changes no byte', async () => {
  const clock = createFakeClock();
  const model = createScriptedModel();
  const world = await openWorld({ clock, provider: model.provider });
  closing.push(() => world.close());
  await clock.advance(day);
  expect([clock.waiting, clock.fired]).toEqual([0, 0]);
  await world.ask('hello');
  await settled(world, clock);
  const [before, fired] = [sizes(world.home), clock.fired];
  expect(clock.waiting).toBe(0);
  await clock.advance(day);
  expect([clock.waiting, clock.fired - fired]).toEqual([0, 0]);
  expect(sizes(world.home)).toEqual(before);
  expect(model.requests).toHaveLength(1);
  expect(world.faults).toEqual([]);
});

test('a channel that is connected and quiet costs a look at its signs of life now and then, and nothing else', async () => {
  const clock = createFakeClock();
  const chat = createFakeChannel({ now: clock.now, limits: { liveMs } });
  const model = createScriptedModel();
  const world = await openWorld({
    ...{ clock, provider: model.provider, channels: { chat: chat.factory } },
    config: { channels: { chat: { main: { enabled: true, allow: ['ana'] } } } },
  });
  closing.push(() => world.close());
  let pulses = 0;
  const pulse = (): void => {
    pulses++;
    chat.connection().pulse();
    clock.after(pulseMs, pulse);
  };
  pulse();
  await chat.say('hello');
  await chat.arrived(1);
  await settled(world, clock);
  const before = { sizes: sizes(world.home), fired: clock.fired, pulses, requests: model.requests.length, seq: await world.app.store.entries.lastSeq() };
  await clock.advance(day);
  expect(pulses - before.pulses).toBe(day / pulseMs);
  const looks = clock.fired - before.fired - (pulses - before.pulses);
  expect(looks).toBeLessThanOrEqual(Math.ceil(day / (liveMs - pulseMs)));
  expect(clock.waiting).toBe(2); // the platform's pulse and the account's one timer
  expect(model.requests).toHaveLength(before.requests);
  expect(chat.sent).toHaveLength(1);
  expect(chat.connections).toHaveLength(1);
  expect(sizes(world.home)).toEqual(before.sizes);
  expect(await world.app.store.entries.lastSeq()).toBe(before.seq);
  expect((await (await world.app.channels('cli')).list())[0]).toMatchObject({ state: 'up', attempts: 0 });
  expect(world.faults).toEqual([]);
});

test('while a reminder waits the clock is looked at once a minute, and nothing is read or written', async () => {
  const clock = createFakeClock();
  const model = createScriptedModel();
  const world = await openWorld({ clock, provider: model.provider });
  closing.push(() => world.close());
  model.play([['remind_me', { text: 'tea', inSeconds: (3 * day) / second }]]);
  await world.ask('remind me', 'once');
  await settled(world, clock);
  const [before, fired] = [sizes(world.home), clock.fired];
  expect(clock.waiting).toBe(1);
  await clock.advance(day);
  expect(clock.fired - fired).toBeLessThanOrEqual(day / (60 * second) + 1);
  expect(sizes(world.home)).toEqual(before);
  expect(model.requests).toHaveLength(2);
});

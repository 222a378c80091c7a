// Work once a day, and what setting the clock does to it: never more than a day of waiting, never twice in a row.
import { expect, test } from 'vitest';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createDaily } from './daily.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

function open({ last, work }: { last?: number; work?: (signal: AbortSignal) => Promise<void> } = {}) {
  const clock = createFakeClock();
  const done: number[] = [];
  const daily = createDaily({
    clock,
    soonestMs: 10 * minute,
    wanted: () => true,
    last: () => last,
    async work(at, signal) {
      done.push(at);
      await work?.(signal);
    },
    onFault: () => undefined,
  });
  return { clock, daily, done };
}

test.each([
  ['set back a day', -day],
  ['set back a year', -365 * day],
])('%s, the next is done within a day after a change', async (_, jump) => {
  const { clock, daily, done } = open();
  daily.changed();
  await clock.advance(10 * minute);
  clock.jump(jump);
  daily.changed();
  await clock.advance(day);
  expect(done).toHaveLength(2);
  daily.changed();
  await clock.advance(day - 1);
  expect(done).toHaveLength(2);
});

test('one that was done at a time that is still to come counts as done now', async () => {
  const { clock, daily, done } = open({ last: createFakeClock().now() + 30 * day });
  daily.changed();
  await clock.advance(day);
  expect(done).toHaveLength(1);
});

test('set forward a day, or awake after one, the next change brings one more and no storm', async () => {
  const { clock, daily, done } = open();
  daily.changed();
  await clock.advance(20 * minute);
  clock.jump(day);
  for (let count = 0; count < 50; count++) {
    daily.changed();
    await clock.advance(20 * minute);
  }
  expect(done).toHaveLength(2);
});

test('stopped, it tells the work to end, waits for it and does nothing more', async () => {
  const { clock, daily, done } = open({ work: (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })) });
  daily.changed();
  await clock.advance(10 * minute);
  daily.changed();
  await daily.stop();
  daily.changed();
  await clock.advance(9 * day);
  expect([done.length, clock.waiting]).toEqual([1, 0]);
});

test('says when it is done next: at nothing before a change, and a day after the last one', async () => {
  const { clock, daily } = open();
  const start = clock.now();
  expect(daily.nextAt()).toBeUndefined();
  daily.changed();
  expect(daily.nextAt()).toBe(start + 10 * minute);
  await clock.advance(10 * minute);
  expect(daily.nextAt()).toBeUndefined();
  daily.changed();
  expect(daily.nextAt()).toBe(start + 10 * minute + day);
  await daily.stop();
  expect(daily.nextAt()).toBeUndefined();
});

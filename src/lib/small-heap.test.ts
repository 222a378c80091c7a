import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createFakeClock } from '../testing/fake-clock.ts';
import { giveBackAfterStart } from './small-heap.ts';

test('after a start the heap is collected, once, and no context is left with the means to do so', async () => {
  const clock = createFakeClock();
  giveBackAfterStart(clock);
  const left = new WeakRef({ by: 'the start' });
  await clock.advance(60_000);
  expect(left.deref()).toBeUndefined();
  expect(runInNewContext('typeof gc')).toBe('undefined');
  const later = new WeakRef({ by: 'a turn' });
  await clock.advance(3_600_000);
  expect(later.deref()).toBeDefined();
});

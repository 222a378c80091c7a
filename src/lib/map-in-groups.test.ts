// Work in groups: in order, bounded, and stopped by a failure.
import { expect, test } from 'vitest';
import { mapInGroups } from './map-in-groups.ts';

const items = Array.from({ length: 150 }, (_, at) => at);

test('results come in the order of the items, and no more than a group is begun at once', async () => {
  let running = 0;
  let most = 0;
  const doubled = await mapInGroups(items, async (item) => {
    most = Math.max(most, ++running);
    for (let waits = 150 - item; waits > 0; waits--) await Promise.resolve();
    running--;
    return item * 2;
  });
  expect(doubled).toEqual(items.map((item) => item * 2));
  expect(most).toBe(64);
  expect(await mapInGroups([], async () => 1)).toEqual([]);
});

test('a failure is the answer, and no further group begins', async () => {
  const begun: number[] = [];
  const work = mapInGroups(items, async (item) => {
    begun.push(item);
    if (item === 3) throw new Error('no');
  });
  await expect(work).rejects.toThrow('no');
  expect(begun).toHaveLength(64);
});

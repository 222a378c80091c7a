// Local times, also where the clock jumps.
import { expect, test } from 'vitest';
import { parseTime } from './local-time.ts';

test('reads offsets and local times', () => {
  expect(parseTime('2026-01-31T09:00', 'Asia/Shanghai')).toBe(Date.UTC(2026, 0, 31, 1));
  expect(parseTime('2026-01-31T09:00+02:00', 'Asia/Shanghai')).toBe(Date.UTC(2026, 0, 31, 7));
  expect(parseTime('2026-10-25T02:30', 'Europe/Berlin')).toBe(Date.UTC(2026, 9, 25, 0, 30));
  expect(parseTime('2026-03-29T02:30', 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 29, 1, 30));
  expect(parseTime('2026-02-30T09:00', 'UTC')).toBeUndefined();
});

test('in the hour that comes twice the first is meant, or the second once the first has gone by', () => {
  const [first, second] = [Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 9, 25, 1, 30)];
  const at = (now: number) => parseTime('2026-10-25T02:30', 'Europe/Berlin', now);
  expect([at(first - 1), at(first), at(second - 1)]).toEqual([first, second, second]);
  expect(at(second)).toBe(first); // both are over: the caller sees that
});

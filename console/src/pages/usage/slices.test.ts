// Days and hours without holes, each call in its own, also where the clock is changed that night.
import { expect, test } from 'vitest';
import { slicesOf } from './slices.ts';

const sum = (calls: number) => ({ calls, input: calls * 10, cachedInput: 0, output: calls, cost: 0, unpriced: calls });
const report = { agents: [], models: [], channels: [], total: sum(0) };

test('days: what has no call is there too, over a day of 23 hours as well', () => {
  // 29 March 2026 has 23 hours in Berlin.
  const times = [28, 30].map((day) => ({ at: Date.parse(`2026-03-${day}T00:00:00${day < 29 ? '+01:00' : '+02:00'}`), ...sum(day) }));
  const from = Date.parse('2026-03-27T00:00:00+01:00');
  const slices = slicesOf({ ...report, step: 'day', timezone: 'Europe/Berlin', from, to: Date.parse('2026-03-31T12:00:00+02:00'), times }, 'en-GB');
  expect(slices.map(({ name, calls }) => [name, calls])).toEqual([
    ['27 Mar 2026', 0],
    ['28 Mar 2026', 28],
    ['29 Mar 2026', 0],
    ['30 Mar 2026', 30],
    ['31 Mar 2026', 0],
  ]);
});

test('hours are those of the clock of CoPaw; with nothing there is none', () => {
  const from = Date.parse('2026-03-27T10:00:00Z');
  const times = [{ at: from + 3_600_000, ...sum(2) }];
  const slices = slicesOf({ ...report, step: 'hour', timezone: 'Asia/Shanghai', from, to: from + 2 * 3_600_000 + 5, times }, 'en-GB');
  expect(slices.map(({ name, calls }) => [name, calls])).toEqual([
    ['18:00', 0],
    ['19:00', 2],
    ['20:00', 0],
  ]);
  expect(slicesOf({ ...report, step: 'day', timezone: 'UTC', to: 5, times: [] }, 'en')).toEqual([]);
});

test('a call that a clock set forward dated into tomorrow has a day as well', () => {
  const [from, to] = [Date.parse('2026-05-01T00:00:00Z'), Date.parse('2026-05-01T12:00:00Z')];
  const times = [{ at: Date.parse('2026-05-02T00:00:00Z'), ...sum(1) }];
  expect(slicesOf({ ...report, step: 'day', timezone: 'UTC', from, to, times }, 'en-GB').map(({ calls }) => calls)).toEqual([0, 1]);
});

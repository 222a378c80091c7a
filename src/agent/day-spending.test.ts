// The beginning of a local day against a search by the quarter of an hour, on days whose clock is changed; and what a day's budget counts when the clock is set.
import { expect, test } from 'vitest';
import { DaySpending, startOfDay } from './day-spending.ts';

const minute = 60_000;
const hour = 60 * minute;
const quarter = 15 * minute;

/** The first quarter of an hour that shows the date of `now`. */
function searched(now: number, timezone: string): number {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: timezone, dateStyle: 'short' });
  const today = format.format(now);
  let first = now - (now % quarter);
  for (let at = first; at > now - 26 * hour; at -= quarter) if (format.format(at) === today) first = at;
  return first;
}

test.each([
  ['Europe/Berlin', '2026-03-29', 'skips 02:00'],
  ['Europe/Berlin', '2026-10-25', 'repeats 02:00'],
  ['Africa/Cairo', '2026-04-24', 'skips midnight'],
  ['Atlantic/Azores', '2026-10-25', 'repeats midnight'],
  ['Australia/Lord_Howe', '2026-04-05', 'repeats half an hour'],
  ['America/New_York', '2026-11-01', 'repeats 01:00'],
  ['Asia/Kathmandu', '2026-06-01', 'has an odd offset'],
])('%s, %s: a day that %s begins with its first moment', (timezone, date) => {
  for (let at = Date.parse(`${date}T00:07:13.250Z`) - 12 * hour; at < Date.parse(`${date}T00:00Z`) + 36 * hour; at += 37 * minute)
    expect(new Date(startOfDay(at, timezone)).toISOString()).toBe(new Date(searched(at, timezone)).toISOString());
});

test('a clock that is set a day forward begins a new day, and set back again finds what was spent', async () => {
  const now = Date.UTC(2026, 9, 25, 0, 30); // 02:30 in Berlin, for the first time
  const spent = [now - 3 * hour, now - 2 * hour, now];
  const spending = new DaySpending({
    since: async (at) => [{ model: 'p/m', calls: 1, input: spent.filter((one) => one >= at).length, cachedInput: 0, output: 0, cost: 0 }],
  });
  const tokens = async (at: number): Promise<number> => (await spending.today(at, 'Europe/Berlin')).tokens;
  expect(await tokens(now)).toBe(2); // since 22:00 UTC
  expect(await tokens(now + hour)).toBe(2);
  expect(await tokens(now + 24 * hour)).toBe(0);
  expect(await tokens(now)).toBe(2);
});

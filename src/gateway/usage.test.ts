// Days are those of the operator's clock, every call is in one of them, and the sums agree whichever way they are cut.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startOfDay } from '../agent/day-spending.ts';
import { addSums, noSum, type UsageGroup, type UsageSum } from '../core/usage.ts';
import { createUsageAdmin } from './usage.ts';

interface Call extends UsageGroup {
  readonly at: number;
}

const hour = 60 * 60_000;
const call = (at: number, more: Partial<Call> = {}): Call => ({
  ...{ at, agentId: 'main', model: 'p/a', channel: 'console', calls: 1, input: 10, cachedInput: 4, output: 3, cost: 0.5, unpriced: 0 },
  ...more,
});

function over(calls: readonly Call[], now: number, timezone = 'Europe/Berlin') {
  const asked: [number, number][] = [];
  const usage = {
    async between(from: number, to: number) {
      asked.push([from, to]);
      return calls.filter(({ at }) => at >= from && at < to).map(({ at: _, ...group }) => group);
    },
    async firstSince(at: number) {
      const later = calls.map((one) => one.at).filter((one) => one >= at);
      return later.length === 0 ? undefined : Math.min(...later);
    },
  };
  return { admin: createUsageAdmin({ store: { usage }, now: () => now, timezone: () => timezone }), asked };
}

test('by agent, model, channel and day; what has no price is counted apart and adds nothing to the cost', async () => {
  const now = Date.parse('2026-07-10T12:00:00+02:00');
  const { admin } = over(
    [
      call(Date.parse('2026-07-03T23:59:59+02:00')),
      call(Date.parse('2026-07-04T00:00:00+02:00'), { agentId: 'other', cost: 0, unpriced: 1 }),
      call(Date.parse('2026-07-09T23:30:00+02:00'), { model: 'p/b', input: 100 }),
      call(Date.parse('2026-07-10T11:00:00+02:00'), { channel: '' }),
    ],
    now,
  );
  const week = await admin.report(7);
  expect(week).toMatchObject({ step: 'day', timezone: 'Europe/Berlin', from: Date.parse('2026-07-04T00:00:00+02:00'), to: now });
  expect(week.times.map(({ at, calls }) => [new Date(at).toISOString(), calls])).toEqual([
    ['2026-07-03T22:00:00.000Z', 1],
    ['2026-07-08T22:00:00.000Z', 1],
    ['2026-07-09T22:00:00.000Z', 1],
  ]);
  expect(week.total).toEqual({ calls: 3, input: 120, cachedInput: 12, output: 9, cost: 1, unpriced: 1 });
  expect(week.agents.map(({ name, calls, unpriced }) => [name, calls, unpriced])).toEqual([
    ['main', 2, 0],
    ['other', 1, 1],
  ]);
  expect(week.models.map(({ name, input }) => [name, input])).toEqual([
    ['p/b', 100],
    ['p/a', 20],
  ]);
  expect(week.channels.map(({ name, calls }) => [name, calls])).toEqual([
    ['console', 2],
    ['', 1],
  ]);
  expect(Object.keys(week.total)).toEqual(Object.keys(noSum));
  const all = await admin.report();
  expect([all.from, all.total.calls, all.times.length]).toEqual([Date.parse('2026-07-03T23:59:59+02:00'), 4, 4]);
  const day = await admin.report(1);
  expect(day).toMatchObject({ step: 'hour', from: Date.parse('2026-07-09T13:00:00+02:00') });
  expect(day.times.map(({ at }) => at)).toEqual([Date.parse('2026-07-09T23:00:00+02:00'), Date.parse('2026-07-10T11:00:00+02:00')]);
});

test('with no call at all there is nothing, and no time it begins', async () => {
  const { admin, asked } = over([], 1_000);
  expect(await admin.report()).toEqual({ step: 'day', timezone: 'Europe/Berlin', to: 1_000, times: [], agents: [], models: [], channels: [], total: noSum });
  expect(asked).toEqual([]);
});

test('whatever was called when, every call is counted once, in the day it was made, also where the clock is changed; empty days cost no look', async () => {
  const zones = ['Europe/Berlin', 'America/Sao_Paulo', 'Asia/Kathmandu', 'Africa/Cairo', 'UTC'];
  const start = Date.parse('2026-02-01T00:00:00Z');
  const calls = fc.array(
    fc.record({ at: fc.integer({ min: start, max: start + 300 * 24 * hour }), agentId: fc.constantFrom('a', 'b'), channel: fc.constantFrom('', 'cli') }),
    { maxLength: 25 },
  );
  await fc.assert(
    fc.asyncProperty(calls, fc.constantFrom(...zones), fc.integer({ min: 1, max: 400 }), async (made, zone, days) => {
      const now = start + 300 * 24 * hour;
      const all = made.map(({ at, ...rest }) => call(at, rest));
      const { admin, asked } = over(all, now, zone);
      const report = await admin.report(days);
      const from = report.from ?? Number.NaN;
      const counted = all.filter(({ at }) => at >= from);
      expect(report.total.calls).toBe(counted.length);
      for (const part of [report.agents, report.models, report.channels, report.times] as readonly (readonly UsageSum[])[])
        expect(part.reduce(addSums, noSum)).toMatchObject({ calls: report.total.calls, input: report.total.input, output: report.total.output });
      expect(asked).toHaveLength(report.times.length);
      if (days > 1) {
        expect(startOfDay(from, zone)).toBe(from);
        expect(report.times.map(({ at }) => at)).toEqual([...new Set(counted.map(({ at }) => startOfDay(at, zone)))].sort((a, b) => a - b));
        const dates = new Intl.DateTimeFormat('en-CA', { timeZone: zone });
        const back = new Date(`${dates.format(now)}T00:00:00Z`).getTime() - new Date(`${dates.format(from)}T00:00:00Z`).getTime();
        expect(back).toBe((days - 1) * 24 * hour);
      }
    }),
    { numRuns: 40 },
  );
});

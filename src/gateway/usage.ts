// Tokens and cost over time, read from the rows of calls a day at a time: however many there are, a turn that runs meanwhile does not wait for it.
import { startOfDay } from '../agent/day-spending.ts';
import type { Store } from '../core/store.ts';
import { addSums, type NamedUsage, noSum, type UsageAdmin, type UsageReport, type UsageSum } from '../core/usage.ts';
import { breath } from '../lib/clock.ts';

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;

export function createUsageAdmin(parts: {
  readonly store: { readonly usage: Pick<Store['usage'], 'between' | 'firstSince'> };
  readonly now: () => number;
  /** Where CoPaw is; days begin there. */
  readonly timezone: () => string;
}): UsageAdmin {
  const { usage } = parts.store;
  return {
    async report(days) {
      const [now, timezone] = [parts.now(), parts.timezone()];
      const step = days === 1 ? 'hour' : 'day';
      const startOf = (at: number): number => (step === 'hour' ? at - (at % hourMs) : startOfDay(at, timezone));
      const endOf = (start: number): number => (step === 'hour' ? start + hourMs : startOfDay(start + 1.5 * dayMs, timezone));
      const asked = days === undefined ? undefined : step === 'hour' ? startOf(now) - 23 * hourMs : daysBack(now, days - 1, timezone);
      const times: UsageReport['times'][number][] = [];
      const by: Readonly<Record<'agentId' | 'model' | 'channel', Map<string, UsageSum>>> = { agentId: new Map(), model: new Map(), channel: new Map() };
      const first = await usage.firstSince(asked ?? 0);
      for (let next = first; next !== undefined; ) {
        const start = startOf(next);
        const end = endOf(start);
        const groups = await usage.between(Math.max(start, asked ?? 0), end);
        times.push({ at: start, ...sumOf(groups) });
        for (const [member, sums] of Object.entries(by) as [keyof typeof by, Map<string, UsageSum>][])
          for (const group of groups) sums.set(group[member], addSums(sums.get(group[member]) ?? noSum, group));
        await breath();
        next = await usage.firstSince(end);
      }
      const from = asked ?? first;
      return {
        ...{ step, timezone, to: now, times, agents: named(by.agentId), models: named(by.model), channels: named(by.channel), total: sumOf(times) },
        ...(from === undefined ? {} : { from }),
      };
    },
  };
}

/** Midnight so many days ago. The middle of the day is never another day, whatever the clock was set to that night. */
function daysBack(now: number, days: number, timezone: string): number {
  const today = startOfDay(now, timezone);
  return days === 0 ? today : startOfDay(today - (days - 0.5) * dayMs, timezone);
}

const sumOf = (sums: readonly UsageSum[]): UsageSum => sums.reduce(addSums, noSum);

function named(sums: ReadonlyMap<string, UsageSum>): readonly NamedUsage[] {
  return [...sums].map(([name, sum]) => ({ name, ...sum })).sort((a, b) => b.input + b.output - (a.input + a.output) || (a.name < b.name ? -1 : 1));
}

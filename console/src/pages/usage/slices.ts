// Hours or days of a report without holes, named as the clock of CoPaw's own zone shows them.
import type { UsageBody } from '../../../../src/http/contract.ts';

export type Sum = UsageBody['total'];
export interface Slice extends Sum {
  readonly name: string;
}

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;
const nothing: Sum = { calls: 0, input: 0, cachedInput: 0, output: 0, cost: 0, unpriced: 0 };

/** Oldest first; an hour or day without a call is there too. */
export function slicesOf({ step, times, from, to, timezone }: UsageBody, locale: string): readonly Slice[] {
  if (from === undefined) return [];
  const last = Math.max(to, times.at(-1)?.at ?? 0);
  if (step === 'hour') {
    const known = new Map(times.map((one) => [one.at, one]));
    const format = new Intl.DateTimeFormat(locale, { timeZone: timezone, hour: 'numeric', minute: '2-digit' });
    const first = from - (from % hourMs);
    return Array.from({ length: Math.floor((last - first) / hourMs) + 1 }, (_, index) => {
      const at = first + index * hourMs;
      return { ...sumOf(known.get(at)), name: format.format(at) };
    });
  }
  // Days are counted by their dates: one may have 23 hours, or 25.
  const known = new Map(times.map((one) => [dateOf(one.at, timezone), one]));
  const format = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', dateStyle: 'medium' });
  const first = Date.parse(dateOf(from, timezone));
  return Array.from({ length: Math.round((Date.parse(dateOf(last, timezone)) - first) / dayMs) + 1 }, (_, index) => {
    const date = first + index * dayMs;
    return { ...sumOf(known.get(new Date(date).toISOString().slice(0, 10))), name: format.format(date) };
  });
}

/** "2026-07-04", there. */
function dateOf(at: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(at);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

function sumOf(sum: Sum = nothing): Sum {
  const { calls, input, cachedInput, output, cost, unpriced, seconds } = sum;
  return { calls, input, cachedInput, output, cost, unpriced, ...(seconds === undefined ? {} : { seconds }) };
}

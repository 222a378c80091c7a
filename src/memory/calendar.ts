// Days as YYYY-MM-DD and spans of them, both ends included: what dates in questions are worked out with. No zones and no times.

export type Days = readonly [from: string, to: string];

const dayMs = 86_400_000;

/** Undefined for a day that is in no calendar. Months from 1. */
export function day(year: number, month: number, date: number): string | undefined {
  const at = new Date(Date.UTC(year, month - 1, date));
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === date && year >= 1000 && year <= 9999 ? at.toISOString().slice(0, 10) : undefined;
}

export function addDays(from: string, days: number): string {
  return new Date(Date.parse(`${from}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

export function oneDay(one: string | undefined): Days | undefined {
  return one === undefined ? undefined : [one, one];
}

/** A whole month; months past December or before January run on into the next year or back. */
export function month(year: number, number: number): Days {
  return [new Date(Date.UTC(year, number - 1, 1)).toISOString().slice(0, 10), new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10)];
}

export function year(number: number): Days {
  return [`${number}-01-01`, `${number}-12-31`];
}

/** The week from Monday to Sunday that a day is in. */
export function week(of: string): Days {
  const monday = addDays(of, -((weekday(of) + 6) % 7));
  return [monday, addDays(monday, 6)];
}

/** 0: Sunday. */
export function weekday(of: string): number {
  return new Date(`${of}T00:00:00Z`).getUTCDay();
}

/** Year, month (from 1) and date of a day. */
export function partsOf(of: string): readonly [year: number, month: number, date: number] {
  return [Number(of.slice(0, 4)), Number(of.slice(5, 7)), Number(of.slice(8, 10))];
}

/** The day a clock on the wall of this time zone shows. */
export function dayOf(now: number, timezone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: timezone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now);
}

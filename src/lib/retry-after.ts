// What a server says of when to come again.

/** The value of a Retry-After header, seconds or an HTTP date, as milliseconds from `now`. */
export function retryAfter(value: string | null | undefined, now: number): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

// Numbers, times and sizes as people read them.

/** 950, 12.3k, 1.2M. */
export function shortCount(count: number): string {
  if (count < 1000) return String(count);
  return count < 999_950 ? `${trim(count / 1000)}k` : `${trim(count / 1_000_000)}M`;
}

/** Dollars; undefined for nothing. The same as `src/lib/dollars.ts`, which the console cannot import. */
export function dollars(cost: number): string | undefined {
  if (cost <= 0) return undefined;
  if (cost < 0.0001) return '<$0.0001';
  return `$${cost < 0.01 ? cost.toFixed(4) : cost.toFixed(2)}`;
}

/** 0.4, 12.3, 95. */
export function seconds(ms: number): string {
  return trim(Math.max(0, ms) / 1000);
}

export function fileSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${trim(bytes / 1024)} KB`;
  return bytes < 1024 ** 3 ? `${trim(bytes / 1024 ** 2)} MB` : `${trim(bytes / 1024 ** 3)} GB`;
}

/** How an agent is called; the same as `agentLabel` in `src/core/agents.ts`, which the console cannot import. */
export function agentLabel({ id, name }: { readonly id: string; readonly name: string }): string {
  return name.toLowerCase() === id ? name : `${name} (${id})`;
}

/** The time today, else date and time. */
export function shortTime(at: number, now: number, locale: string): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString();
  return new Intl.DateTimeFormat(locale, sameDay ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' }).format(at);
}

/** How long ago, in the largest unit that says enough: "now", "3 days ago". */
export function age(at: number, now: number, locale: string): string {
  const minutes = Math.max(0, Math.floor((now - at) / 60_000));
  if (minutes === 0) return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(0, 'second');
  const format = new Intl.RelativeTimeFormat(locale);
  if (minutes < 60) return format.format(-minutes, 'minute');
  return minutes < 48 * 60 ? format.format(-Math.floor(minutes / 60), 'hour') : format.format(-Math.floor(minutes / 1440), 'day');
}

/** Minutes and seconds that are left: "4:07", "61:00". */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** The time to the second today, else the date too. */
export function exactTime(at: number, now: number, locale: string): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString();
  return new Intl.DateTimeFormat(locale, sameDay ? { timeStyle: 'medium' } : { dateStyle: 'short', timeStyle: 'medium' }).format(at);
}

function trim(value: number): string {
  return value.toFixed(value < 100 ? 1 : 0).replace(/\.0$/u, '');
}

// Between instants and what a clock on the wall shows in an IANA time zone.

/** For example "Tuesday, 2026-11-24 10:30:00 Asia/Shanghai". */
export function localText(at: number, timezone: string): string {
  const weekday = new Intl.DateTimeFormat('en', { timeZone: timezone, weekday: 'long' }).format(at);
  return `${weekday}, ${new Date(wallClock(at, timezone)).toISOString().slice(0, 19).replace('T', ' ')} ${timezone}`;
}

const shape = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?)?(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * ISO 8601 text as an instant; without an offset it is read in `timezone`. Undefined when it is no valid time, or a date alone.
 * In the hour a clock repeats the first is meant that comes after `now`; in the hour it skips, the time moves forward by the skip.
 */
export function parseTime(text: string, timezone: string, now = Number.NEGATIVE_INFINITY): number | undefined {
  const match = shape.exec(text.trim());
  if (match === null || match[4] === undefined) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(wall);
  const real = back.getUTCMonth() === month - 1 && back.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!real) return undefined;
  const zone = match[7];
  return zone === undefined ? fromWall(wall, timezone, now) : fromOffset(wall, zone.toUpperCase());
}

function fromOffset(wall: number, zone: string): number | undefined {
  if (zone === 'Z') return wall;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 18 || minutes > 59) return undefined;
  return wall - (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function fromWall(wall: number, timezone: string, now: number): number {
  const day = 86_400_000;
  const before = wallClock(wall - day, timezone) - (wall - day);
  const after = wallClock(wall + day, timezone) - (wall + day);
  const candidates = [wall - before, wall - after].filter((instant) => wallClock(instant, timezone) === wall);
  if (candidates.length === 0) return wall - before;
  const toCome = candidates.filter((instant) => instant > now);
  return Math.min(...(toCome.length > 0 ? toCome : candidates));
}

/** The wall clock's reading at an instant, written as if it were UTC, whole seconds. */
function wallClock(at: number, timezone: string): number {
  const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const parts = new Map(format.formatToParts(at).map((part) => [part.type, Number(part.value)]));
  const read = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second'));
}

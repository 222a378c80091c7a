// Times as people say them, for the offline model: spans and clock times in English and Chinese. Pure.

const digits = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/** Decimal digits, "a", "half an", or a Chinese numeral below 100. */
function readNumber(text: string): number | undefined {
  const plain = Number(text);
  if (text.trim() !== '' && Number.isFinite(plain)) return plain;
  if (/^an?$/iu.test(text)) return 1;
  if (/^half an$/iu.test(text) || text === '半') return 0.5;
  const word = text.replaceAll('两', '二');
  if (!/^[一二三四五六七八九]?十?[一二三四五六七八九]?$/u.test(word)) return undefined;
  const [tens, ones] = word.includes('十') ? word.split('十') : ['', word];
  const digit = (sign: string | undefined): number => Math.max(0, digits.indexOf(sign ?? ''));
  return (word.includes('十') ? (tens === '' ? 10 : digit(tens) * 10) : 0) + digit(ones);
}

/** Whole seconds, at least 1; undefined when the words are no span. */
export function inSeconds(count: string | undefined, unit: string | undefined): number | undefined {
  const number = count === undefined ? undefined : readNumber(count);
  if (number === undefined || unit === undefined) return undefined;
  const size = /^(?:s|秒)/iu.test(unit) ? 1 : /^(?:m|分)/iu.test(unit) ? 60 : /^(?:h|小时|钟头)/iu.test(unit) ? 3600 : 86_400;
  return Math.max(1, Math.round(number * size));
}

/** The next such moment after `now` in the zone, as ISO 8601 with offset; undefined when the numbers are no time of day. */
export function clockTime(groups: Readonly<Record<string, string | undefined>>, now: number, timezone: string): string | undefined {
  const said = readNumber(groups.hour ?? '');
  const minute = groups.minute === '半' ? 30 : Number(groups.minute ?? 0);
  if (said === undefined || !Number.isInteger(said) || said > 23 || minute > 59) return undefined;
  const half = groups.half?.toLowerCase() ?? '';
  const hour = /pm|下午|晚上|中午/u.test(half) && said < 12 && !(half === '中午' && said === 11) ? said + 12 : /am|凌晨/u.test(half) && said === 12 ? 0 : said;
  const day = groups.day ?? groups.dayAfter;
  const tomorrow = day !== undefined && /tomorrow|明天/iu.test(day);
  const here = new Date(now + offsetOf(now, timezone) * 60_000);
  const on = (shift: number): number => instantOf(Date.UTC(here.getUTCFullYear(), here.getUTCMonth(), here.getUTCDate() + shift, hour, minute), timezone, now);
  const first = on(tomorrow ? 1 : 0);
  return isoIn(first <= now && day === undefined ? on(1) : first, timezone);
}

/** Minutes east of UTC at an instant; 0 for a zone the runtime does not know. */
function offsetOf(instant: number, timezone: string): number {
  try {
    const name = new Intl.DateTimeFormat('en', { timeZone: timezone, timeZoneName: 'longOffset' })
      .formatToParts(instant)
      .find((part) => part.type === 'timeZoneName')?.value;
    const match = /GMT([+-])(\d{2}):(\d{2})/u.exec(name ?? '');
    return match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) : 0;
  } catch {
    return 0;
  }
}

/** In the hour a clock repeats, the first that comes after `now`; in the hour it skips, later by the skip. */
function instantOf(wall: number, timezone: string, now: number): number {
  const day = 24 * 60 * 60_000;
  const [before, after] = [wall - offsetOf(wall - day, timezone) * 60_000, wall - offsetOf(wall + day, timezone) * 60_000];
  const real = [before, after].filter((instant) => instant + offsetOf(instant, timezone) * 60_000 === wall);
  return real.find((instant) => instant > now) ?? real[0] ?? before;
}

function isoIn(instant: number, timezone: string): string {
  const offset = offsetOf(instant, timezone);
  const size = Math.abs(offset);
  const two = (number: number): string => String(number).padStart(2, '0');
  const wall = new Date(instant + offset * 60_000).toISOString().slice(0, 19);
  return `${wall}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

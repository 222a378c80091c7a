// Days and spans of days as English questions say them.
import { addDays, type Days, day, month, oneDay, partsOf, week, weekday, year } from './calendar.ts';

/** A way to say a day or a span; `read` answers undefined where it is none after all. */
export interface DateRule {
  readonly pattern: RegExp;
  read(match: RegExpMatchArray, today: string): Days | undefined;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const numbers = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
const seasons = ['spring', 'summer', 'autumn', 'winter'];

const monthName = '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?';
const weekdayName = '(sun|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?)(?:day)?';
const count = '(\\d{1,3}|a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a couple of|a few)';
const before = '\\b(in|of|since|until|till|before|after|during|early|mid|late|by|from|between|and|to|around|back)';

const monthOf = (name: string | undefined): number => months.indexOf((name ?? '').slice(0, 3).toLowerCase()) + 1;

function countOf(text: string | undefined): number {
  const said = (text ?? '').toLowerCase();
  if (/^\d/u.test(said)) return Number(said);
  return said === 'a couple of' ? 2 : said === 'a few' ? 3 : Math.max(1, numbers.indexOf(said));
}

/** The last month of this number that has begun; `past`: and is not this one. */
function lastMonth(number: number, today: string, past: boolean): Days {
  const [thisYear, thisMonth] = partsOf(today);
  return month(number > thisMonth || (past && number === thisMonth) ? thisYear - 1 : thisYear, number);
}

/** Winter begins in the year it is named after. */
function season(name: string, of: number): Days {
  const first = 3 + 3 * Math.max(0, seasons.indexOf(name === 'fall' ? 'autumn' : name));
  return [month(of, first)[0], month(of, first + 2)[1]];
}

function lastSeason(name: string, today: string): Days {
  const [thisYear] = partsOf(today);
  const own = season(name, thisYear);
  return own[1] < today ? own : season(name, thisYear - 1);
}

/** A whole unit so far back: the day itself, the week, the month or the year around it. */
export function back(unit: string, units: number, today: string): Days | undefined {
  const [thisYear, thisMonth] = partsOf(today);
  if (unit === 'day') return oneDay(addDays(today, -units));
  if (unit === 'week') return week(addDays(today, -7 * units));
  return unit === 'month' ? month(thisYear, thisMonth - units) : year(thisYear - units);
}

const unitOf = (text: string | undefined): string => (text ?? '').toLowerCase();

export const englishDates: readonly DateRule[] = [
  { pattern: /\b(\d{4})[-/](\d{1,2})[-/](\d{1,2})\b/giu, read: ([, y, m, d]) => oneDay(day(Number(y), Number(m), Number(d))) },
  { pattern: /\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b/giu, read: ([, d, m, y]) => oneDay(day(Number(y), Number(m), Number(d))) },
  {
    pattern: new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?(?: of)? ${monthName},? (\\d{4})\\b`, 'giu'),
    read: ([, d, m, y]) => oneDay(day(Number(y), monthOf(m), Number(d))),
  },
  {
    pattern: new RegExp(`\\b${monthName} (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{4})\\b`, 'giu'),
    read: ([, m, d, y]) => oneDay(day(Number(y), monthOf(m), Number(d))),
  },
  { pattern: new RegExp(`\\b${monthName},?(?: of)? (\\d{4})\\b`, 'giu'), read: ([, m, y]) => month(Number(y), monthOf(m)) },
  { pattern: /\b(\d{4})-(\d{2})\b(?!-)/giu, read: ([, y, m]) => (Number(m) >= 1 && Number(m) <= 12 ? month(Number(y), Number(m)) : undefined) },
  {
    pattern: new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?(?: of)? ${monthName}\\b`, 'giu'),
    read: ([, d, m], today) => recent(monthOf(m), Number(d), today),
  },
  {
    pattern: new RegExp(`\\b${monthName} (\\d{1,2})(?:st|nd|rd|th)?\\b(?!:)`, 'giu'),
    read: ([, m, d], today) => recent(monthOf(m), Number(d), today),
  },
  { pattern: new RegExp(`\\blast ${monthName}(?![a-z])`, 'giu'), read: ([, m], today) => lastMonth(monthOf(m), today, true) },
  { pattern: new RegExp(`\\bthis ${monthName}(?![a-z])`, 'giu'), read: ([, m], today) => month(partsOf(today)[0], monthOf(m)) },
  { pattern: new RegExp(`${before} ${monthName}(?![a-z])`, 'giu'), read: ([, , m], today) => lastMonth(monthOf(m), today, false) },
  { pattern: /\b(spring|summer|autumn|fall|winter),?(?: of)? (\d{4})\b/giu, read: ([, s, y]) => season(unitOf(s), Number(y)) },
  { pattern: /\b(?:last|in|this|during)(?: the)? (spring|summer|autumn|fall|winter)\b/giu, read: ([, s], today) => lastSeason(unitOf(s), today) },
  { pattern: /\bq([1-4]),?(?: of)? (\d{4})\b/giu, read: ([, q, y]) => [month(Number(y), 3 * Number(q) - 2)[0], month(Number(y), 3 * Number(q))[1]] },
  { pattern: /\b(?:the )?day before yesterday\b/giu, read: (_, today) => oneDay(addDays(today, -2)) },
  { pattern: /\b(?:yesterday|last night)\b/giu, read: (_, today) => oneDay(addDays(today, -1)) },
  { pattern: /\b(?:today|this (?:morning|afternoon|evening)|tonight)\b/giu, read: (_, today) => oneDay(today) },
  { pattern: /\b(?:the )?(week|month|year) before last\b/giu, read: ([, unit], today) => back(unitOf(unit), 2, today) },
  { pattern: /\blast weekend\b/giu, read: (_, today) => [addDays(week(today)[0], -2), addDays(week(today)[0], -1)] },
  { pattern: /\blast (week|month|year)\b/giu, read: ([, unit], today) => back(unitOf(unit), 1, today) },
  { pattern: /\bthis (week|month|year)\b/giu, read: ([, unit], today) => back(unitOf(unit), 0, today) },
  { pattern: new RegExp(`\\b${count} (day|week|month|year)s? (?:ago|back)\\b`, 'giu'), read: ([, n, unit], today) => back(unitOf(unit), countOf(n), today) },
  {
    pattern: new RegExp(`\\b(?:the |in the )?(?:past|last) ${count} (day|week|month|year)s?\\b`, 'giu'),
    read: ([, n, unit], today) => [addDays(today, -countOf(n) * ({ day: 1, week: 7, month: 31 }[unitOf(unit)] ?? 366)), today],
  },
  {
    pattern: new RegExp(`\\b(?:last|on|this) ${weekdayName}\\b`, 'giu'),
    read: ([, name], today) => oneDay(addDays(today, -(((weekday(today) - weekdays.indexOf(unitOf(name).slice(0, 3)) + 6) % 7) + 1))),
  },
  { pattern: new RegExp(`(?:${before}|\\b(?:year|of))(?: the year)? (\\d{4})\\b(?![-/])`, 'giu'), read: ([, , y]) => plausible(Number(y)) },
];

/** The last such day that has come. */
export function recent(monthNumber: number, date: number, today: string): Days | undefined {
  const [thisYear] = partsOf(today);
  const own = day(thisYear, monthNumber, date);
  return oneDay(own !== undefined && own <= today ? own : day(thisYear - 1, monthNumber, date));
}

/** Other numbers of four digits are no years. */
function plausible(number: number): Days | undefined {
  return number >= 1900 && number <= 2100 ? year(number) : undefined;
}

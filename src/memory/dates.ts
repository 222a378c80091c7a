// Dates in a question: the span of days it is about, or the day as of which it asks; and the question without them.
import { addDays, type Days } from './calendar.ts';
import { chineseDates } from './dates-chinese.ts';
import { englishDates } from './dates-english.ts';

export interface ReadDates {
  /** Both ends included. Open ones are 0000-01-01 and 9999-12-31. */
  readonly days?: Days;
  /** What held on this day is asked for: "as of 2024-05-03". */
  readonly asOf?: string;
  /** The question without its dates, and the words that belong to them. */
  readonly rest: string;
}

const first = '0000-01-01';
const last = '9999-12-31';

/** Relative ones ("last March") are seen from `today`, YYYY-MM-DD. Of several dates that belong to no range, the first counts. */
export function readDates(question: string, today: string): ReadDates {
  const found: Days[] = [];
  // A date becomes its number between two marks, so that what stands before and after it can be read.
  let marked = question.replaceAll(/[\uE000\uE001]/gu, ' ');
  for (const rule of [...englishDates, ...chineseDates]) {
    let read = '';
    let at = 0;
    for (const match of marked.matchAll(rule.pattern)) {
      const days = rule.read(match, today);
      if (days === undefined) continue;
      const kept = relation.exec(match[0])?.[0] ?? '';
      read += `${marked.slice(at, match.index)}${kept} \uE000${found.push(days) - 1}\uE001 `;
      at = match.index + match[0].length;
    }
    if (at > 0) marked = read + marked.slice(at);
  }
  if (found.length === 0) return { rest: question };
  for (const { pattern, read } of relations) {
    const match = pattern.exec(marked);
    const [a, b] = (match?.slice(1) ?? []).map((number) => found[Number(number)]);
    if (match && a) return { ...read(a, b ?? a), rest: withoutMarks(marked.replace(match[0], ' ')) };
  }
  return { ...(found[0] === undefined ? {} : { days: found[0] }), rest: withoutMarks(marked) };
}

/** Words before a date that a rule has taken in and that say how it is meant. */
const relation = /^(?:since|until|till|before|after|by|from|between|and|to)\b/iu;

const withoutMarks = (text: string): string =>
  text
    .replaceAll(/\uE000\d+\uE001/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();

const at = '\\s*\uE000(\\d+)\uE001';
const relations: readonly { readonly pattern: RegExp; readonly read: (a: Days, b: Days) => Omit<ReadDates, 'rest'> }[] = [
  { pattern: new RegExp(`(?:between|from)${at}\\s*(?:and|to|until|till|through|[-–])${at}`, 'iu'), read: (a, b) => ({ days: span(a[0], b[1]) }) },
  { pattern: new RegExp(`从?${at}\\s*(?:到|至)${at}`, 'u'), read: (a, b) => ({ days: span(a[0], b[1]) }) },
  { pattern: new RegExp(`\\bas (?:of|at)${at}`, 'iu'), read: (a) => ({ asOf: a[1] }) },
  { pattern: new RegExp(`截[至止]${at}`, 'u'), read: (a) => ({ asOf: a[1] }) },
  { pattern: new RegExp(`\\b(?:before|prior to|until|till)${at}`, 'iu'), read: (a) => ({ days: [first, addDays(a[0], -1)] }) },
  { pattern: new RegExp(`\\bby${at}`, 'iu'), read: (a) => ({ days: [first, a[1]] }) },
  { pattern: new RegExp(`${at}\\s*(?:之前|以前)`, 'u'), read: (a) => ({ days: [first, addDays(a[0], -1)] }) },
  { pattern: new RegExp(`\\bafter${at}`, 'iu'), read: (a) => ({ days: [addDays(a[1], 1), last] }) },
  { pattern: new RegExp(`\\b(?:since|from)${at}`, 'iu'), read: (a) => ({ days: [a[0], last] }) },
  { pattern: new RegExp(`${at}\\s*(?:之后|以后|以来)`, 'u'), read: (a) => ({ days: [a[0], last] }) },
];

const span = (from: string, to: string): Days => (from <= to ? [from, to] : [to, from]);

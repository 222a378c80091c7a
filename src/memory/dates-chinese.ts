// Days and spans of days as Chinese questions say them.
import { addDays, day, month, oneDay, partsOf, week, year } from './calendar.ts';
import { back, type DateRule, recent } from './dates-english.ts';

const digits = '〇一二三四五六七八九';
const number = '(\\d{1,3}|[一二两三四五六七八九十]{1,3})';

/** Up to 99 in Chinese, or in digits. */
function numberOf(text: string | undefined): number {
  const said = (text ?? '').replaceAll('两', '二');
  if (/^\d/u.test(said)) return Number(said);
  const [tens = '', ones = ''] = said.includes('十') ? said.split('十') : ['', said];
  return (said.includes('十') ? 10 * (tens === '' ? 1 : digits.indexOf(tens)) : 0) + (ones === '' ? 0 : digits.indexOf(ones));
}

const units: Readonly<Record<string, string>> = { 天: 'day', 日: 'day', 周: 'week', 星期: 'week', 礼拜: 'week', 月: 'month', 年: 'year' };
const yearWords: Readonly<Record<string, number>> = { 前年: 2, 去年: 1, 今年: 0 };
const dayWords: Readonly<Record<string, number>> = { 前天: 2, 昨天: 1, 昨晚: 1, 今天: 0, 今早: 0, 今晚: 0 };

export const chineseDates: readonly DateRule[] = [
  { pattern: /(\d{4})年(\d{1,2})月(\d{1,2})[日号]/gu, read: ([, y, m, d]) => oneDay(day(Number(y), Number(m), Number(d))) },
  { pattern: /(\d{4})年(\d{1,2})月(?:份)?/gu, read: ([, y, m]) => month(Number(y), Number(m)) },
  {
    pattern: new RegExp(`(前年|去年|今年)${number}月(?:份)?`, 'gu'),
    read: ([, word, m], today) => month(partsOf(today)[0] - (yearWords[word ?? ''] ?? 0), numberOf(m)),
  },
  { pattern: /(\d{4})年/gu, read: ([, y]) => year(Number(y)) },
  { pattern: new RegExp(`${number}月${number}[日号]`, 'gu'), read: ([, m, d], today) => recent(numberOf(m), numberOf(d), today) },
  {
    pattern: new RegExp(`(?<!个)${number}月(?:份)?`, 'gu'),
    read([, m], today) {
      const [thisYear, thisMonth] = partsOf(today);
      const said = numberOf(m);
      return said < 1 || said > 12 ? undefined : month(said > thisMonth ? thisYear - 1 : thisYear, said);
    },
  },
  { pattern: /前天|昨天|昨晚|今天|今早|今晚/gu, read: ([word], today) => oneDay(addDays(today, -(dayWords[word] ?? 0))) },
  { pattern: /前年|去年|今年/gu, read: ([word], today) => year(partsOf(today)[0] - (yearWords[word] ?? 0)) },
  {
    pattern: /(上上|上|这|本)(?:个)?(?:周|星期|礼拜)([一二三四五六日天])/gu,
    read: ([, which, name], today) => {
      const [monday] = back('week', which === '上上' ? 2 : which === '上' ? 1 : 0, today) ?? week(today);
      return oneDay(addDays(monday, '一二三四五六日天'.indexOf(name ?? '') % 7 === 0 && name === '天' ? 6 : '一二三四五六日'.indexOf(name ?? '')));
    },
  },
  {
    pattern: /(上上|上|这|本)(?:个)?(周|星期|礼拜|月)/gu,
    read: ([, which, unit], today) => back(units[unit ?? ''] ?? 'week', which === '上上' ? 2 : which === '上' ? 1 : 0, today),
  },
  {
    pattern: new RegExp(`${number}(?:个)?(天|日|周|星期|礼拜|月|年)(?:之)?前`, 'gu'),
    read: ([, n, unit], today) => back(units[unit ?? ''] ?? 'day', numberOf(n), today),
  },
  {
    pattern: new RegExp(`(?:最近|过去)${number}(?:个)?(天|日|周|星期|礼拜|月|年)`, 'gu'),
    read: ([, n, unit], today) => [addDays(today, -numberOf(n) * ({ week: 7, month: 31, year: 366 }[units[unit ?? ''] ?? 'day'] ?? 1)), today],
  },
];

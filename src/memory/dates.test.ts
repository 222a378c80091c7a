// Dates as people ask for them, seen from Monday, 15 June 2026.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayOf } from './calendar.ts';
import { readDates } from './dates.ts';

const today = '2026-06-15';
const days = (question: string) => readDates(question, today).days;

test.each([
  ['on 3 May 2024', '2024-05-03', '2024-05-03'],
  ['on May 3rd, 2024', '2024-05-03', '2024-05-03'],
  ['on the 3rd of May 2024', '2024-05-03', '2024-05-03'],
  ['on 2024-05-03', '2024-05-03', '2024-05-03'],
  ['on 3.5.2024', '2024-05-03', '2024-05-03'],
  ['on 3 May', '2026-05-03', '2026-05-03'],
  ['on December 24', '2025-12-24', '2025-12-24'],
  ['in March 2025', '2025-03-01', '2025-03-31'],
  ['in 2025-02', '2025-02-01', '2025-02-28'],
  ['in March', '2026-03-01', '2026-03-31'],
  ['in August', '2025-08-01', '2025-08-31'],
  ['last March', '2026-03-01', '2026-03-31'],
  ['last June', '2025-06-01', '2025-06-30'],
  ['in 2023', '2023-01-01', '2023-12-31'],
  ['last year', '2025-01-01', '2025-12-31'],
  ['this year', '2026-01-01', '2026-12-31'],
  ['last month', '2026-05-01', '2026-05-31'],
  ['last week', '2026-06-08', '2026-06-14'],
  ['this week', '2026-06-15', '2026-06-21'],
  ['last weekend', '2026-06-13', '2026-06-14'],
  ['yesterday', '2026-06-14', '2026-06-14'],
  ['the day before yesterday', '2026-06-13', '2026-06-13'],
  ['today', '2026-06-15', '2026-06-15'],
  ['two weeks ago', '2026-06-01', '2026-06-07'],
  ['3 days ago', '2026-06-12', '2026-06-12'],
  ['a year ago', '2025-01-01', '2025-12-31'],
  ['in the past 7 days', '2026-06-08', '2026-06-15'],
  ['last Friday', '2026-06-12', '2026-06-12'],
  ['on Monday', '2026-06-08', '2026-06-08'],
  ['last summer', '2025-06-01', '2025-08-31'],
  ['in winter 2024', '2024-12-01', '2025-02-28'],
  ['in Q3 2024', '2024-07-01', '2024-09-30'],
  ['between 1 May 2024 and 3 June 2024', '2024-05-01', '2024-06-03'],
  ['from March 2025 to 3 May 2025', '2025-03-01', '2025-05-03'],
  ['before 2024', '0000-01-01', '2023-12-31'],
  ['since March 2025', '2025-03-01', '9999-12-31'],
  ['after 3 May 2024', '2024-05-04', '9999-12-31'],
  ['昨天', '2026-06-14', '2026-06-14'],
  ['上个月', '2026-05-01', '2026-05-31'],
  ['上周五', '2026-06-12', '2026-06-12'],
  ['上周日', '2026-06-14', '2026-06-14'],
  ['这周', '2026-06-15', '2026-06-21'],
  ['去年十二月', '2025-12-01', '2025-12-31'],
  ['三月', '2026-03-01', '2026-03-31'],
  ['2024年5月3日', '2024-05-03', '2024-05-03'],
  ['2024年5月', '2024-05-01', '2024-05-31'],
  ['5月3日', '2026-05-03', '2026-05-03'],
  ['三天前', '2026-06-12', '2026-06-12'],
  ['两个月前', '2026-04-01', '2026-04-30'],
  ['前年', '2024-01-01', '2024-12-31'],
  ['从2024年5月到2024年7月', '2024-05-01', '2024-07-31'],
  ['2024年之前', '0000-01-01', '2023-12-31'],
])('%s', (text, from, to) => {
  expect(days(`What did I write ${text}?`)).toEqual([from, to]);
});

test.each(['May I go?', 'we march on', 'room 2024', 'in 31 minutes', 'call 2024-13-45', 'sat down', 'chapter 3 of the second book', '一个月亮'])(
  '"%s" says no day',
  (text) => {
    expect(readDates(text, today)).toEqual({ rest: text });
  },
);

test('as of a day is another thing than on it, and the question is left without its date', () => {
  expect(readDates('Where did Ann live as of 3 May 2024?', today)).toEqual({ asOf: '2024-05-03', rest: 'Where did Ann live ?' });
  expect(readDates('截至2024年5月，安住在哪里', today)).toMatchObject({ asOf: '2024-05-31' });
  expect(readDates('the pottery class of last March', today).rest).toBe('the pottery class of');
});

test('no question breaks it, and what it finds is a span of days', () => {
  const part = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom('last', 'March', 'between', '2024', 'and', '31', 'days ago', '从', '上个月', '到', 'as of', '0', '99', '月'),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const { days: found, asOf } = readDates(parts.join(' '), today);
      for (const one of [...(found ?? []), ...(asOf === undefined ? [] : [asOf])]) expect(one).toMatch(/^\d{4}-\d{2}-\d{2}$/u);
      if (found) expect(found[0] <= found[1]).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('the day is the one of the time zone', () => {
  const late = Date.UTC(2026, 5, 15, 23);
  expect([dayOf(late, 'UTC'), dayOf(late, 'Asia/Tokyo'), dayOf(late, 'America/New_York')]).toEqual(['2026-06-15', '2026-06-16', '2026-06-15']);
});

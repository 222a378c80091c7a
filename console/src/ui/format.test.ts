// Figures stay short and never show as nothing what is something.
import { expect, test } from 'vitest';
import { age, countdown, dollars, fileSize, shortCount, shortTime } from './format.ts';

test('counts', () => {
  expect([0, 999, 1000, 12_340, 150_000, 999_960, 2_500_000].map(shortCount)).toEqual(['0', '999', '1k', '12.3k', '150k', '1M', '2.5M']);
});

test('a cost is never rounded to nothing', () => {
  expect([0, 0.0012, 0.019, 3.456].map(dollars)).toEqual([undefined, '$0.0012', '$0.02', '$3.46']);
});

test('sizes', () => {
  expect([12, 2048, 5 * 1024 ** 2, 80 * 1024 ** 3].map(fileSize)).toEqual(['12 B', '2 KB', '5 MB', '80 GB']);
});

test('today has no date', () => {
  const now = new Date(2026, 4, 2, 15, 0).getTime();
  expect(shortTime(new Date(2026, 4, 2, 9, 5).getTime(), now, 'en-GB')).toBe('09:05');
  expect(shortTime(new Date(2026, 4, 1, 9, 5).getTime(), now, 'en-GB')).toMatch(/1 May 2026.*09:05/u);
});

test('an age is in the largest unit that says enough, and never to come', () => {
  const minute = 60_000;
  const ages = [-minute, 0, 59 * minute, 60 * minute, 47 * 60 * minute, 48 * 60 * minute, 30 * 1440 * minute];
  expect(ages.map((passed) => age(0, passed, 'en-GB'))).toEqual([
    ...['now', 'now', '59 minutes ago', '1 hour ago', '47 hours ago', '2 days ago', '30 days ago'],
  ]);
  expect(age(0, 3 * 1440 * minute, 'zh-CN')).toBe('3天前');
});

test('what is left counts down to nothing, a begun second as a whole one', () => {
  expect([300_000, 247_001, 60_000, 59_999, 1, 0, -5, 3_660_000].map(countdown)).toEqual(['5:00', '4:08', '1:00', '1:00', '0:01', '0:00', '0:00', '61:00']);
});

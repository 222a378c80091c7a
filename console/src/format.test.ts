// Figures stay short and never show as nothing what is something.
import { expect, test } from 'vitest';
import { dollars, fileSize, shortCount, shortTime } from './format.ts';

test('counts', () => {
  expect([0, 999, 1000, 12_340, 150_000, 999_960, 2_500_000].map(shortCount)).toEqual(['0', '999', '1k', '12.3k', '150k', '1M', '2.5M']);
});

test('a cost is never rounded to nothing', () => {
  expect([0, 0.0012, 0.019, 3.456].map(dollars)).toEqual([undefined, '$0.0012', '$0.02', '$3.46']);
});

test('sizes', () => {
  expect([12, 2048, 5 * 1024 * 1024].map(fileSize)).toEqual(['12 B', '2 KB', '5 MB']);
});

test('today has no date', () => {
  const now = new Date(2026, 4, 2, 15, 0).getTime();
  expect(shortTime(new Date(2026, 4, 2, 9, 5).getTime(), now, 'en-GB')).toBe('09:05');
  expect(shortTime(new Date(2026, 4, 1, 9, 5).getTime(), now, 'en-GB')).toMatch(/1 May 2026.*09:05/u);
});

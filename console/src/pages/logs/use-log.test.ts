// What is added above stays in order and without a hole, and no more is kept than a page can bear.
import { expect, test } from 'vitest';
import { added } from './use-log.ts';

const entries = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    place: `1.${from - index}`,
    line: { level: 'info' as const, time: '2026-01-05T07:00:00.000Z', event: `e${from - index}` },
  }));
const places = (page: { readonly entries: readonly { readonly place: string }[] }) => page.entries.map(({ place }) => place);

test('lines are added above; the way to older ones stays', () => {
  const known = { entries: entries(9, 2), older: '1.8', newest: '1.10' };
  const page = added(known, { entries: entries(11, 2), newest: '1.12' });
  expect([places(page), page.older, page.newest]).toEqual([['1.11', '1.10', '1.9', '1.8'], '1.8', '1.12']);
  expect(added({ entries: [], newest: '1.0' }, { entries: [], newest: '1.0' })).toEqual({ entries: [], newest: '1.0' });
});

test('where more was written than one look takes, only the newest are shown, with the way to the others', () => {
  const page = { entries: entries(500, 3), older: '1.498', newest: '1.501' };
  expect(added({ entries: entries(9, 2), newest: '1.10' }, page)).toBe(page);
});

test('a page that is followed for long lets go of its oldest lines, and can ask for them again', () => {
  const page = added({ entries: entries(999, 999), newest: '1.1000' }, { entries: entries(1004, 5), newest: '1.1005' });
  expect([page.entries.length, page.entries[0]?.place, page.older]).toEqual([1_000, '1.1004', page.entries.at(-1)?.place]);
});

// A file in pieces: nothing is lost, nothing is too long, and each knows its lines, headings and day.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chunk, factOf } from './chunk.ts';

const of = (markdown: string, path = 'memory/note.md') =>
  chunk(markdown, { path }).map(({ lines, text, headings, day, superseded }) => ({
    ...{ lines, text, headings },
    ...(day === undefined ? {} : { day }),
    ...(superseded === undefined ? {} : { superseded }),
  }));

test('paragraphs and lists are pieces, with the headings above them', () => {
  expect(of('# Trip\n\n## Porto\nBooked the hotel.\nNear the river.\n\n- towel\n- hat\n\n# Other\ntext\n')).toEqual([
    { lines: [4, 5], text: 'Booked the hotel.\nNear the river.', headings: ['Trip', 'Porto'] },
    { lines: [7, 8], text: '- towel\n- hat', headings: ['Trip', 'Porto'] },
    { lines: [11, 11], text: 'text', headings: ['Other'] },
  ]);
});

test('a heading with nothing below it is a piece of its own', () => {
  expect(of('# Call Anna\n\n# Next\n')).toEqual([
    { lines: [1, 1], text: 'Call Anna', headings: [] },
    { lines: [3, 3], text: 'Next', headings: [] },
  ]);
});

test('each dated point stands alone, with what goes on below it; a struck one says until when', () => {
  expect(of('- ~~2026-01-05 lives in Lisbon~~ (until 2026-11-26)\n- 2026-11-26 lives in Porto\n  by the sea\n- undated\n', 'MEMORY.md')).toEqual([
    { lines: [1, 1], text: '- ~~2026-01-05 lives in Lisbon~~ (until 2026-11-26)', headings: [], day: '2026-01-05', superseded: '2026-11-26' },
    { lines: [2, 3], text: '- 2026-11-26 lives in Porto\n  by the sea', headings: [], day: '2026-11-26' },
    { lines: [4, 4], text: '- undated', headings: [] },
  ]);
});

test.each([
  ['memory/2024-05-03.md', 'text', '2024-05-03'],
  ['memory/work/2024-05-03-meeting.md', 'text', '2024-05-03'],
  ['memory/2024-05-03.md', '# 2024-06-01\ntext', '2024-06-01'],
  ['memory/2024-05-03.md', '- 2024-07-01 text', '2024-07-01'],
  ['memory/2024-02-31.md', 'text', undefined],
  ['memory/note.md', 'the 2024-05-03 meeting', undefined],
])('the day of %s with %j is %s', (path, text, day) => {
  expect(of(text, path)[0]?.day).toBe(day);
});

test('a hash in a code block is no heading', () => {
  expect(of('```\n# not a heading\n```\n')).toEqual([{ lines: [1, 3], text: '```\n# not a heading\n```', headings: [] }]);
});

test('a line of nine thousand characters is cut between sentences, and every piece says its line', () => {
  const found = of(`${'A sentence that goes on for a while. '.repeat(243)}\n`);
  expect(found.length).toBeGreaterThan(8);
  expect(found.every(({ text, lines }) => text.length <= 1_000 && lines[0] === 1 && lines[1] === 1)).toBe(true);
  expect(found.slice(0, -1).every(({ text }) => text.endsWith('. '))).toBe(true);
});

test('every word of any text is in some piece, none is longer than allowed, and lines are of the text', () => {
  const line = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('# h', '## h2 ##', '- 2026-01-01 x', '- ~~a~~ (until 2026-01-02)', '```', '', 'word '.repeat(300), '字'.repeat(1_200)),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      const text = lines.join('\n');
      const found = chunk(text, { path: 'a.md' });
      const words = (from: string): string => from.replace(/[\s#]+/gu, '');
      const kept = words(found.map((one) => one.text + one.headings.join('')).join(''));
      for (const one of text.split('\n')) if (one.length <= 1_000 && !one.includes('\r')) expect(kept).toContain(words(one));
      for (const one of found) {
        expect(one.text.length).toBeLessThanOrEqual(1_000);
        expect(one.lines[0]).toBeGreaterThanOrEqual(1);
        expect(one.lines[1]).toBeLessThanOrEqual(text.split('\n').length);
      }
    }),
    { numRuns: 60 },
  );
});

test('a fact is the same with and without its day and its strike', () => {
  for (const text of ['- 2026-01-05 lives in Lisbon', '- ~~2026-01-05 lives in Lisbon~~ (until 2026-11-26)', '- lives in Lisbon', 'lives in Lisbon'])
    expect(factOf(text)).toBe('lives in Lisbon');
  const [old, struck] = [chunk('- 2026-01-05 a', { path: 'a.md' }), chunk('- ~~2026-01-05 a~~ (until 2026-02-01)', { path: 'b.md' })];
  expect(old[0]?.hash).toBe(struck[0]?.hash);
});

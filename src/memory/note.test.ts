// Notes as text: what is one fact, what is the same fact, and that a change touches nothing else.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addNote, takeOut } from './edit.ts';
import { blocksOf, factsOf, plainForm } from './note.ts';

const day = '2026-11-26';
const shown = (markdown: string): string[] =>
  blocksOf(markdown).map((block) => `${block.kind} ${block.first + 1}-${block.last + 1} ${[block.day, block.until].filter(Boolean).join('..')}|${block.text}`);

describe('blocks', () => {
  test('headings, points with the lines below them, paragraphs and code are told apart', () => {
    const markdown =
      '# Facts\n\nLives\nhere.\n- 2026-01-05 likes tea\n  a lot\n  - green\n* [x] done\n1. first\n```\n- no point\n\n# none\n```\n- ~~2025-01-01 old~~ (until 2026-01-01)\r\n';
    expect(shown(markdown)).toEqual([
      'heading 1-1 |Facts'.replace('Facts', '# Facts'),
      'text 3-4 |Lives\nhere.',
      'point 5-7 2026-01-05|likes tea\na lot\n- green',
      'point 8-8 |done',
      'point 9-9 |first',
      'text 10-14 |```\n- no point\n\n# none\n```',
      'point 15-15 2025-01-01..2026-01-01|old',
    ]);
  });

  test('blocks never overlap, and every line that is not empty is in one', () => {
    const line = fc.oneof(fc.string(), fc.constantFrom('- a', '  b', '# h', '```', '', '* c', '\tx', '- ~~a~~ (until 2026-01-01)'));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const markdown = lines.join('\n');
        const blocks = blocksOf(markdown);
        const owners = markdown.split('\n').map((_, index) => blocks.filter(({ first, last }) => first <= index && index <= last).length);
        return markdown.split('\n').every((text, index) => owners[index] === 1 || (owners[index] === 0 && text.trim() === ''));
      }),
    );
  });

  test.each([
    ['one fact', 'likes tea\n\n  a lot', ['likes tea\na lot']],
    ['a list', '- likes tea\n- 2026-01-01 hates noise\n  at night', ['likes tea', '2026-01-01 hates noise\nat night']],
    ['a list with a title is one fact', 'Buy:\n- milk', ['Buy:\n- milk']],
    ['nothing', ' \n', []],
  ])('%s', (_what, text, facts) => expect(factsOf(text)).toEqual(facts));
});

describe('adding', () => {
  test('a point is added at the end with the day, and what was there keeps its bytes', () => {
    expect(addNote('# Facts\n\nby hand, no line end', 'likes tea\nnot coffee', day)).toEqual({
      markdown: '# Facts\n\nby hand, no line end\n- 2026-11-26 likes tea\n  not coffee\n',
      result: 'added',
      lines: [4, 5],
      points: ['- 2026-11-26 likes tea\n  not coffee'],
    });
    expect(addNote('a\r\n', 'b', day).markdown).toBe('a\r\n- 2026-11-26 b\r\n');
    expect(addNote('', '2025-02-03 met Ana', day).markdown).toBe('- 2025-02-03 met Ana\n');
  });

  test.each(['likes tea', '- Likes  TEA.', 'ｌｉｋｅｓ tea', '2020-01-01 likes tea'])('the same fact again is known: %j', (again) => {
    const markdown = '- 2026-01-05 likes tea\n';
    expect(addNote(markdown, again, day)).toMatchObject({ markdown, result: 'known', lines: [1, 1], points: [] });
  });

  test('of several facts those that are new are added; one that was replaced is new again', () => {
    const markdown = '- ~~2026-01-01 lives in Lisbon~~ (until 2026-02-01)\n- 2026-02-01 lives in Porto\n';
    expect(addNote(markdown, '- lives in Porto\n- lives in Lisbon', day).markdown).toBe(`${markdown}- 2026-11-26 lives in Lisbon\n`);
  });

  test.each([
    ['its text', 'lives in Lisbon'],
    ['a part of it', 'lisbon'],
    ['its line', '3'],
    ['its place', '3-3'],
  ])('the old note is struck through and the new one stands below it: named by %s', (_what, replaces) => {
    expect(addNote('# Home\n\n- 2026-01-05 lives in Lisbon\n- likes tea\n', 'lives in Porto', day, replaces)).toEqual({
      markdown: '# Home\n\n- ~~2026-01-05 lives in Lisbon~~ (until 2026-11-26)\n- 2026-11-26 lives in Porto\n- likes tea\n',
      result: 'replaced',
      lines: [4, 4],
      points: ['- 2026-11-26 lives in Porto'],
    });
  });

  test('several lines and a paragraph are replaced whole, and what held already is not written twice', () => {
    expect(addNote('Lives in\nLisbon.', 'lives in Porto', day, 'lisbon').markdown).toBe(
      '- ~~Lives in\n  Lisbon.~~ (until 2026-11-26)\n- 2026-11-26 lives in Porto\n',
    );
    expect(addNote('- lives in Lisbon\n- lives in Porto\n', 'lives in Porto', day, '1')).toMatchObject({
      markdown: '- ~~lives in Lisbon~~ (until 2026-11-26)\n- lives in Porto\n',
      result: 'replaced',
      lines: [2, 2],
    });
  });

  test.each([
    ['nothing fits', 'not-found', '- a\n', 'b'],
    ['several fit', 'conflict', '- tea at home\n- tea at work\n', 'tea'],
    ['it was replaced already', 'conflict', '- ~~tea~~ (until 2026-01-01)\n', 'tea'],
    ['a heading', 'not-found', '# tea\n', 'tea'],
  ])('is refused where %s', (_what, code, markdown, replaces) => {
    expect(() => addNote(markdown, 'x', day, replaces)).toThrow(expect.objectContaining({ code }));
  });

  test('whatever is noted is found as one fact again, and is then known', () => {
    const word = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('- a', '~~b~~', '# c', '```', '1. d', '2026-01-01', '\r', '  '));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), fc.array(word, { maxLength: 4 }), (before, words) => {
        const markdown = before.join('\n');
        const text = words.join('\n');
        fc.pre(factsOf(text).length > 0 && !/```|~~~/u.test(markdown + text));
        const added = addNote(markdown, text, day);
        expect(added.markdown.startsWith(markdown) || added.result === 'known').toBe(true);
        const held = blocksOf(added.markdown).map((block) => plainForm(block.text));
        for (const point of added.points) expect(held).toContain(plainForm(blocksOf(point)[0]?.text ?? ''));
        expect(addNote(added.markdown, text, day).result).toBe('known');
      }),
    );
  });
});

describe('taking out', () => {
  test('one note goes, by text or line, and everything else keeps its bytes', () => {
    const markdown = '# A\n\n- one\n  more\n- two\n\nText.\n';
    expect(takeOut(markdown, 'one more')).toEqual({ markdown: '# A\n\n- two\n\nText.\n', text: '- one\n  more', lines: [3, 4] });
    expect(takeOut(markdown, '5').markdown).toBe('# A\n\n- one\n  more\n\nText.\n');
    expect(takeOut(markdown, '3-5')).toMatchObject({ markdown: '# A\n\nText.\n', lines: [3, 5] });
  });

  test.each([
    ['9', 'not-found'],
    ['absent', 'not-found'],
    ['o', 'conflict'],
  ])('%j is refused', (what, code) => expect(() => takeOut('- one\n- two\n', what)).toThrow(expect.objectContaining({ code })));

  test('lines that are left are those that were there, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('- a', '- b', '  c', 'd', '', '# e'), { minLength: 1, maxLength: 10 }), fc.nat(9), (lines, index) => {
        const markdown = lines.join('\n');
        if (!blocksOf(markdown).some(({ first, last }) => first <= index && index <= last)) return;
        const taken = takeOut(markdown, String(index + 1));
        const rest = [...lines.slice(0, taken.lines[0] - 1), ...lines.slice(taken.lines[1])];
        expect(taken.markdown.split('\n').filter((line) => line !== '')).toEqual(rest.filter((line) => line !== ''));
      }),
    );
  });
});

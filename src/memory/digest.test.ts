// What of MEMORY.md stands in every prompt, and what finds no room.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestBytes, digestOf } from './digest.ts';
import { blocksOf } from './note.ts';

const points = (count: number, text: (index: number) => string): string => Array.from({ length: count }, (_, index) => text(index)).join('\n');
const day = (index: number): string => `2026-${String(1 + Math.floor(index / 28)).padStart(2, '0')}-${String(1 + (index % 28)).padStart(2, '0')}`;

describe('digest', () => {
  test('is the file as it stands, where it fits', () => {
    expect(digestOf('')).toEqual({ text: '', leftNotes: 0, leftBytes: 0 });
    expect(digestOf('# Memory\n\n- 2026-01-05 likes tea\n\nBy hand.\n').text).toBe('# Memory\n\n- 2026-01-05 likes tea\n\nBy hand.');
  });

  test('leaves replaced notes out', () => {
    const markdown = '# Home\n\n- ~~2026-01-05 lives in Lisbon~~ (until 2026-11-26)\n- 2026-11-26 lives in Porto\n';
    expect(digestOf(markdown)).toEqual({ text: '# Home\n\n- 2026-11-26 lives in Porto', leftNotes: 0, leftBytes: 0 });
  });

  test('over its room it keeps what has no day from the top and the newest dated notes, in the order of the file', () => {
    const dated = points(100, (index) => `- ${day(index)} note number ${index} with some more words to it`);
    const markdown = `# Rules\n\nNever call before nine.\n\n# Notes\n\n${dated}\n`;
    const { text, leftNotes, leftBytes } = digestOf(markdown);
    expect(text).toMatch(/^# Rules\n\nNever call before nine\.\n\n# Notes\n\n- 2026-/u);
    expect(text).toContain('note number 99 ');
    expect(text).not.toContain('note number 0 ');
    const kept = [...text.matchAll(/number (\d+)/gu)].map(([, index]) => Number(index));
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => 100 - kept.length + index));
    expect(leftNotes).toBe(100 - kept.length);
    expect(leftBytes).toBeGreaterThan(3_000);
  });

  test('keeps bold notes before others, old ones too', () => {
    const { text } = digestOf(`- 2020-01-01 **allergic to nuts**\n${points(100, (index) => `- ${day(index)} note number ${index} ${'x'.repeat(30)}`)}`);
    expect(text).toContain('allergic to nuts');
  });

  test('half of the room is for each kind, where both have more', () => {
    const { text } = digestOf(
      `${points(100, (index) => `- rule ${index} ${'x'.repeat(30)}`)}\n${points(100, (index) => `- ${day(index)} note ${index} ${'x'.repeat(30)}`)}`,
    );
    const bytes = (pattern: RegExp): number => Buffer.byteLength((text.match(pattern) ?? []).join('\n'));
    expect(bytes(/^- rule.*$/gmu)).toBeGreaterThan(900);
    expect(bytes(/^- 2026.*$/gmu)).toBeGreaterThan(900);
  });

  test('of one endless line it keeps the beginning, cut between characters', () => {
    expect(digestOf(`a${'记'.repeat(2_000)}`).text).toMatch(/^a记{165,171}…$/u);
  });

  test('stays within its room, and is the same for the same file', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '# Head',
        '## Sub',
        '',
        '- a',
        `- 2026-01-02 ${'b'.repeat(300)}`,
        `- ${'记'.repeat(400)}`,
        '**bold**',
        '- ~~c~~ (until 2026-01-01)',
        'x'.repeat(700),
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
        const markdown = lines.join('\n');
        const { text } = digestOf(markdown);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(digestBytes);
        expect(blocksOf(text).filter(({ until }) => until !== undefined)).toEqual([]);
        expect(digestOf(markdown)).toEqual(digestOf(markdown));
      }),
    );
  });
});

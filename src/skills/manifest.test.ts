// SKILL.md as people write it, and as somebody writes it who wants it to be read in two ways.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFrontMatter } from './front-matter.ts';
import { isSkillName, readManifest, toSkillName } from './manifest.ts';

const read = (head: string) => readManifest([{ path: 'SKILL.md', kind: 'file', data: Buffer.from(head), executable: false }]);
const skill = (lines: string) => read(`---\n${lines}\n---\nbody\n`);

describe('what is read', () => {
  test.each([
    ['plain', 'name: pdf\ndescription: Fill PDF forms: text, boxes.'],
    ['quoted', 'name: "pdf"\ndescription: \'Fill PDF forms: text, boxes.\''],
    ['with a comment', '# a skill\nname: pdf # short\ndescription: "Fill PDF forms: text, boxes." # long'],
    ['folded', 'name: pdf\ndescription: >-\n  Fill PDF forms:\n  text, boxes.'],
    ['literal', 'name: pdf\ndescription: |\n  Fill PDF forms:\n  text, boxes.\n'],
    ['over two lines', 'name: pdf\ndescription: Fill PDF forms:\n  text, boxes.'],
    ['below its key', 'name: pdf\ndescription:\n  "Fill PDF forms: text, boxes."'],
    [
      'among other keys',
      'license: MIT\nname: pdf\nmetadata:\n  requires:\n    bins: [a]\n  emoji: "📄"\nallowed-tools:\n- a\n- b\nversion: 1.0\ndescription: Fill PDF forms: text, boxes.',
    ],
    ['with CRLF', 'name: pdf\r\ndescription: Fill PDF forms: text, boxes.\r'],
  ])('%s', (_, lines) => expect(skill(lines)).toEqual({ name: 'pdf', description: 'Fill PDF forms: text, boxes.' }));
  test('behind a byte order mark', () => expect(read('\ufeff---\nname: a\ndescription: b\n---')).toEqual({ name: 'a', description: 'b' }));
  test('escapes', () => expect(skill('name: a\ndescription: "say \\"hi\\" \\\\ there"')).toMatchObject({ description: 'say "hi" \\ there' }));
});

describe('what is refused', () => {
  test.each([
    ['no front matter', '# Title'],
    ['not closed', '---\nname: a\ndescription: b\n'],
    ['no name', '---\ndescription: b\n---'],
    ['no description', '---\nname: a\n---'],
    ['an empty description', '---\nname: a\ndescription: "  "\n---'],
    ['a name given twice', '---\nname: a\nname: b\ndescription: c\n---'],
    ['a name that is a list', '---\nname: [a]\ndescription: c\n---'],
    ['an alias', '---\nname: *a\ndescription: c\n---'],
    ['a quote that does not end', '---\nname: "a\ndescription: c\n---'],
    ['a line that is no key', '---\nname: a\n}{\ndescription: c\n---'],
    ['hidden characters', '---\nname: a\ndescription: c\u200bd\n---'],
    ['too long', `---\nname: a\ndescription: ${'x'.repeat(2000)}\n---`],
    ['too large', `---\nname: a\ndescription: b\n---\n${'x'.repeat(300_000)}`],
  ])('%s', (_, text) => expect(read(text)).toMatchObject({ id: 'front-matter-invalid', fault: expect.any(String) }));
  test('no SKILL.md', () => expect(readManifest([])).toMatchObject({ id: 'skill-missing' }));
  test('not UTF-8', () =>
    expect(readManifest([{ path: 'SKILL.md', kind: 'file', data: Uint8Array.from([0x2d, 0xff]), executable: false }])).toMatchObject({
      fault: expect.any(String),
    }));
});

test('any text is read or refused, in time', () => {
  const piece = fc.constantFrom('---\n', 'name:', ' ', '"', "'", '|', '>\n', '- ', '\n', 'a', '#', '\u2028', '{', '\\');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const front = readFrontMatter(`---\n${pieces.join('')}\n---\n`);
      expect('fault' in front || front.values.size >= 0).toBe(true);
    }),
  );
  for (const part of [' ', '"\\', "''", '- ', 'a ', ' #', '\u2028 '])
    for (const head of ['name: ', 'name:', 'name: "', 'name: |\n ']) expect(readFrontMatter(`---\n${head}${part.repeat(100_000)}\n---\n`)).toBeDefined();
}, 2_000);

test('names', () => {
  expect(['My Weather  Tool', 'pdf', 'A.B', 'x_1', '天气', '-a', '', 'a/b', 'a'.repeat(65)].map(toSkillName)).toEqual([
    'my-weather-tool',
    'pdf',
    'a-b',
    'x_1',
    ...Array.from({ length: 5 }, () => undefined),
  ]);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const name = toSkillName(text);
      expect(name === undefined || isSkillName(name)).toBe(true);
    }),
  );
});

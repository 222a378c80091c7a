// A name that anybody chose becomes one that names one file, in no folder, on every system.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nameFault, portableName } from './portable-name.ts';

test.each([
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\x\\report.pdf', 'report.pdf'],
  ['.bashrc', '_bashrc'],
  ['.git', '_git'],
  ['con.txt', '_con.txt'],
  ['photo.png:stream', 'photo.png_stream'],
  ['a\u202egnp.exe', 'a gnp.exe'],
  ['a\0b\nc', 'a b c'],
  ['a [attached](x).txt', 'a _attached_(x).txt'],
  ['', 'file'],
  ['...', '_'],
  [`${'x'.repeat(400)}.tar`, `${'x'.repeat(116)}.tar`],
  ['über 图片.png', 'über 图片.png'],
])('attack: a path in a file name, %j, becomes %j', (given, made) => {
  expect(portableName(given)).toBe(made);
});

test('whatever it is made of, it has no fault, is short, and stays what it is', () => {
  const sign = fc.constantFrom(...'./\\ :a~<[', '\u200b', '\u{1f600}', 'é', '\0', '\u202e', '\ud800', '\ufffe', '\u00ad');
  fc.assert(
    fc.property(fc.string({ unit: sign, maxLength: 40 }), (given) => {
      const made = portableName(given);
      expect([nameFault(made), Buffer.byteLength(made) <= 121, portableName(made)]).toEqual([undefined, true, made]);
    }),
  );
});

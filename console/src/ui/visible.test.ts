// What a person approves must be what they see.
import { expect, test } from 'vitest';
import { readable, visible, visibleJson } from './visible.ts';

test('trojan source: direction overrides and zero-width characters are shown', () => {
  expect(visible('rm \u202egpj.\u2066x\u200b\ufeff')).toBe('rm \\u{202e}gpj.\\u{2066}x\\u{200b}\\u{feff}');
  expect(visible('a\u3164\u034f\ufe0f\u{e0101}\ud800b')).toBe('a\\u{3164}\\u{34f}\\u{fe0f}\\u{e0101}\\u{d800}b');
  expect(visibleJson({ path: 'a\u202eb' })).toBe('{\n  "path": "a\\u{202e}b"\n}');
});

test('overwritten line: carriage return, escape and delete are shown; line ends, tabs, accents and Chinese stay', () => {
  expect(visible('safe\rrm -rf\u001b[2K\u007f')).toBe('safe\\u{d}rm -rf\\u{1b}[2K\\u{7f}');
  expect(visible('a\n\tbé 文件 🐾')).toBe('a\n\tbé 文件 🐾');
  expect(visibleJson(undefined)).toBe('');
});

test('trojan source: prose cannot turn the reading direction, and keeps its joiners', () => {
  expect(readable('a\u202eb\u2066c 👩\u200d💻 می\u200cخواهم')).toBe('a\\u{202e}b\\u{2066}c 👩\u200d💻 می\u200cخواهم');
});

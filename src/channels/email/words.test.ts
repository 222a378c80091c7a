// What is left of a mail when the quotation, the signature and the HTML are taken off.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPassedOn, ownWords, wordsOfHtml } from './words.ts';

test.each([
  ['Yes.\n\nOn Thu, 1 Jan 2026 at 10:00, CoPaw <c@x> wrote:\n> a\n> b\n', 'Yes.'],
  ['Ja.\r\n\r\nAm 01.01.26 um 10:00 schrieb CoPaw:\r\n> a\r\n', 'Ja.'],
  ['Yes.\n\nOn Thu, 1 Jan 2026 at 10:00, CoPaw\n<copaw@example.org> wrote:\n\n> a\n', 'Yes.'],
  ['好的。\n\n在 2026年1月1日，CoPaw 写道：\n> a\n', '好的。'],
  ['Yes.\n\n-----Original Message-----\nFrom: CoPaw\nSent: today\n\nall of it', 'Yes.'],
  ['Yes.\n\n________________________________\nFrom: CoPaw <c@x>\nSent: Thursday\nTo: Ana\n\nall of it', 'Yes.'],
  ['Yes.\n\n> only quoted\n> lines', 'Yes.'],
  ['Do it.\n-- \nAna\nTel. 1', 'Do it.'],
  ['> first question\nfirst answer\n> second question\nsecond answer\n', '> first question\nfirst answer\n> second question\nsecond answer'],
  ['> nothing of my own', '> nothing of my own'],
  ['On Monday I wrote:\nnothing', 'On Monday I wrote:\nnothing'],
  ['Write a letter that ends with\n\nFrom: me', 'Write a letter that ends with\n\nFrom: me'],
  ['plain', 'plain'],
  ['', ''],
])('%j', (mail, own) => expect(ownWords(mail)).toBe(own));

test('any text without a quotation stays whole', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 200 }).filter((text) => !/[>\n\r]|^-- ?$/u.test(text)),
      (text) => ownWords(text) === text.trim(),
    ),
  );
});

const most = 300_000;
const filled = (piece: string): string => piece.repeat(most / piece.length);

test('attack: a body made to be read for hours is read', () => {
  const pieces = [
    '\n',
    '\r',
    ' \n',
    'x\n',
    '> \n',
    'From:\n',
    'From:\n\n',
    '__________\n',
    'On a b c d wrote\n',
    'On a b c d wrote:\n',
    'On ',
    '> ',
    '_',
    '-',
    '--\n',
  ];
  for (const piece of [...pieces, '-- original message', 'On aaaa wrote: ', '在 x 写道：\n', 'Sent:\n', ' ', '\u00A0'])
    for (const [before, after] of [
      ['', ''],
      ['x\n', '\nx'],
      ['From:\n', '\nSent:'],
      ['On aaaa wrote:\n', 'x'],
      ['--', 'forwarded'],
    ] as const) {
      const hostile = `${before}${filled(piece)}${after}`;
      expect(ownWords(hostile).length).toBeLessThanOrEqual(hostile.length);
      isPassedOn(hostile, hostile);
    }
});

test('attack: HTML made to be read for hours, or to grow, is read, and grows by its quotation marks alone', async () => {
  const tags = ['<b>', '<div>', '<svg>', '<template>', '<p>', '<li>', '<td>', '</p>', '<blockquote>', '<blockquote>x<br>', '<pre>', '<i></b>', '<html><body>'];
  for (const piece of [...tags, '<', '<!--', '<![CDATA[', '&', '<a b="', '<p a', '\u00A0', '<pre> ', ' \u00A0\n', '<br>', '<script>', '<x-y is=z>'])
    expect((await wordsOfHtml(filled(piece))).length).toBeLessThanOrEqual(3 * most);
  expect((await wordsOfHtml(`<pre>${filled(' ')}x</pre>`)).length).toBeLessThanOrEqual(most);
  const lines = await wordsOfHtml(`${'<blockquote>'.repeat(150)}<pre>${filled('x\n')}`);
  expect(/^[> ]*/u.exec(lines)?.[0]).toBe('> '.repeat(5));
  expect(lines.length).toBeLessThanOrEqual(7 * most);
});

test('attack: HTML that a parser takes for no document is no fault', async () => {
  for (const [html, words] of [
    ['<!-- <html -->x', 'x'],
    ['<html', ''],
    ['<!doctype html><!-- <html> -->', ''],
    ['</html></body>x', 'x'],
    ['<html><body>a</body></html><html>b', 'ab'],
    ['', ''],
  ] as const)
    expect(await wordsOfHtml(html)).toBe(words);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('<html', '<!--', '-->', '>', '<', '/', 'body', 'head', 'svg', 'template', ' ', '!doctype', '?', '"', '=', 'x', '![CDATA['), {
        maxLength: 15,
      }),
      async (pieces) => typeof (await wordsOfHtml(pieces.join(''))) === 'string',
    ),
  );
});

test('words of others are known by the subject, or by the line above them', () => {
  for (const subject of ['Fwd: x', 'FW: x', 'WG: x', '转发：x']) expect(isPassedOn('', subject)).toBe(true);
  expect(isPassedOn('look\n\n---------- Forwarded message ---------\nFrom: x', 'look')).toBe(true);
  expect(isPassedOn('forwarded message', 'Re: x')).toBe(false);
});

test('HTML becomes words: blocks are lines, quotations are marked, scripts and styles are nothing', async () => {
  const html = `<html><head><title>t</title><style>p{}</style></head><body><p>Hello <b>you</b>,</p><script>alert(1)</script>
    <ul><li>one</li><li>two</li></ul>line<br>break<table><tr><td>a</td><td>b</td></tr></table><blockquote><p>old</p><p>words</p></blockquote></body></html>`;
  expect(await wordsOfHtml(html)).toBe('Hello you,\n\n- one\n- two\nline\nbreak\na b\n\n> old\n>\n> words');
  expect(await wordsOfHtml('only &lt;b&gt; &amp; words')).toBe('only <b> & words');
  expect(await wordsOfHtml('<div>'.repeat(3_000))).toBe('');
});

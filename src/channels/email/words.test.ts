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

test('any text without a quotation stays whole, and none takes long', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 200 }).filter((text) => !/[>\n\r]|^-- ?$/u.test(text)),
      (text) => ownWords(text) === text.trim(),
    ),
  );
  const start = performance.now();
  for (const hostile of ['On '.repeat(30_000), '> '.repeat(100_000), `${'On a wrote\n'.repeat(3_000)}`, '_'.repeat(100_000)]) ownWords(hostile);
  expect(performance.now() - start).toBeLessThan(5_000);
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

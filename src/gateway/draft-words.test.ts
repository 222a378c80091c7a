// What is shown of a draft: ended words only, one message at most, with a sign.
import { expect, test } from 'vitest';
import { createRedactor } from '../lib/redactor.ts';
import { createDraftWords, endedWords } from './draft-words.ts';

const limits = { dialect: 'plain', textLength: 1_000, media: true, edit: true, choices: false, threads: false } as const;
const asIs = (text: string): string => text;
const write = createDraftWords({ redact: asIs, redactDraft: asIs });
const shown = (draft: string, more: object = {}, of: Parameters<typeof write>[1] = limits) => write({ draft, goesOn: true, ...more }, of);

test('words count once something stands behind them', async () => {
  expect(['', 'half', 'one tw', 'one two\n', '你好，世', '看sk-12'].map(endedWords)).toEqual(['', '', 'one ', 'one two\n', '你好，世', '看']);
  expect(await shown('The ans')).toEqual({ text: 'The …', goesOn: true });
  expect(await shown('half')).toBeUndefined();
});

test('fault: the first words of a secret with spaces, and of a key in lines, were shown', async () => {
  const redactor = createRedactor();
  const key = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\nBgkqhkiG9w0B\n-----END PRIVATE KEY-----';
  for (const secret of ['abcd efgh ijkl mnop', '密码口令正确马电池', key]) redactor.learn(secret);
  const safe = createDraftWords(redactor);
  const text = async (draft: string) => (await safe({ draft, goesOn: true }, limits))?.text;
  expect(await text('It is abcd efgh ij')).toBe('It is …');
  expect(await text('It is abcd efgh else ')).toBe('It is abcd efgh else …');
  expect(await text('It is abcd efgh ijkl mnop ')).toBe('It is [redacted] …');
  expect(await text('它是密码口令正')).toBe('它是 …');
  expect(await text(`Here:\n\n${key.slice(0, 50)}`)).toBe('Here: …');
  expect(await text(`Here:\n\n${key}\n`)).toBe('Here:\n\n[redacted] …');
});

test('a fence is closed, other markup that is open is words', async () => {
  expect(await shown('A **bold wor', {}, { ...limits, dialect: 'telegram-html' })).toEqual({ text: 'A **bold …', goesOn: true });
  expect((await shown('```js\nconst a = 1;\nconst b', {}, { ...limits, dialect: 'discord' }))?.text).toBe('```js\nconst a = 1;\nconst\n```\n\n…');
  expect((await shown('| a | b |\n| - | - |\n| c | d |\n', {}, { ...limits, dialect: 'feishu-card' }))?.text).toMatch(/d \|\n\n…$/u);
  expect(await shown('Hello *there* you', {}, { ...limits, dialect: 'matrix-html' })).toEqual({
    text: expect.stringMatching(/<em>there<\/em>.* …$/su),
    plain: 'Hello there …',
    goesOn: true,
  });
});

test('no more than one message, with a line of its own behind it', async () => {
  const text = (await shown('word '.repeat(5_000), { line: '(using x)' }))?.text ?? '';
  expect(text.length).toBeLessThan(1_000);
  expect(text.endsWith('word …\n\n(using x)')).toBe(true);
  expect(await shown('', { line: '(using x)' })).toEqual({ text: '(using x)', goesOn: true });
  expect(await shown('Some wor', { line: '(stopped)', goesOn: false })).toEqual({ text: 'Some\n\n(stopped)' });
  expect(await shown('Some wor', { line: '(using x)' }, { ...limits, textLength: 200 })).toEqual({ text: 'Some …', goesOn: true });
});

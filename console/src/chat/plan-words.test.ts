// What is approved must be what is read: ends of arguments, hidden characters, and the words for each effect.
import { expect, test } from 'vitest';
import { en } from '../text/en/text.ts';
import { argumentLines, effectWords, quoteArgument } from './plan-words.ts';
import { toolSummary } from './tool-summary.ts';

const when = (at: number): string => `at ${at}`;
const words = (effect: Parameters<typeof effectWords>[0]) => effectWords(effect, en, when);
const run = { kind: 'run', cwd: '.', network: false, sandboxed: true } as const;

test('one argument cannot look like two, nor two like one', () => {
  expect(['ls', '-la', 'a b', '', 'x"y', 'a\nb'].map(quoteArgument)).toEqual(['ls', '-la', '"a b"', '""', '"x\\"y"', '"a\\nb"']);
  expect(words({ ...run, argv: ['rm', 'a b'] })).toEqual({ title: 'Run a command', detail: 'rm "a b"' });
});

test('trojan source: nothing hides in a command, a path, a URL or an argument', () => {
  expect(words({ ...run, command: 'ls \u202e# safe' }).detail).toBe('ls \\u{202e}# safe');
  expect(words({ kind: 'write', path: 'a\u200b.txt' }).detail).toBe('a\\u{200b}.txt');
  expect(words({ kind: 'net', method: 'GET', url: 'https://a\u2066b/' }).detail).toBe('GET https://a\\u{2066}b/');
  expect(argumentLines({ 'na\u200bme': 'x\u202ey', list: ['\u200b'] })).toEqual([
    { name: 'na\\u{200b}me', value: 'x\\u{202e}y' },
    { name: 'list', value: '[\n  "\\u{200b}"\n]' },
  ]);
});

test('running outside the sandbox or with network is said', () => {
  expect(words({ ...run, command: 'x', network: true, cwd: 'src' })).toEqual({ title: 'Run a command with network access', detail: 'x', note: 'src' });
  expect(words({ ...run, command: 'x', sandboxed: false }).title).toBe('Run a command outside the sandbox');
});

test('the folded line of a call shows its telling argument', () => {
  expect(toolSummary({ argv: ['git', 'commit', '-m', 'a b'], cwd: '.' })).toBe('git commit -m "a b"');
  expect(toolSummary({ content: 'x', path: 'notes.txt' })).toBe('notes.txt');
  expect(toolSummary({ command: 'a\n  b' })).toBe('a ⏎ b');
  expect([toolSummary(undefined), toolSummary('x'), toolSummary({})]).toEqual(['', '', '']);
});

// Lines of IRC taken apart and put together, words cut by bytes, and the pace at which they leave.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { fold, isChannel, isNick, parseLine, withoutFormat, writeLine } from './line.ts';
import { createPace } from './pace.ts';
import { readLines } from './read-lines.ts';
import { linesOf } from './split.ts';

test('a line is taken apart as the standards have it', () => {
  expect(parseLine('@time=2026-01-01T00:00:00Z;account=an\\sa\\:;+x :ana!u@h.example PRIVMSG #a :hello :there ')).toEqual({
    ...{ from: 'ana', command: 'PRIVMSG', params: ['#a', 'hello :there '] },
    tags: new Map([
      ['time', '2026-01-01T00:00:00Z'],
      ['account', 'an a;'],
      ['+x', ''],
    ]),
  });
  expect(parseLine(':irc.test 005 copaw CASEMAPPING=ascii  WHOX :are supported')?.params).toEqual(['copaw', 'CASEMAPPING=ascii', 'WHOX', 'are supported']);
  expect(parseLine('PING :x')).toMatchObject({ from: '', command: 'PING', params: ['x'] });
  for (const nothing of ['', ' ', '{}', ':only', '@tags', '12 x']) expect(parseLine(nothing)).toBeUndefined();
});

test('what is written is one line, whatever stands in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20 }), fc.string({ unit: 'binary', maxLength: 40 }), (target, text) => {
      let line: string;
      try {
        line = writeLine('PRIVMSG', target, text);
      } catch {
        return;
      }
      expect(line.slice(0, -2)).not.toMatch(/[\r\n\0]/u);
      expect(line.startsWith(`PRIVMSG ${target} :`)).toBe(true);
      expect(target).not.toMatch(/^$|^:| /u);
    }),
  );
});

test('names: small and capital letters are one, lists and masks are none', () => {
  expect([fold('Ana[]\\~', 'rfc1459'), fold('Ana[]\\~', 'strict-rfc1459'), fold('Ana[]\\~', 'ascii')]).toEqual(['ana{}|^', 'ana{}|~', 'ana[]\\~']);
  expect(['rfc7613', '', 'RFC1459'].map((mapping) => fold('Ana[]\\~', mapping))).toEqual(Array(3).fill('ana[]\\~'));
  for (const wrong of ['', 'a,b', 'a b', '*', '$*', ':a', '#a', 'a!b', 'a@b', 'a\n']) expect(isNick(wrong), wrong).toBe(false);
  for (const wrong of ['', '#', 'a', '#a,#b', '#a b', '#a\u0007', '#a:b']) expect(isChannel(wrong), wrong).toBe(false);
  expect([isNick('Ana[x]'), isChannel('#übung')]).toEqual([true, true]);
  expect(withoutFormat('\u0002b\u000304,12red\u000fx\u0000')).toBe('bredx');
});

test('lines fit by bytes, break no character, and lose no letter', () => {
  const plain = (text: string): string => text.replace(/[\s/]|\p{Cc}/gu, '');
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 300 }), { maxLength: 30 }), fc.integer({ min: 60, max: 400 }), (parts, most) => {
      const text = parts.join('\n');
      const lines = linesOf(text, most);
      for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(most);
      for (const line of lines) expect(line.isWellFormed()).toBe(true);
      expect(lines.every((line) => line.trim() !== '' && !/\p{Cc}/u.test(line))).toBe(true);
      expect(plain(lines.join(''))).toBe(plain(text));
    }),
  );
});

test('a part of any shape is few enough lines to be out in time', () => {
  const shapes = ['a\n'.repeat(350), '語'.repeat(700), 'ä '.repeat(350), `${'x'.repeat(170)}\n`.repeat(4), '👩‍👩‍👧‍👦'.repeat(63)];
  for (const text of shapes) expect(linesOf(text, 320).length).toBeLessThanOrEqual(16);
  expect(linesOf('one\ntwo\n\nthree', 320)).toEqual(['one', 'two', 'three']);
});

test('five lines at once once it has been quiet, the others one by one', async () => {
  const clock = createFakeClock();
  const pace = createPace(clock, 2_000);
  const sent: number[] = [];
  await clock.advance(20_000);
  const begun = clock.steady();
  const signal = new AbortController().signal;
  for (let line = 0; line < 8; line++) void pace.turn(signal).then(() => sent.push(clock.steady() - begun));
  for (let step = 0; step < 8; step++) await clock.advance(1_000);
  expect(sent).toEqual([0, 0, 0, 0, 0, 2_000, 4_000, 6_000]);
});

test('bytes become lines; one that never ends takes no memory and hides nothing behind it', async () => {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('one\r\ntw');
    yield Buffer.from('o\n');
    for (let piece = 0; piece < 100; piece++) yield Buffer.alloc(10_000, 'x');
    yield Buffer.from('end of it\r\nthree\r\n');
  }
  const lines: string[] = [];
  for await (const line of readLines(pieces())) lines.push(line);
  expect(lines).toEqual(['one', 'two', 'three']);
});

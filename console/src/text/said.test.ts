import { array, assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sayer } from './said.ts';

const say = sayer({
  'There is no {}.': '没有 {}。',
  'There is no session {}.': '没有会话 {}。',
  'There are: {}.': '现有：{}。',
  'Try again.': '请重试。',
  'Stop it; wait.': '先停，再等。',
  'Not a number': '不是数字。',
  '{} has {} of {}.': '{2} 中，{0} 有 {1}。',
  'It failed: {}': '失败：{}',
  '{}: set.': '{}：已有值。',
});

describe('what the server says', () => {
  test('the template that says most is the one', () => {
    expect(say('There is no session a.b.')).toBe('没有会话 a.b。');
    expect(say('There is no agent a.')).toBe('没有 agent a。');
  });

  test('holes are filled in the order of the other language, never with nothing', () => {
    expect(say('He has 3 of them.')).toBe('them 中，He 有 3。');
    expect(say('There is no .')).toBeUndefined();
    expect(say('There is no session $&{}.')).toBe('没有会话 $&{}。');
  });

  test('sentences in a row, lines and lists are said where each is known', () => {
    expect(say('There is no session x. Try again.')).toBe('没有会话 x。请重试。');
    expect(say('Try again. Stop it; wait.')).toBe('请重试。先停，再等。');
    expect(say('Try again. Sing.')).toBeUndefined();
    expect(say('Try again.\n\nThere are: a.')).toBe('请重试。\n\n现有：a。');
    expect(say('a: set; b: set.')).toBe('a：已有值。b：已有值。');
  });

  test('what fills a hole is said as well, and words by their names', () => {
    expect(say('It failed: There is no session x.')).toBe('失败：没有会话 x。');
    expect(say('a, b: set.', (word) => word.toUpperCase())).toBe('A、B：已有值。');
  });

  test('a name stays what it is, though a sentence of ours may be called so', () => {
    const words = sayer({ 'There is no file {}.': '没有文件 {}。', gone: '没了', 'is gone': '没了' });
    expect([words('There is no file gone.'), words('There is no file is gone.')]).toEqual(['没有文件 gone。', '没有文件 没了。']);
  });

  test('what is said of one thing stands behind its path, with or without a full stop', () => {
    expect(say('limits.dayCost: Not a number')).toBe('limits.dayCost：不是数字。');
    expect(say('There is no session x. a.b: Not a number. a.c: Try again.')).toBe('没有会话 x。a.b：不是数字。a.c：请重试。');
    expect(say('limits.dayCost: Sing')).toBeUndefined();
    expect(say('the cost: Not a number')).toBeUndefined();
  });

  test('names of members that every object has are no sentences', () => {
    for (const name of ['constructor', 'toString', '__proto__']) expect(say(name)).toBeUndefined();
  });

  test('any text ends, and soon', () => {
    const parts = constantFrom('There is no ', ' has ', ' of ', '. ', '; ', ': ', 'It failed: ', '\n', 'x', '{}', '.');
    assert(property(array(parts, { maxLength: 200 }), (all) => void say(all.join(''))));
    assert(property(string(), (text) => void say(text)));
    expect(say(`It failed: ${'It failed: '.repeat(300)}`)).toMatch(/^失败：失败：/u);
    expect(say('It failed: '.repeat(1_000))).toBeUndefined();
  });

  test('what was made to go deep costs no more than what the server says', () => {
    let looked = 0;
    const told = say(`${'It failed: '.repeat(300)}a. b. b; b; c`, (word) => {
      looked += 1;
      return word;
    });
    expect(told).toMatch(/^(?:失败：){4}It failed: /u);
    expect(looked).toBeLessThan(1_000);
  });
});

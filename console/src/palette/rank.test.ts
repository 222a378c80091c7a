// The best fit comes first; letters in order are enough; nothing that lacks a word is found.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rank } from './rank.ts';

const find = (query: string, ...texts: string[]) => rank(query, texts, (text) => text);

test('as it stands before letter by letter, the start of a word before its middle', () => {
  expect(find('mem', 'Remember the milk', 'My memory', 'Memory', 'Make tea, eat more')).toEqual([
    'Memory',
    'My memory',
    'Remember the milk',
    'Make tea, eat more',
  ]);
  expect(find('nc', 'Inbox', 'New conversation')).toEqual(['New conversation']);
  expect(find('berlin trip', 'Trip to Rome', 'A trip to Berlin')).toEqual(['A trip to Berlin']);
  expect(find('uber', 'Über Wasser')).toEqual(['Über Wasser']);
  expect(find('记忆', '提醒', '记忆', '关于记忆的对话')).toEqual(['记忆', '关于记忆的对话']);
  expect(find('会话', '新会话', '没有')).toEqual(['新会话']);
  expect(find('xyz', 'Memory')).toEqual([]);
});

test('nothing typed is everything in its order; what is found is a part of it, and each text finds itself', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.string({ unit: 'grapheme' }), (texts, query) => {
      expect(find(' ', ...texts)).toEqual(texts);
      const found = find(query, ...texts);
      expect(found.filter((text) => !texts.includes(text))).toEqual([]);
      for (const text of texts) expect(find(text, ...texts)).toContain(text);
    }),
  );
});

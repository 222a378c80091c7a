// Whatever a push message holds, something can be shown, and it leads into the console.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pushShown } from './push-shown.ts';

test('a message as CoPaw makes it', () => {
  const message = { id: 'a', tag: 'approval-a', title: 'main asks for your yes', body: 'It waits until 12:00.', hash: '#/inbox', silent: false, always: false };
  expect(pushShown(JSON.stringify(message))).toEqual(message);
  expect(pushShown(JSON.stringify({ ...message, hash: '#/s/s_1-a' })).hash).toBe('#/s/s_1-a');
});

test('anything else leads to the Inbox and is called CoPaw', () => {
  for (const hash of ['https://evil.example', '//evil.example', '#/s/../x', '#code=abc', 'javascript:alert(1)', '#/s/a/b', '', 5, null])
    expect(pushShown(JSON.stringify({ title: 't', hash })).hash, String(hash)).toBe('#/inbox');
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const { title, tag, hash } = pushShown(text);
      expect([title !== '', tag !== '', /^#\/(inbox|s\/[\w-]+)$/u.test(hash)]).toEqual([true, true, true]);
    }),
  );
});

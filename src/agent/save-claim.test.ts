// Which answers claim that something was kept.
import { describe, expect, test } from 'vitest';
import { savedNothing } from './save-claim.ts';

describe('claims', () => {
  test.each([
    "I've saved that.",
    'I’ve noted your birthday.',
    'I have now recorded the address for later.',
    'Great, I just saved it!',
    "I've made a note of it.",
    'I have added this to my notes.',
    "I've updated your profile.",
    'Saved to memory.',
    'That is written to MEMORY.md now.',
    'MEMORY.md has been updated.',
    '`MEMORY.md` has been updated.',
    'I have noted you like tea.',
    "I'll remember that you like tea.",
    'I will always remember your name.',
    'Noted.',
    'Got it. Noted!',
    'OK, Noted: no calls before nine.',
    "```\ncode\n```\nI've saved that.",
  ])('%j', (answer) => expect(savedNothing(answer)).toBe('Nothing was saved in this turn: no note and no file was written.'));

  test.each(['已记住。', '我已经帮你记下了。', '好的，记住了！', '我已将其保存到记忆里。', '我会记住你喜欢喝茶。', '我会一直记得。', '已经为您记录下来了。'])(
    '%j',
    (answer) => expect(savedNothing(answer)).toBe('这一轮没有保存任何内容：没有写入笔记或文件。'),
  );
});

test.each([
  'I have not saved anything.',
  "I haven't noted it yet. Shall I?",
  "If I've saved it before, I can look it up.",
  'Once I have recorded the times, we can compare.',
  "I've saved you a seat.",
  'I can save that to a file if you like.',
  'Would you like me to remember this?',
  'As noted above, the price fell.',
  'He noted. Then he left.',
  'The report noted that revenue fell.',
  'Remember to lock the door.',
  'Do you remember that day?',
  '> I have saved it.\n\nThat is what the mail says.',
  '```\nI have saved it.\n```',
  "I've added a function to the class.",
  "I've written a poem about the sea.",
  '我没有记住。',
  '还未保存，要我保存吗？',
  '请记住带伞。',
  '你记住了吗？',
  '需要我记下来吗？',
  '',
])('none: %j', (answer) => expect(savedNothing(answer)).toBeUndefined());

test('a long answer costs no more than its beginning', () => {
  expect(savedNothing(`${'I have now also just already '.repeat(100_000)}I've saved that.`)).toBeUndefined();
});

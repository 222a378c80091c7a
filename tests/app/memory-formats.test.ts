// The loaders of the memory benchmark, on small files of the same shape as the public ones.
import { expect, test } from 'vitest';
import { ZodError } from 'zod';
import { dayOf, readLocomo, readLongMemEval } from '../../bench/memory/formats.ts';
import { measure } from '../../bench/memory/quality.ts';
import { chunk } from '../../src/memory/chunk.ts';

const locomo = [
  {
    sample_id: 'conv-1',
    conversation: {
      speaker_a: 'Ann',
      speaker_b: 'Ben',
      session_1_date_time: '1:56 pm on 8 May, 2023',
      session_1: [
        { speaker: 'Ann', dia_id: 'D1:1', text: 'I went to a pottery class\nyesterday.' },
        { speaker: 'Ben', dia_id: 'D1:2', text: 'Look at this!', blip_caption: 'a photo of a red kite', img_url: ['x'] },
      ],
      session_2_date_time: '10:00 am on 12 July, 2023',
      session_2: [{ speaker: 'Ann', dia_id: 'D2:1', text: 'We adopted a cat.' }],
    },
    qa: [
      { question: 'What class did Ann take?', answer: 'pottery', evidence: ['D1:1'], category: 4 },
      { question: 'What do they own?', answer: 'a kite and a cat', evidence: ['D1:2; D2:1'], category: 1 },
      { question: 'Which dog did Ann adopt?', adversarial_answer: 'a poodle', evidence: ['D2:1'], category: 5 },
      { question: 'Lost evidence?', answer: 'none', evidence: ['D9:9'], category: 2 },
    ],
    event_summary: {},
  },
];

const longMemEval = [
  {
    question_id: 'q1',
    question_type: 'single-session-user',
    question: 'What degree did I graduate with?',
    answer: 'Business',
    question_date: '2023/05/30 (Tue) 23:40',
    haystack_dates: ['2023/05/20 (Sat) 02:21', '2023/05/21 (Sun) 10:00'],
    haystack_session_ids: ['s_a', 's_b'],
    haystack_sessions: [
      [{ role: 'user', content: 'Help me with tabs.' }],
      [
        { role: 'user', content: 'I graduated with a degree in Business.', has_answer: true },
        { role: 'assistant', content: 'Well done.' },
      ],
    ],
    answer_session_ids: ['s_b'],
  },
  {
    ...{ question_id: 'q2_abs', question_type: 'temporal-reasoning', question: 'When did I fly?', answer: 'not said', question_date: '2023/05/30 (Tue) 23:40' },
    ...{ haystack_dates: ['2023/05/20 (Sat) 02:21'], haystack_session_ids: ['s_a'], haystack_sessions: [[{ role: 'user', content: 'Hi.' }]] },
  },
];

test('LoCoMo: a file a session, a line a turn, and the turns that answer', () => {
  const [world] = readLocomo(locomo);
  expect([...(world?.files ?? [])]).toEqual([
    ['memory/2023-05-08-session-1.md', 'Ann: I went to a pottery class yesterday.\n\nBen: Look at this! [a photo of a red kite]\n'],
    ['memory/2023-07-12-session-2.md', 'Ann: We adopted a cat.\n'],
  ]);
  expect(world?.today).toBe('2023-07-12');
  expect(world?.questions).toEqual([
    { kind: 'single-hop', text: 'What class did Ann take?', gold: [{ path: 'memory/2023-05-08-session-1.md', line: 1 }] },
    {
      kind: 'multi-hop',
      text: 'What do they own?',
      gold: [
        { path: 'memory/2023-05-08-session-1.md', line: 3 },
        { path: 'memory/2023-07-12-session-2.md', line: 1 },
      ],
    },
    { kind: 'no-answer', text: 'Which dog did Ann adopt?', gold: [] },
  ]);
  expect(chunk(world?.files.get('memory/2023-07-12-session-2.md') ?? '', { path: 'memory/2023-07-12-session-2.md' })[0]?.day).toBe('2023-07-12');
});

test('LongMemEval: each question has conversations of its own, and one without an answer says so', () => {
  const [first, second] = readLongMemEval(longMemEval);
  expect([...(first?.files.keys() ?? [])]).toEqual(['memory/2023-05-20-session-0.md', 'memory/2023-05-21-session-1.md']);
  expect(first?.questions).toEqual([
    { kind: 'single-session-user', text: 'What degree did I graduate with?', gold: [{ path: 'memory/2023-05-21-session-1.md' }] },
  ]);
  expect([first?.today, second?.questions]).toEqual(['2023-05-30', [{ kind: 'no-answer', text: 'When did I fly?', gold: [] }]]);
});

test('another format is refused, and so is a session without a date', () => {
  expect(() => readLocomo({ sample_id: 'x' })).toThrow(ZodError);
  expect(() => readLongMemEval([{ question: 'x' }])).toThrow(ZodError);
  expect(() => dayOf('some day')).toThrow('no date');
});

test('ranks: any place counts, all where all are needed, a line only where one is named', async () => {
  const hit = (path: string, line: number) => ({ path, lines: [line, line] as const });
  const found = [hit('a.md', 1), hit('b.md', 2), hit('c.md', 3)];
  const ask = async (question: { gold: { path: string; line?: number }[]; all?: boolean }) =>
    (await measure([{ kind: 'k', text: 'q', ...question }], [{ name: 's', search: async () => found }]))[0]?.mrr;
  expect(
    await ask({
      gold: [
        { path: 'b.md', line: 2 },
        { path: 'c.md', line: 3 },
      ],
    }),
  ).toBe(1 / 2);
  expect(
    await ask({
      gold: [
        { path: 'b.md', line: 2 },
        { path: 'c.md', line: 3 },
      ],
      all: true,
    }),
  ).toBe(1 / 3);
  expect(await ask({ gold: [{ path: 'b.md', line: 1 }] })).toBe(0);
  expect(await ask({ gold: [{ path: 'b.md' }] })).toBe(1 / 2);
});

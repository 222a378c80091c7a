// Conversations of two public benchmarks as notes, one file a session: LoCoMo (locomo10.json) and LongMemEval (longmemeval_*.json).
import { z } from 'zod';
import { Notes, type Question, type World } from './world.ts';

const locomoTurn = z.looseObject({ speaker: z.string(), dia_id: z.string(), text: z.string(), blip_caption: z.string().optional() });
const locomoSample = z.looseObject({
  sample_id: z.string(),
  conversation: z.record(z.string(), z.unknown()),
  qa: z.array(z.looseObject({ question: z.string(), category: z.int(), evidence: z.array(z.string()).default([]) })),
});
const locomoKinds: Readonly<Record<number, string>> = { 1: 'multi-hop', 2: 'temporal', 3: 'open-domain', 4: 'single-hop', 5: 'no-answer' };

/** One world a conversation. Throws a ZodError for another format. */
export function readLocomo(json: unknown): World[] {
  return z
    .array(locomoSample)
    .parse(json)
    .map(({ conversation, qa }) => {
      const notes = new Notes();
      const places = new Map<string, { path: string; line: number }>();
      let today = '1970-01-01';
      for (let session = 1; conversation[`session_${session}`] !== undefined; session++) {
        const day = dayOf(z.string().parse(conversation[`session_${session}_date_time`]));
        if (day > today) today = day;
        for (const turn of z.array(locomoTurn).parse(conversation[`session_${session}`])) {
          const seen = turn.blip_caption === undefined ? '' : ` [${turn.blip_caption}]`;
          places.set(turn.dia_id, notes.add(`memory/${day}-session-${session}.md`, oneLine(`${turn.speaker}: ${turn.text}${seen}`)));
        }
      }
      const questions = qa.map(({ question, category, evidence }): Question => {
        const kind = locomoKinds[category] ?? `category ${category}`;
        // Some evidence names several turns in one text.
        const named = evidence.flatMap((text) => text.match(/D\d+:\d+/gu) ?? []);
        const gold = kind === 'no-answer' ? [] : named.flatMap((id) => places.get(id) ?? []);
        return { kind, text: question, gold };
      });
      // What names no turn of the conversation cannot be judged.
      return { files: notes.files(), questions: questions.filter(({ kind, gold }) => kind === 'no-answer' || gold.length > 0), today };
    });
}

const longMemEval = z.array(
  z.looseObject({
    question_id: z.string(),
    question_type: z.string(),
    question: z.string(),
    question_date: z.string(),
    haystack_dates: z.array(z.string()),
    haystack_session_ids: z.array(z.string()),
    haystack_sessions: z.array(z.array(z.looseObject({ role: z.string(), content: z.string() }))),
    answer_session_ids: z.array(z.string()).default([]),
  }),
);

/** One world a question, for each has conversations of its own; a session that holds the answer counts as found. Throws a ZodError for another format. */
export function readLongMemEval(json: unknown): World[] {
  return longMemEval.parse(json).map((entry) => {
    const notes = new Notes();
    const paths = entry.haystack_sessions.map((turns, at) => {
      const path = `memory/${dayOf(entry.haystack_dates[at] ?? '')}-session-${at}.md`;
      for (const { role, content } of turns) notes.add(path, oneLine(`${role}: ${content}`));
      return path;
    });
    const none = entry.question_id.endsWith('_abs');
    const answers = new Set(entry.answer_session_ids);
    const gold = paths.filter((_, at) => answers.has(entry.haystack_session_ids[at] ?? '')).map((path) => ({ path }));
    return {
      files: notes.files(),
      questions: [{ kind: none ? 'no-answer' : entry.question_type, text: entry.question, gold: none ? [] : gold }],
      today: dayOf(entry.question_date),
    };
  });
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** "1:56 pm on 8 May, 2023" and "2023/05/30 (Tue) 23:40" as 2023-05-08 and 2023-05-30. Throws where there is no date. */
export function dayOf(text: string): string {
  const numbers = /(\d{4})\/(\d{2})\/(\d{2})/u.exec(text);
  if (numbers) return numbers.slice(1, 4).join('-');
  const [, date = '', name = '', year = ''] = /(\d{1,2}) ([A-Z][a-z]{2})[a-z]*,? (\d{4})/u.exec(text) ?? [];
  const month = months.indexOf(name.toLowerCase()) + 1;
  if (month === 0) throw new Error(`"${text}" has no date.`);
  return `${year}-${String(month).padStart(2, '0')}-${date.padStart(2, '0')}`;
}

const oneLine = (text: string): string => text.replace(/\s+/gu, ' ').trim();

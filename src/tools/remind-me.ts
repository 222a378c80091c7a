// remind_me: a one-shot reminder in this conversation.
import { z } from 'zod';
import type { Place } from '../core/tool.ts';
import { defineTool } from './define-tool.ts';
import { localText, parseTime } from './local-time.ts';

const longestSeconds = 10 * 366 * 86_400;

export const remindMe = defineTool({
  name: 'remind_me',
  description: 'Send a reminder into this conversation later. Give at or inSeconds, not both.',
  input: z
    .strictObject({
      text: z.string().min(1).max(2000).describe('What to remind of'),
      at: z.string().optional().describe("ISO 8601; without offset: the person's local time"),
      inSeconds: z.int().min(1).max(longestSeconds).optional().describe('Seconds from now'),
    })
    .refine((args) => (args.at === undefined) !== (args.inSeconds === undefined), 'Give exactly one of at and inSeconds.'),
  sideEffect: 'outside',
  effects(args, place) {
    const due = dueTime(args, place);
    return typeof due === 'string' ? [] : [{ kind: 'schedule', what: 'reminder', dueAt: due, text: args.text }];
  },
  async run(args, hands) {
    const due = dueTime(args, hands.place);
    if (typeof due === 'string') return { text: due, failed: true };
    const reminder = await hands.schedule.remind(due, args.text);
    return { text: `The reminder is set for ${localText(reminder.dueAt, hands.place.timezone)}.` };
  },
});

/** The instant, or why there is none. */
function dueTime(args: { readonly at?: string | undefined; readonly inSeconds?: number | undefined }, place: Place): number | string {
  if (args.inSeconds !== undefined) return place.now + args.inSeconds * 1000;
  const due = parseTime(args.at ?? '', place.timezone, place.now);
  if (due === undefined) return `"${args.at ?? ''}" is not a date and time; write it like 2026-01-31T09:00 or with an offset.`;
  if (due <= place.now) return `${localText(due, place.timezone)} is in the past; now it is ${localText(place.now, place.timezone)}.`;
  if (due > place.now + longestSeconds * 1000) return 'That is more than ten years away.';
  return due;
}

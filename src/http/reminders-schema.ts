// Bodies of the routes about reminders.
import { type output, type ZodType, z } from 'zod';
import type { WaitingReminder } from '../core/reminder.ts';
import { time } from './event-schema.ts';

const reminder = z.object({
  id: z.string(),
  agentId: z.string(),
  sessionId: z.string(),
  dueAt: time,
  text: z.string(),
  createdAt: time,
  title: z.string().describe('Of its conversation; empty where that is gone.'),
}) satisfies ZodType<WaitingReminder>;

export const reminders = z.object({ reminders: z.array(reminder) });
export type Reminders = output<typeof reminders>;
export const reminderAnswer = z.object({ reminder });

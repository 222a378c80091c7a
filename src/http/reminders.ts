// Reminders that wait, and taking one back.
import type { HttpParts } from './parts.ts';
import { reminderAnswer, reminders as reminderList } from './reminders-schema.ts';
import { actorOf, route } from './route.ts';

export const reminderRoutes = [
  route({
    method: 'GET',
    path: '/api/reminders',
    summary: 'Reminders that wait, the next one first',
    response: reminderList,
    handle: async ({ reminders }: HttpParts, call) => ({ reminders: await (await reminders(actorOf(call))).list() }),
  }),
  route({
    method: 'DELETE',
    path: '/api/reminders/{id}',
    summary: 'Cancels one: it is never said',
    response: reminderAnswer,
    handle: async ({ reminders }: HttpParts, call) => ({ reminder: await (await reminders(actorOf(call))).cancel(call.param('id')) }),
  }),
];

// The reminders of a running CoPaw over HTTP.
import type { RemindersAdmin } from '../core/reminder.ts';
import { reminderAnswer, reminders } from './reminders-schema.ts';
import { createAsk, type RemoteRequest } from './remote-ask.ts';

export function createRemoteReminders(request: RemoteRequest): RemindersAdmin {
  const ask = createAsk(request);
  return {
    list: async () => (await ask(reminders, '/api/reminders')).reminders,
    cancel: async (id) => (await ask(reminderAnswer, `/api/reminders/${encodeURIComponent(id)}`, 'DELETE')).reminder,
  };
}

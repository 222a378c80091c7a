// Composition of the reminders for the command line where no server runs, under the home's lock.
import type { RemindersAdmin } from './core/reminder.ts';
import { type Environment, withHome } from './open-home.ts';

export async function openRemindersAdmin(home: string, environment: Environment): Promise<RemindersAdmin> {
  const { createRemindersAdmin } = await import('./schedule/reminders.ts');
  const alone = <T>(ask: (admin: RemindersAdmin) => Promise<T>): Promise<T> =>
    withHome(home, environment, ({ store, audit, secrets }) => ask(createRemindersAdmin({ store, audit, redact: secrets.redact, by: 'cli' })));
  return { list: () => alone((admin) => admin.list()), cancel: (id) => alone((admin) => admin.cancel(id)) };
}

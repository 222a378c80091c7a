// What waits to be said, and taking it back: for the operator's surfaces. The scheduler needs no word of it: a cancelled reminder is not due.
import type { AuditDoor } from '../core/audit.ts';
import { CoPawError } from '../core/error.ts';
import type { RemindersAdmin, WaitingReminder } from '../core/reminder.ts';
import type { Redact } from '../core/secret.ts';
import type { Job } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import { redactDeep } from '../lib/redactor.ts';

interface Parts {
  readonly store: {
    readonly jobs: Pick<Store['jobs'], 'get' | 'waiting' | 'settle'>;
    readonly sessions: Pick<Store['sessions'], 'get'>;
  };
  readonly audit: Pick<AuditDoor, 'append'>;
  /** What was written down before it became a secret is not shown either. */
  readonly redact: Redact;
  /** Who asks, for the audit. */
  readonly by: string;
}

export function createRemindersAdmin({ store, audit, redact, by }: Parts): RemindersAdmin {
  const shown = async ({ id, agentId, sessionId, dueAt, text, createdAt }: Job): Promise<WaitingReminder> => {
    const title = (await store.sessions.get(sessionId))?.title ?? '';
    return redactDeep({ id, agentId, sessionId, dueAt, text, createdAt, title }, redact);
  };
  return {
    list: async () => Promise.all((await store.jobs.waiting()).map(shown)),
    async cancel(id) {
      const job = await store.jobs.get(id);
      if (!job) throw new CoPawError('not-found', `There is no reminder ${id}.`, { next: 'See `copaw reminders list`.' });
      if (!(await store.jobs.settle(id, 'cancelled')))
        throw new CoPawError('conflict', job.state === 'cancelled' ? 'This reminder was cancelled before.' : 'This reminder was said already.');
      await audit.append('reminder-cancelled', { id, sessionId: job.sessionId, by });
      return shown(job);
    },
  };
}

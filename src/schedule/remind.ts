// Writes a reminder down: in the conversation of the plan, and only so many that wait there at a time.
import type { JudgedPlan } from '../core/brand.ts';
import { CoPawError } from '../core/error.ts';
import type { Store } from '../core/store.ts';
import type { Reminder } from '../core/tool.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';

const mostWaiting = 50;

interface RemindParts {
  readonly store: Pick<Store, 'commit'> & { readonly jobs: Pick<Store['jobs'], 'countScheduled'> };
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
}

export function createRemind({ store, clock, ids }: RemindParts) {
  return async (plan: JudgedPlan, dueAt: number, text: string): Promise<Reminder> => {
    const { agentId, sessionId, address } = plan.place;
    if ((await store.jobs.countScheduled(sessionId)) >= mostWaiting) {
      throw new CoPawError('too-large', `${mostWaiting} reminders wait in this conversation already; this one was not set.`, {
        next: 'Wait until one of them was sent, or put several things into one reminder.',
      });
    }
    const id = ids('job');
    await store.commit({ transition: 'job-added', jobs: [{ id, agentId, sessionId, address, dueAt, text, state: 'scheduled', createdAt: clock.now() }] });
    return { id, dueAt, text };
  };
}

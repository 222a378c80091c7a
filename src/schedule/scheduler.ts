// Sleeps until the next reminder is due and hands it to the inbox. Nothing scheduled: no timer.
import type { Inbox } from '../core/channel.ts';
import { toCoPawError } from '../core/error.ts';
import type { Store } from '../core/store.ts';
import type { Clock, Timer } from '../lib/clock.ts';

const retryMilliseconds = 60_000;
/** How often the clock is looked at while a reminder waits: somebody may set it, or the machine sleep, and no timer notices. */
const lookMilliseconds = 60_000;

export interface Scheduler {
  /** Fires what is overdue and arms the next. */
  start(): Promise<void>;
  /** A job was added. */
  wake(): void;
  stop(): void;
}

/** A job is marked fired only after the inbox has stored it; its id makes a second delivery harmless. */
export function createScheduler(parts: { store: Pick<Store, 'jobs'>; clock: Clock; inbox: Inbox; onError(error: unknown): void }): Scheduler {
  const { store, clock, inbox } = parts;
  let timer: Timer | undefined;
  let running = false;
  let again = false;
  let active = false;

  const fireDue = async (): Promise<boolean> => {
    let clean = true;
    for (const job of await store.jobs.due(clock.now())) {
      if (!active) return true;
      try {
        await inbox
          .receive({
            kind: 'command',
            name: 'remind',
            text: job.text,
            id: `${job.id}@${job.dueAt}`,
            chat: { id: job.sessionId, kind: 'direct' },
            sender: { id: job.id },
            at: clock.now(),
          })
          .catch((error: unknown) => {
            if (toCoPawError(error).code !== 'conflict') throw error;
          });
        await store.jobs.settle(job.id, 'fired');
      } catch (error) {
        clean = false;
        parts.onError(error);
      }
    }
    return clean;
  };

  /** Calls `round` once the clock shows this time. */
  const sleepUntil = (due: number): void => {
    const wait = Math.min(Math.max(0, due - clock.now()), lookMilliseconds);
    timer = clock.after(wait, () => (clock.now() < due ? sleepUntil(due) : void round()));
  };

  const round = async (): Promise<void> => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    let next: number | undefined;
    let clean = false;
    try {
      do {
        again = false;
        timer?.cancel();
        clean = await fireDue();
        next = await store.jobs.nextDue();
      } while (again && active);
    } catch (error) {
      parts.onError(error);
      clean = false;
      next = clock.now();
    } finally {
      running = false;
    }
    if (!active || next === undefined) return;
    if (clean) sleepUntil(next);
    else timer = clock.after(retryMilliseconds, () => void round());
  };

  return {
    async start() {
      active = true;
      await round();
    },
    wake() {
      if (active) void round();
    },
    stop() {
      active = false;
      timer?.cancel();
    },
  };
}

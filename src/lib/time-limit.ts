// An end to waiting.
import type { Clock } from './clock.ts';

/** Settles as `work` does, or rejects with `late` after `ms`. The work itself goes on. */
export async function withTimeLimit<T>(clock: Pick<Clock, 'after'>, ms: number, work: Promise<T>, late: Error): Promise<T> {
  const end = Promise.withResolvers<never>();
  const timer = clock.after(ms, () => end.reject(late));
  try {
    return await Promise.race([work, end.promise]);
  } finally {
    timer.cancel();
  }
}

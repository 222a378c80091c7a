// A bound on what happens within one minute of the clock.
import type { Clock } from './clock.ts';

/** Each call takes one; false once `most` were taken in this minute. */
export function createMinuteBudget(clock: Pick<Clock, 'now'>, most: number): () => boolean {
  let minute = 0;
  let taken = 0;
  return () => {
    const now = Math.floor(clock.now() / 60_000);
    if (now !== minute) [minute, taken] = [now, 0];
    return taken++ < most;
  };
}

// Work that is done once a day, while something changes. Where nothing was written there is no timer and no work.
import type { Clock, Timer } from './clock.ts';

export interface Daily {
  /** Something was written. Arms the one timer where none is. */
  changed(): void;
  /** When it is done next, by the clock; undefined where nothing was written since it was done last. */
  nextAt(): number | undefined;
  /** Ends the timer, tells the work to end, and waits for it. */
  stop(): Promise<void>;
}

const dayMs = 24 * 60 * 60_000;
const retryMs = 60 * 60_000;

/**
 * `last`: when it was done last, asked before it is done first. What fails is told, and tried again an hour later by itself. Whatever the clock is set
 * to, no more than a day goes by after a change.
 */
export function createDaily(parts: {
  readonly clock: Clock;
  /** Not in the middle of the answer that was written first. */
  readonly soonestMs: number;
  readonly wanted: () => boolean;
  readonly last: () => number | undefined;
  readonly work: (at: number, signal: AbortSignal) => Promise<void>;
  readonly onFault: (error: unknown) => void;
}): Daily {
  const { clock } = parts;
  const end = new AbortController();
  let timer: Timer | undefined;
  /** When the timer is up. */
  let upAt: number | undefined;
  let working: Promise<void> | undefined;
  /** When it may be done next, by the clock. */
  let due: number | undefined;
  let meanwhile = false;

  const arm = (): void => {
    if (end.signal.aborted || timer || !parts.wanted()) return;
    due ??= (parts.last() ?? Number.NEGATIVE_INFINITY) + dayMs;
    const now = clock.now();
    const wait = Math.min(dayMs, Math.max(parts.soonestMs, due - now));
    upAt = now + wait;
    timer = clock.after(wait, () => {
      timer = undefined;
      upAt = undefined;
      working = run().finally(() => {
        working = undefined;
        if (meanwhile) arm();
        meanwhile = false;
      });
    });
  };
  const run = async (): Promise<void> => {
    const at = clock.now();
    try {
      await parts.work(at, end.signal);
      due = at + dayMs;
    } catch (error) {
      due = at + retryMs;
      meanwhile = true; // tried again without waiting for the next change
      parts.onFault(error);
    }
  };

  return {
    changed() {
      if (working) meanwhile = true;
      else arm();
    },
    nextAt: () => upAt,
    async stop() {
      end.abort();
      timer?.cancel();
      upAt = undefined;
      await working;
    },
  };
}

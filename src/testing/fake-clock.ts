// A clock that moves only when told to, for everything that waits.
import { type Clock, sleepOn, type Timer } from '../lib/clock.ts';

/** Rounds of the event loop after each timer, so that what it set off (promises, database and file work) is done before the next. */
const settleRounds = 5;

export interface FakeClock extends Clock {
  /** Moves the time forward by `ms`, firing the timers on the way in the order they are due, each at its own time. */
  advance(ms: number): Promise<void>;
  /** Somebody sets the clock: what it shows changes by `ms`, forward or back, and nothing else does. */
  jump(ms: number): void;
  /** Timers that have fired so far. */
  readonly fired: number;
  /** Timers that are set and have not fired: zero means that nothing would ever wake up. */
  readonly waiting: number;
}

interface Waiting {
  readonly due: number;
  readonly fn: () => void;
}

/** Starts at `startMs`, by default the morning of Monday, 5 January 2026 (UTC). */
export function createFakeClock(startMs: number = Date.UTC(2026, 0, 5, 8)): FakeClock {
  let steady = 0;
  /** What the clock shows at the beginning of `steady`. */
  let base = startMs;
  let fired = 0;
  const timers = new Set<Waiting>();
  const next = (until: number): Waiting | undefined => {
    let first: Waiting | undefined;
    for (const timer of timers) if (timer.due <= until && (first === undefined || timer.due < first.due)) first = timer;
    return first;
  };
  const clock: FakeClock = {
    now: () => base + steady,
    steady: () => steady,
    after(ms, fn): Timer {
      const timer = { due: steady + Math.max(0, ms), fn };
      timers.add(timer);
      return { cancel: () => void timers.delete(timer) };
    },
    sleep: (ms, signal) => sleepOn(clock, ms, signal),
    get waiting() {
      return timers.size;
    },
    jump(ms) {
      base += ms;
    },
    get fired() {
      return fired;
    },
    async advance(ms) {
      const until = steady + ms;
      await settle();
      for (let timer = next(until); timer; timer = next(until)) {
        timers.delete(timer);
        steady = timer.due;
        fired++;
        timer.fn();
        await settle();
      }
      steady = until;
    },
  };
  return clock;
}

async function settle(): Promise<void> {
  for (let round = 0; round < settleRounds; round++) await new Promise((resolve) => setImmediate(resolve));
}

// The only place that reads the wall clock or starts a timer. Everything else is handed a Clock.
import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface Clock {
  /** Milliseconds since the epoch. Jumps where somebody sets the clock; for what people are shown and what is written down. */
  now(): number;
  /** Milliseconds since some moment of this run. Never jumps: for how long something took or is still to take. Stands still while the machine sleeps. */
  steady(): number;
  /** Calls back once after `ms` of `steady`; long waits are split so that they never fire early. Does not keep the process alive. */
  after(ms: number, fn: () => void): Timer;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts. Whoever waits for it keeps the process alive. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Timer {
  cancel(): void;
}

const longest = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  after: (ms, fn) => arm(ms, fn, false),
  sleep: (ms, signal) => sleepOn({ after: (wait, fn) => arm(wait, fn, true) }, ms, signal),
};

function arm(ms: number, fn: () => void, keepsAlive: boolean): Timer {
  const due = performance.now() + ms;
  let handle: NodeJS.Timeout;
  const next = (): void => {
    // The system's timers have whole milliseconds and may be one early.
    handle = setTimeout(() => (performance.now() < due ? next() : fn()), Math.max(0, Math.min(due - performance.now(), longest)));
    if (!keepsAlive) handle.unref();
  };
  next();
  return { cancel: () => clearTimeout(handle) };
}

/** `sleep` in terms of `after`, for clocks that only implement the latter. */
export function sleepOn(clock: Pick<Clock, 'after'>, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      timer.cancel();
      reject(signal?.reason);
    };
    const timer = clock.after(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** Calls back when this turn of the event loop has done what was ready: a moment, not a time. */
export function afterThisTurn(fn: () => void): void {
  setImmediate(fn);
}

/** Lets everything else that is ready go first: for work in steps that nobody waits for. */
export const breath = (): Promise<void> => new Promise(afterThisTurn);

/** Longest delay of the event loop in the next moment, in milliseconds. Nothing is watched before or after. */
export async function eventLoopDelay(): Promise<number> {
  const resolution = 5;
  const watch = monitorEventLoopDelay({ resolution });
  watch.enable();
  await systemClock.sleep(6 * resolution);
  watch.disable();
  return Math.max(0, watch.max / 1_000_000 - resolution);
}

// A running program watched to its end: output kept within bounds, time limited, and nothing of it left when its job is done.
import type { ChildProcess } from 'node:child_process';
import { type Clock, systemClock } from './clock.ts';
import { collectOutput } from './collect-output.ts';
import type { Job } from './job.ts';

export interface JobState {
  readonly id: string;
  readonly running: boolean;
  readonly exitCode?: number;
  readonly ended?: string;
  readonly output: string;
  readonly truncated: boolean;
}

export interface Supervision {
  readonly id: string;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Bytes of output kept, and what stops it. */
  readonly output: { readonly most: number; readonly flood: number };
  readonly onText?: ((text: string) => void) | undefined;
  /** Ends every process of the program there is now. */
  readonly killAll: () => void;
  /** Kernel kills for want of memory so far. */
  readonly memoryKills: () => number;
  /** Removes what held the program; where something is left in it, ends that and says false. */
  readonly clear: () => boolean;
  readonly onDone: () => void;
}

export function supervise(child: ChildProcess, parts: Supervision): Job<JobState> {
  const { id, clock, killAll } = parts;
  const output = collectOutput([child.stdout, child.stderr], { ...parts.output, onText: parts.onText, onFlood: () => end('output') });
  let ended: string | undefined;
  let exitCode: number | undefined;
  let running = true;
  let exited = false;
  const state = (): JobState => ({
    ...{ id, running, ...output.read() },
    ...(exitCode === undefined || ended !== undefined || running ? {} : { exitCode }),
    ...(ended === undefined || running ? {} : { ended }),
  });
  const end = (why: string): void => {
    if (exited) return;
    ended ??= why;
    killAll();
  };
  const timer = clock.after(parts.timeoutMs, () => end('timeout'));

  const finished = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) exitCode = 127;
      output.add(`${error.message}\n`);
      if (child.pid === undefined) resolve();
    });
    child.once('exit', (code) => {
      exited = true;
      exitCode = code ?? undefined;
      killAll();
      // A process that left the group may still hold the pipes.
      clock.after(2_000, () => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      });
    });
    child.once('close', () => resolve());
  });
  const done = finished.then(async () => {
    timer.cancel();
    output.finish();
    if (parts.memoryKills() > 0 && exitCode !== 0) ended ??= 'memory';
    // The kernel's time, whatever clock the limits go by.
    for (let tries = 0; !parts.clear() && tries < 200; tries++) await systemClock.sleep(10);
    running = false;
    parts.onDone();
    return state();
  });
  return { id, state, end, done };
}

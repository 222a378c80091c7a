// Work that goes on beside its caller and can be ended early.

export interface Job<State> {
  readonly id: string;
  state(): State;
  /** Has no effect on one that ended already. */
  end(why: string): void;
  /** Resolves when nothing of it is left. */
  readonly done: Promise<State>;
}

/** Waits for the end. A signal that aborts meanwhile ends the job as "killed". */
export async function jobEnd<State>(job: Job<State>, signal: AbortSignal): Promise<State> {
  const onAbort = (): void => job.end('killed');
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await job.done;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

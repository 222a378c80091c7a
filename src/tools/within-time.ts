// Matching by somebody else's pattern: backtracking takes exponential time, and only V8 itself can end it from outside.
import { createContext, Script } from 'node:vm';

const milliseconds = 250;

/** Runs `work`, which may not wait for anything, and gives what it gives; undefined when the time is up. The limit also ends what `work` calls. */
export function withinTime<T>(work: () => T): T | undefined {
  let result: T | undefined;
  let thrown: { readonly error: unknown } | undefined;
  const run = (): void => {
    try {
      result = work();
    } catch (error) {
      thrown = { error }; // The end of the time cannot be caught here.
    }
  };
  try {
    new Script('run()').runInContext(createContext({ run }), { timeout: milliseconds });
  } catch {
    return undefined;
  }
  if (thrown) throw thrown.error;
  return result;
}

// The only reader of this process's environment; everything else is handed what this returns.
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** A copy of the environment as it was when asked. */
export function readEnvironment(): Environment {
  return { ...process.env };
}

/** Where compiled code is cached: below the user's own cache directory, never in a shared one, where others could plant code. */
export function compileCache(environment: Environment): string {
  if (process.platform === 'win32') return join(environment.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'copaw-cache');
  const cache = environment.XDG_CACHE_HOME;
  return join(cache !== undefined && isAbsolute(cache) ? cache : join(environment.HOME || homedir(), '.cache'), 'copaw');
}

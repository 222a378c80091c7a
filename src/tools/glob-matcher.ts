// Which paths a glob names. Node's matcher backtracks, so it runs under a time limit too.
import { posix } from 'node:path';
import { withinTime } from './within-time.ts';

/** The paths that match, in order; undefined when the time of this call is up. A glob without "/" is held against the last name of each path. */
export type GlobMatcher = (paths: readonly string[]) => ReadonlySet<string> | undefined;

export function createGlobMatcher(glob: string): GlobMatcher {
  const subject = glob.includes('/') ? (path: string): string => path : posix.basename;
  // The first use loads the matcher: not something to be interrupted.
  posix.matchesGlob('a', 'a');
  return (paths) => withinTime(() => new Set(paths.filter((path) => posix.matchesGlob(subject(path), glob))));
}

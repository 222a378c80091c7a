// Which lines match. Regular expressions run under a time limit, so that catastrophic backtracking cannot hang the process.
import { createContext, Script } from 'node:vm';

const lineCharacters = 2000;
const milliseconds = 250;

/** Indexes of matching lines; undefined when the time of this call is up. */
export type LineMatcher = (lines: readonly string[]) => readonly number[] | undefined;

/** Says what is wrong with the pattern instead when it does not compile. */
export function createLineMatcher(pattern: string, regex: boolean, ignoreCase: boolean): LineMatcher | string {
  if (!regex) {
    const fold = (text: string): string => (ignoreCase ? text.toLowerCase() : text);
    const wanted = fold(pattern);
    return (lines) => lines.flatMap((line, index) => (fold(line).includes(wanted) ? [index] : []));
  }
  const flags = ignoreCase ? 'iu' : 'u';
  try {
    new RegExp(pattern, flags);
  } catch (error) {
    return error instanceof Error ? error.message : 'This is not a regular expression.';
  }
  const context = createContext({ pattern, flags, lines: [] as readonly string[] });
  const script = new Script('{ const r = new RegExp(pattern, flags); lines.flatMap((line, index) => (r.test(line) ? [index] : [])).join(); }');
  return (lines) => {
    context.lines = lines.map((line) => line.slice(0, lineCharacters));
    try {
      const hits: unknown = script.runInContext(context, { timeout: milliseconds });
      return typeof hits === 'string' && hits !== '' ? hits.split(',').map(Number) : [];
    } catch {
      return undefined;
    }
  };
}

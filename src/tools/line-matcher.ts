// Which lines match. Regular expressions run under a time limit, so that catastrophic backtracking cannot hang the process.
import { placesOf } from './places-of.ts';
import { withinTime } from './within-time.ts';

/** Up to here `includes` is fast on every text; beyond, somebody's text can make it slow, and nothing could end it. */
const shortPattern = 32;
const lineCharacters = 2000;

/** Indexes of matching lines; undefined when the time of this call is up. */
export type LineMatcher = (lines: readonly string[]) => readonly number[] | undefined;

/** Says what is wrong with the pattern instead when it does not compile. */
export function createLineMatcher(pattern: string, regex: boolean, ignoreCase: boolean): LineMatcher | string {
  if (!regex) {
    const fold = (text: string): string => (ignoreCase ? text.toLowerCase() : text);
    const wanted = fold(pattern);
    const has = (line: string): boolean => (wanted.length <= shortPattern ? line.includes(wanted) : placesOf(wanted, line).length > 0);
    return (lines) => lines.flatMap((line, index) => (has(fold(line)) ? [index] : []));
  }
  let expression: RegExp;
  try {
    expression = new RegExp(pattern, ignoreCase ? 'iu' : 'u');
  } catch (error) {
    return error instanceof Error ? error.message : 'This is not a regular expression.';
  }
  return (lines) => withinTime(() => lines.flatMap((line, index) => (expression.test(line.slice(0, lineCharacters)) ? [index] : [])));
}

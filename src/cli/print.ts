// How commands print a result: one JSON object for programs, words for people.
import type { CommonOptions, Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';

/** Returns the exit code of a command that did what was asked. */
export function print({ terminal }: Context, options: CommonOptions, value: object, forPeople: () => void): number {
  if (options.json === true) terminal.out(`${JSON.stringify(value)}\n`);
  else forPeople();
  return exitCodes.answered;
}

/** UTC, to the second. */
export function timeText(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/u, 'Z');
}

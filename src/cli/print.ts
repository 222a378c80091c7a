// How commands print a result: one JSON object for programs, words for people.
import type { CommonOptions, Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { showEscaped } from './text.ts';

/** Returns the exit code of a command that did what was asked. */
export function print({ terminal }: Context, options: CommonOptions, value: object, forPeople: () => void): number {
  if (options.json === true) terminal.out(`${JSON.stringify(value)}\n`);
  else forPeople();
  return exitCodes.answered;
}

/** A text as it stands in a file, and what is to be known of it. */
export function printText(
  { terminal }: Context,
  { text, fixed, tainted = false }: { readonly text: string; readonly fixed?: string; readonly tainted?: boolean },
): void {
  terminal.out(`${showEscaped(text)}${text.endsWith('\n') ? '' : '\n'}`);
  if (fixed === 'secret') terminal.error('It holds the value of a secret, which is not shown.\n');
  if (tainted) terminal.error('It holds words of strangers: a conversation that reads it is marked.\n');
}

/** UTC, to the second. */
export function timeText(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/u, 'Z');
}

// How the CLI says that something went wrong: two lines for people, one object for programs.
import { type CoPawError, errorCatalogue, toCoPawError } from '../core/error.ts';
import { exitCodes } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';
import { stripControls } from './text.ts';

/** Prints the error and returns the exit code. */
export function report(thrown: unknown, terminal: Terminal, json: boolean): number {
  const error: CoPawError = toCoPawError(thrown);
  if (json) {
    terminal.out(
      `${JSON.stringify({ error: { code: error.code, message: error.message, next: error.next ?? null, ...(error.rule === undefined ? {} : { rule: error.rule }) } })}\n`,
    );
  } else {
    terminal.error(`error: ${stripControls(error.message)}\n`);
    if (error.next !== undefined) terminal.error(`next: ${stripControls(error.next)}\n`);
  }
  return errorCatalogue[error.code].exit || exitCodes.failed;
}

// What the security commands share.
import type { SecurityAdmin } from '../core/security.ts';
import type { CommonOptions, Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { readyHome } from './ready-home.ts';

export async function securityOf({ parts }: Context, options: CommonOptions): Promise<SecurityAdmin> {
  return parts.security(readyHome(parts, options.home));
}

/** One JSON object, or words. */
export function print({ terminal }: Context, options: CommonOptions, value: object, forPeople: () => void): number {
  if (options.json === true) terminal.out(`${JSON.stringify(value)}\n`);
  else forPeople();
  return exitCodes.answered;
}

/** UTC, to the second. */
export function timeText(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/u, 'Z');
}

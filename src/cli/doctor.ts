// `copaw doctor`: each link from this machine to an answer, with a remedy for what is broken. Exit code 1 when something is.

import type { CommonOptions, Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { stripControls } from './text.ts';

const marks = { ok: 'ok     ', warning: 'warning', failed: 'FAILED ' } as const;

export async function doctor({ parts, terminal }: Context, options: CommonOptions): Promise<number> {
  const findings = await parts.doctor(parts.homePath(options.home));
  if (options.json === true) terminal.out(`${JSON.stringify({ findings })}\n`);
  else
    for (const { id, state, detail, next } of findings) {
      terminal.out(stripControls(`${marks[state]}  ${id}: ${detail}`).concat('\n'));
      if (next !== undefined) terminal.out(`         next: ${stripControls(next)}\n`);
    }
  return findings.some(({ state }) => state === 'failed') ? exitCodes.failed : exitCodes.answered;
}

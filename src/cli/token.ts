// `copaw token`: one more named access token; it is shown once and only its hash is kept (R8).

import type { CommonOptions, Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { readyHome } from './ready-home.ts';

export async function token({ parts, terminal }: Context, options: CommonOptions & { readonly name: string }): Promise<number> {
  const made = await parts.token(readyHome(parts, options.home), options.name);
  if (options.json === true) terminal.out(`${JSON.stringify({ name: options.name, token: made })}\n`);
  else {
    terminal.out(`${made}\n`);
    terminal.error(`This is the only time "${options.name}" is shown. Send it as: Authorization: Bearer <token>\n`);
  }
  return exitCodes.answered;
}

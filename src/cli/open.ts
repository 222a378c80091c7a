// `copaw open`: a fresh login link, for when the one of the start is used up or lost.

import type { CommonOptions, Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { readyHome } from './ready-home.ts';

export async function open({ parts, terminal }: Context, options: CommonOptions & { readonly open: boolean }): Promise<number> {
  const link = await parts.loginLink(readyHome(parts, options.home));
  if (options.json === true) terminal.out(`${JSON.stringify(link)}\n`);
  else {
    terminal.out(`${link.url}\n`);
    terminal.error(`The link works once, until ${new Date(link.expiresAt).toLocaleTimeString()}.\n`);
    if (options.open && terminal.interactive) await parts.browse(link.url);
  }
  return exitCodes.answered;
}

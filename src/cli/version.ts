// `copaw version --json`: what a report needs to name exactly. The plain form is answered by the launcher without loading this.

import type { CommonOptions, Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';

export async function version({ parts, terminal }: Context, options: CommonOptions): Promise<number> {
  const build = parts.version();
  terminal.out(options.json === true ? `${JSON.stringify(build)}\n` : `${build.version}\n`);
  return exitCodes.answered;
}

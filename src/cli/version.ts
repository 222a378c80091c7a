// `copaw version`: what a report needs to name exactly, and what CoPaw is made of. The plain form is answered by the launcher without loading this.

import type { CommonOptions, Context } from './context.ts';
import { print } from './print.ts';

export async function version(context: Context, options: CommonOptions & { readonly licences?: boolean }): Promise<number> {
  const { parts, terminal } = context;
  const build = parts.version();
  if (options.licences !== true) return print(context, options, build, () => terminal.out(`${build.version}\n`));
  const packages = await parts.licences();
  return print(context, options, { ...build, packages }, () => {
    if (packages.length === 0) terminal.error('This CoPaw was not built: its packages lie in node_modules, each with its licence.\n');
    for (const { name, version: number, licence, text } of packages) terminal.out(`${name} ${number} (${licence})\n\n${text}\n\n`);
  });
}

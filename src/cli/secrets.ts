// `copaw secrets …`: values come from a hidden prompt or stdin, never from the command line, and are never printed.
import { z } from 'zod';
import { CoPawError } from '../core/error.ts';
import { type SecretSummary, type SecretUse, secretUse } from '../core/secret.ts';
import type { CommonOptions, Context } from './context.ts';
import { print } from './print.ts';
import { securityOf } from './security-of.ts';
import { showEscaped } from './text.ts';

export interface SetOptions extends CommonOptions {
  readonly stdin?: boolean;
  readonly origin?: readonly string[];
  readonly header?: string;
  readonly format?: string;
  readonly env?: string;
}

export async function set(context: Context, name: string, options: SetOptions): Promise<number> {
  const use = useOf(options);
  const admin = await securityOf(context, options);
  const value = await ask(context, name, options);
  await admin.setSecret(name, value, use);
  return print(context, options, { secret: { name, ...(use ? { use } : {}) } }, () => {
    context.terminal.out(`${showEscaped(describe({ name, ...(use ? { use } : {}) }))}\n`);
    if (!use) context.terminal.error('No tool can use it. Name an --origin or a variable with --env to let one.\n');
  });
}

export async function list(context: Context, options: CommonOptions): Promise<number> {
  const secrets = await (await securityOf(context, options)).secrets();
  return print(context, options, { secrets }, () => {
    if (secrets.length === 0) context.terminal.out('There is no secret.\n');
    for (const secret of secrets) context.terminal.out(`${showEscaped(describe(secret))}\n`);
  });
}

export async function remove(context: Context, name: string, options: CommonOptions): Promise<number> {
  await (await securityOf(context, options)).removeSecret(name);
  return print(context, options, { deleted: name }, () => context.terminal.out(`${showEscaped(name)} is deleted.\n`));
}

async function ask({ terminal }: Context, name: string, options: SetOptions): Promise<string> {
  if (options.stdin !== true && !terminal.interactive)
    throw new CoPawError('usage', 'There is nobody to ask for the value.', { next: `Give it on stdin: copaw secrets set ${name} --stdin` });
  // A line end comes from the editor or `echo`, not from whoever made the secret.
  const value = options.stdin === true ? (await terminal.readAll()).replace(/\r?\n$/u, '') : await terminal.password(`Value of ${showEscaped(name)}`);
  if (value === undefined) throw new CoPawError('cancelled', 'Nothing was set.');
  if (value === '') throw new CoPawError('usage', 'The value is empty.');
  return value;
}

function useOf({ origin = [], header, format, env }: SetOptions): SecretUse | undefined {
  if (origin.length === 0 && env === undefined) {
    if (header !== undefined || format !== undefined) throw new CoPawError('usage', '--header and --format need an --origin.');
    return undefined;
  }
  const origins = origin.map((text) => URL.parse(text)?.origin ?? text);
  const parsed = secretUse.safeParse({
    origins,
    ...(header === undefined ? {} : { header }),
    ...(format === undefined ? {} : { format }),
    ...(env === undefined ? {} : { env }),
  });
  if (!parsed.success) throw new CoPawError('usage', z.prettifyError(parsed.error));
  return parsed.data;
}

function describe({ name, use }: SecretSummary): string {
  if (!use) return `${name}  for CoPaw itself`;
  const origins = use.origins.length === 0 ? [] : [`${use.header}: ${use.format} to ${use.origins.join(', ')}`];
  return `${name}  ${[...origins, ...(use.env === undefined ? [] : [`$${use.env} of a command`])].join('; ')}`;
}

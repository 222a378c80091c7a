// `copaw models …`: who answers. Keys come from an environment variable or stdin, never from the command line, where others could read them.

import { providerKinds } from '../core/config.ts';
import { CoPawError } from '../core/error.ts';
import type { ModelsAdmin, NewProvider, ProviderSummary } from '../core/operator.ts';
import type { CommonOptions, Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { readyHome } from './ready-home.ts';
import type { Terminal } from './terminal.ts';
import { stripControls } from './text.ts';

export interface AddOptions extends CommonOptions {
  readonly kind: string;
  readonly model: string;
  readonly baseUrl?: string;
  readonly keyEnv?: string;
  readonly keyStdin?: boolean;
  /** False with --no-key. */
  readonly key: boolean;
  readonly default?: boolean;
}

export async function list(context: Context, options: CommonOptions): Promise<number> {
  return withAdmin(context, options, async (admin) => {
    const providers = await admin.list();
    if (options.json === true) context.terminal.out(`${JSON.stringify({ providers })}\n`);
    else if (providers.length === 0) context.terminal.out('No provider yet: the built-in offline model answers.\n');
    else for (const provider of providers) context.terminal.out(`${summary(provider)}\n`);
    return exitCodes.answered;
  });
}

export async function add(context: Context, id: string, options: AddOptions): Promise<number> {
  const kind = providerKinds.find((known) => known === options.kind);
  if (kind === undefined) throw new CoPawError('usage', `"${options.kind}" is not a kind of provider.`, { next: `It is one of: ${providerKinds.join(', ')}.` });
  if (Number(options.keyEnv !== undefined) + Number(options.keyStdin === true) + Number(!options.key) > 1)
    throw new CoPawError('usage', 'Give only one of --key-env, --key-stdin and --no-key.');
  return withAdmin(context, options, async (admin) => {
    const provider: NewProvider = {
      id,
      kind,
      model: options.model,
      ...(options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl }),
      ...(await keyOf(context.terminal, kind, options)),
      ...(options.default === true ? { makeDefault: true } : {}),
    };
    const added = await admin.add(provider);
    if (options.json === true) context.terminal.out(`${JSON.stringify({ provider: added })}\n`);
    else {
      context.terminal.out(`${summary(added)}\n`);
      context.terminal.error(`next: copaw models test ${id}/${options.model}\n`);
    }
    return exitCodes.answered;
  });
}

export async function test(context: Context, ref: string | undefined, options: CommonOptions): Promise<number> {
  const { parts, terminal } = context;
  const chosen = ref ?? (await parts.config(readyHome(parts, options.home))).current().models.default;
  if (chosen === undefined)
    throw new CoPawError('model-missing', 'No model is configured: the built-in offline model answers, and it needs no test.', {
      next: 'Add one with `copaw models add`.',
    });
  const stopping = new AbortController();
  const release = terminal.onStop(() => stopping.abort());
  try {
    return await withAdmin(context, options, async (admin) => {
      const result = await admin.test(chosen, stopping.signal);
      if (options.json === true) terminal.out(`${JSON.stringify(result)}\n`);
      else for (const { capability, ok, detail } of result.reports) terminal.out(`${ok ? 'ok    ' : 'FAILED'}  ${capability}: ${stripControls(detail)}\n`);
      return result.ok ? exitCodes.answered : exitCodes.failed;
    });
  } finally {
    release();
  }
}

export async function set(context: Context, ref: string, options: CommonOptions): Promise<number> {
  return withAdmin(context, options, async (admin) => {
    await admin.setDefault(ref);
    context.terminal.out(options.json === true ? `${JSON.stringify({ default: ref })}\n` : `${ref} answers from now on.\n`);
    return exitCodes.answered;
  });
}

export async function remove(context: Context, id: string, options: CommonOptions): Promise<number> {
  return withAdmin(context, options, async (admin) => {
    await admin.remove(id);
    context.terminal.out(options.json === true ? `${JSON.stringify({ removed: id })}\n` : `${id} is removed.\n`);
    return exitCodes.answered;
  });
}

async function withAdmin(context: Context, options: CommonOptions, work: (admin: ModelsAdmin) => Promise<number>): Promise<number> {
  const { admin, close } = await context.parts.models(readyHome(context.parts, options.home));
  try {
    return await work(admin);
  } finally {
    await close();
  }
}

/** Where the key is. On a terminal it is asked for when no option says. */
async function keyOf(terminal: Terminal, kind: NewProvider['kind'], options: AddOptions): Promise<Pick<NewProvider, 'key' | 'keyValue'>> {
  if (options.keyEnv !== undefined) return { key: { env: options.keyEnv } };
  if (options.keyStdin === true) {
    const keyValue = (await terminal.readAll()).trim();
    if (keyValue === '') throw new CoPawError('usage', 'There is no key on stdin.');
    return { keyValue };
  }
  if (!options.key) return {};
  if (terminal.interactive && options.json !== true) {
    const typed = await terminal.password('API key (kept encrypted; empty for none)');
    if (typed === undefined) throw new CoPawError('cancelled', 'Stopped; nothing was written.');
    return typed.trim() === '' ? {} : { keyValue: typed.trim() };
  }
  if (kind === 'openai-compatible') return {};
  throw new CoPawError('usage', `A provider of kind ${kind} needs a key.`, { next: 'Add --key-env NAME, --key-stdin, or --no-key.' });
}

function summary({ id, kind, baseUrl, models, key, isDefault }: ProviderSummary): string {
  return stripControls(`${isDefault ? '* ' : '  '}${id}  ${kind}${baseUrl === undefined ? '' : `  ${baseUrl}`}  ${models.join(', ')}  key: ${key}`);
}

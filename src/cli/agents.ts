// `copaw agents …`: who the agents are, which model answers for each, and the files that their prompt is made from.
import { type AgentReport, type AgentsAdmin, agentLabel } from '../core/agents.ts';
import { CoPawError } from '../core/error.ts';
import type { CommonOptions, Context } from './context.ts';
import { print, printText } from './print.ts';
import { readyHome } from './ready-home.ts';
import { showLine } from './text.ts';

interface SetOptions extends CommonOptions {
  readonly name?: string;
  readonly model?: string;
  readonly defaultModel?: boolean;
}

const open = ({ parts }: Context, options: CommonOptions): Promise<AgentsAdmin> => parts.agents(readyHome(parts, options.home));

export async function list(context: Context, options: CommonOptions): Promise<number> {
  const found = await (await open(context, options)).list();
  return print(context, options, found, () => {
    for (const agent of found.agents) context.terminal.out(describe(agent));
  });
}

export async function set(context: Context, id: string, options: SetOptions): Promise<number> {
  const { name, model, defaultModel } = options;
  if (name === undefined && model === undefined && defaultModel !== true)
    throw new CoPawError('usage', 'Name what to change: --name, --model or --default-model.');
  if (model !== undefined && defaultModel === true) throw new CoPawError('usage', '--model and --default-model exclude each other.');
  if (name?.trim() === '') throw new CoPawError('usage', 'The name is empty.');
  const agent = await (await open(context, options)).change(id, {
    ...(name === undefined ? {} : { name: name.trim() }),
    ...(defaultModel === true ? { model: null } : model === undefined ? {} : { model }),
  });
  return print(context, options, { agent }, () => context.terminal.out(describe(agent)));
}

export async function show(context: Context, id: string, file: string, options: CommonOptions): Promise<number> {
  const page = await (await open(context, options)).show(id, file);
  return print(context, options, page, () => printText(context, page));
}

export async function write(context: Context, id: string, file: string, options: CommonOptions & { readonly hash?: string }): Promise<number> {
  const admin = await open(context, options);
  const text = await context.terminal.readAll();
  const saved = await admin.save(id, { path: file, text, hash: options.hash ?? (await hashOf(admin, id, file)) });
  return print(context, options, saved, () => {
    context.terminal.error(`${showLine(file)} is saved.\n`);
    if (saved.undoId !== undefined) context.terminal.error(`To take this back: copaw undo ${saved.undoId}\n`);
  });
}

async function hashOf(admin: AgentsAdmin, id: string, file: string): Promise<string> {
  try {
    return (await admin.show(id, file)).hash;
  } catch (error) {
    if (error instanceof CoPawError && error.code === 'path-missing') return 'absent';
    throw error;
  }
}

function describe(agent: AgentReport): string {
  const { isDefault, model, modelProblem, ownModel, sandbox, files } = agent;
  const lines = [
    `${agentLabel(agent)}${isDefault ? '  answers where nothing else is said' : ''}`,
    `  model    ${modelProblem ?? `${model}${ownModel === undefined ? '  (the default)' : ''}`}`,
    `  sandbox  ${sandbox.kind}${sandbox.reason === undefined ? '' : `: ${sandbox.reason}`}`,
    `  persona  ${files.flatMap(({ path, bytes, cut }) => (bytes === undefined ? [] : [`${path} ${bytes} bytes${cut ? ', cut in the prompt' : ''}`])).join('; ')}`,
  ];
  return `${lines.map(showLine).join('\n')}\n`;
}

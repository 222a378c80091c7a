// `copaw config show|schema|check|replace|undo`: config.json as a text, changed whole, and the way back.
import { CoPawError } from '../core/error.ts';
import type { SettingsAdmin, SettingsCheck, SettingsPage } from '../core/settings.ts';
import type { CommonOptions, Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { print, printText } from './print.ts';
import { readyHome } from './ready-home.ts';
import { showEscaped, showLine } from './text.ts';

const open = ({ parts }: Context, options: CommonOptions): Promise<SettingsAdmin> => parts.settings(readyHome(parts, options.home));

export async function show(context: Context, options: CommonOptions): Promise<number> {
  const page = await (await open(context, options)).read();
  return print(context, options, page, () => printText(context, page));
}

export async function schema(context: Context, options: CommonOptions): Promise<number> {
  const found = await (await open(context, options)).schema();
  context.terminal.out(`${JSON.stringify(found, undefined, options.json === true ? undefined : 2)}\n`);
  return exitCodes.answered;
}

export async function check(context: Context, options: CommonOptions): Promise<number> {
  const found = await (await open(context, options)).check({ text: await context.terminal.readAll(), changes: [] });
  print(context, options, found, () => say(context, found));
  return found.faults.length === 0 ? exitCodes.answered : exitCodes.failed;
}

export async function replace(context: Context, options: CommonOptions & { readonly hash?: string }): Promise<number> {
  const admin = await open(context, options);
  const text = await context.terminal.readAll();
  if (text.trim() === '') throw new CoPawError('usage', 'There is no text on stdin.', { next: 'copaw config replace < config.json' });
  const hash = options.hash ?? (await admin.read()).hash;
  const found = await admin.check({ text, changes: [] });
  const page = await admin.save({ text, hash });
  return print(context, options, { ...withoutText(page), changed: found.changed }, () => say(context, found));
}

export async function undo(context: Context, options: CommonOptions): Promise<number> {
  const admin = await open(context, options);
  const page = await admin.undo((await admin.read()).hash);
  return print(context, options, withoutText(page), () => context.terminal.error(`${page.path} is as it was before.\n`));
}

const withoutText = ({ text: _, ...page }: SettingsPage): object => page;

function say({ terminal }: Context, { diff, faults, warnings, changed }: SettingsCheck): void {
  for (const { line, key, text } of faults) terminal.error(`${showLine(`line ${line}: ${key === '' ? '' : `${key}: `}${text}`)}\n`);
  for (const { line, text } of warnings) terminal.error(`${showLine(`warning: line ${line}: ${text}`)}\n`);
  terminal.out(showEscaped(diff));
  if (diff === '') terminal.error('Nothing changes.\n');
  const waiting = changed.filter(({ restart }) => restart).map(({ key }) => key);
  if (waiting.length > 0) terminal.error(`${showLine(`From the next start on: ${waiting.join(', ')}`)}\n`);
}

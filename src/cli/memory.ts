// `copaw memory …`: what is remembered, where it stands, and which conversation can see it.
import { CoPawError } from '../core/error.ts';
import type { MemoryHit } from '../core/memory.ts';
import type { MemoryAdmin, MemoryStats, SessionSight } from '../core/memory-admin.ts';
import type { CommonOptions, Context } from './context.ts';
import { print, printText, timeText } from './print.ts';
import { readyHome } from './ready-home.ts';
import { showEscaped, showLine } from './text.ts';

interface AgentOptions extends CommonOptions {
  readonly agent?: string;
}

const open = ({ parts }: Context, options: CommonOptions): Promise<MemoryAdmin> => parts.memory(readyHome(parts, options.home));
/** Conversations that are listed. */
const mostSights = 50;

export async function list(context: Context, options: AgentOptions): Promise<number> {
  const listed = await (await open(context, options)).list(options.agent);
  return print(context, options, listed, () => {
    for (const { path, bytes, modifiedAt, state } of listed.files)
      context.terminal.out(`${showLine(path)}  ${bytes} bytes  ${timeText(modifiedAt)}${state === 'indexed' ? '' : `  not searched: ${state}`}\n`);
    if (listed.files.length === 0) context.terminal.error('Nothing is remembered yet.\n');
  });
}

export async function search(context: Context, words: readonly string[], options: AgentOptions & { readonly lines: string }): Promise<number> {
  if (!/^\d{1,3}$/u.test(options.lines) || Number(options.lines) < 1 || Number(options.lines) > 100)
    throw new CoPawError('usage', '-n takes a number from 1 to 100.');
  const found = await (await open(context, options)).search(words.join(' '), Number(options.lines), options.agent);
  return print(context, options, found, () => {
    for (const hit of found.hits) context.terminal.out(`${showLine(placeOf(hit))}\n${showEscaped(hit.text)}\n\n`);
    if (found.hits.length === 0) context.terminal.error('Nothing in memory fits.\n');
    const { days, corrected = {} } = found.read ?? {};
    if (days !== undefined) context.terminal.error(`Looked at ${days[0]} to ${days[1]}.\n`);
    for (const [from, to] of Object.entries(corrected)) context.terminal.error(`${showLine(`Read ${from} as ${to}.`)}\n`);
    for (const { path, bytes, why } of found.left ?? []) context.terminal.error(`${showLine(`Not searched: ${path} (${bytes} bytes, ${why})`)}\n`);
  });
}

function placeOf({ path, lines, headings = [], day, superseded, source }: MemoryHit): string {
  const about = [
    ...headings.slice(-1),
    ...(day === undefined ? [] : [day]),
    ...(superseded === undefined ? [] : [`replaced on ${superseded}`]),
    ...(source === undefined ? [] : [`by ${source.by} at ${timeText(source.at)}${source.sessionId === undefined ? '' : ` in ${source.sessionId}`}`]),
  ];
  return `${path}:${lines[0]}-${lines[1]}${about.length === 0 ? '' : `  ${about.join('; ')}`}`;
}

export async function show(context: Context, path: string, options: AgentOptions): Promise<number> {
  const page = await (await open(context, options)).show(path, options.agent);
  return print(context, options, page, () => printText(context, page));
}

export async function forget(context: Context, path: string, note: string | undefined, options: AgentOptions & { readonly all?: boolean }): Promise<number> {
  if ((note === undefined) === (options.all !== true)) throw new CoPawError('usage', 'Name a note of the file, or use --all.');
  if (note?.trim() === '*') throw new CoPawError('usage', 'To forget the whole file use --all.');
  const gone = await (await open(context, options)).forget(path, note ?? '*', options.agent);
  return print(context, options, gone, () => {
    printText(context, { text: gone.text });
    context.terminal.error(`It is in the trash as ${gone.trash}.\n`);
    if (gone.undoId !== undefined) context.terminal.error(`To take this back: copaw undo ${gone.undoId}\n`);
  });
}

export async function reindex(context: Context, options: AgentOptions): Promise<number> {
  return showStats(context, options, await (await open(context, options)).reindex(options.agent));
}

export async function stats(context: Context, options: AgentOptions): Promise<number> {
  return showStats(context, options, await (await open(context, options)).stats(options.agent));
}

function showStats(context: Context, options: CommonOptions, of: MemoryStats): number {
  return print(context, options, of, () => {
    const { out } = context.terminal;
    out(`Memory of ${showLine(of.agentId)}: ${of.files} files, ${of.bytes} bytes\n`);
    out(`In the prompt: ${of.digest.bytes} of at most ${of.digest.most} bytes of MEMORY.md\n`);
    if (of.digest.leftBytes > 0) out(`No room in the prompt: ${of.digest.leftNotes} notes, ${of.digest.leftBytes} bytes; a search finds them\n`);
    for (const { path, bytes, why } of of.left) out(`${showLine(`Not searched: ${path} (${bytes} bytes, ${why})`)}\n`);
    if (!of.followed) out('Files are compared at each search\n');
  });
}

export async function sees(context: Context, session: string | undefined, options: CommonOptions): Promise<number> {
  const admin = await open(context, options);
  const sessions = session === undefined ? await admin.sights(mostSights) : [await admin.sight(session)];
  return print(context, options, session === undefined ? { sessions } : (sessions[0] ?? {}), () => {
    for (const one of sessions) context.terminal.out(`${showLine(`${one.sessionId}  ${sightText(one)}  ${one.title}`)}\n`);
  });
}

const memoryWords = { allow: 'private memory: yes', ask: 'private memory: after your yes', deny: 'private memory: no' } as const;
const fileWords = { allow: 'files: yes', ask: 'files: after your yes', deny: 'files: no', own: 'files: of the group alone' } as const;
const commandWords = { allow: 'commands: yes', ask: 'commands: after your yes', deny: 'commands: no' } as const;
const whyWords = { operator: 'you alone', direct: 'a sender you allowed', group: 'a group', unattended: 'nobody attends' } as const;

function sightText({ memory, files, commands, why }: SessionSight): string {
  const because = typeof why === 'string' ? whyWords[why] : `by ${why.rule} in config.json`;
  return `${memoryWords[memory]} (${because}); ${fileWords[files]}; ${commandWords[commands]}`;
}

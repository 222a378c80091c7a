// `copaw sessions …`: conversations found, read, named, put away, copied, taken out, brought in, deleted.
import { CoPawError } from '../core/error.ts';
import type { SessionSummary } from '../core/operator.ts';
import { type SessionChange, type SessionFilter, sessionFilters } from '../core/session.ts';
import { type ExportFormat, exportFormats, type SaidMessage, type SessionHit, type SessionsAdmin } from '../core/sessions.ts';
import { systemClock } from '../lib/clock.ts';
import { createIds } from '../lib/ids.ts';
import type { CommonOptions, Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { print, timeText } from './print.ts';
import { readyHome } from './ready-home.ts';
import { showLine, stripControls } from './text.ts';

export interface PageOptions extends CommonOptions {
  readonly lines: string;
  readonly before?: string;
}

export async function list(context: Context, options: PageOptions & { readonly show: string }): Promise<number> {
  const show: SessionFilter = oneOf(sessionFilters, options.show, '--show');
  const limit = count(options.lines);
  const sessions = await (await open(context, options)).list({ limit, show, ...number('before', '--before', options.before) });
  return print(context, options, { sessions }, () => {
    for (const session of sessions) context.terminal.out(`${sessionLine(session)}\n`);
    if (sessions.length === 0) context.terminal.error('No conversations.\n');
    if (sessions.length === limit) context.terminal.error(`Older ones: --before ${sessions.at(-1)?.updatedAt}\n`);
  });
}

export async function show(context: Context, id: string, options: PageOptions & { readonly around?: string }): Promise<number> {
  const admin = await open(context, options);
  const session = await admin.get(id);
  const messages = await admin.read(id, { limit: count(options.lines), ...number('around', '--around', options.around) });
  return print(context, options, { session, messages }, () => {
    context.terminal.error(`${sessionLine(session)}\n`);
    for (const message of messages) context.terminal.out(messageText(message));
  });
}

export async function search(context: Context, words: readonly string[], options: PageOptions): Promise<number> {
  const limit = count(options.lines);
  const found = await (await open(context, options)).search({ text: words.join(' '), limit, ...number('before', '--before', options.before) });
  return print(context, options, found, () => {
    const { out, error } = context.terminal;
    for (const session of found.titled) out(`${sessionLine(session)}\n`);
    for (const hit of found.hits) out(hitText(hit));
    if (found.hits.length + found.titled.length === 0) error('Nothing found.\n');
    if (found.hits.length === limit) error(`Older ones: --before ${found.hits.at(-1)?.seq}\n`);
  });
}

export interface ExportOptions extends CommonOptions {
  readonly all?: boolean;
  readonly format?: string;
  readonly out?: string;
}

/** Sessions listed at once. */
const pageSize = 200;

export async function exportTo(context: Context, id: string | undefined, options: ExportOptions): Promise<number> {
  if ((id === undefined) !== (options.all === true)) throw new CoPawError('usage', 'Name one session, or use --all.', { next: 'See `copaw sessions list`.' });
  const format: ExportFormat = oneOf(exportFormats, options.format ?? (options.all ? 'jsonl' : 'markdown'), '--format');
  if (options.all && format !== 'jsonl') throw new CoPawError('usage', 'All of them are exported as JSON lines.', { next: 'Leave --format out.' });
  const admin = await open(context, options);
  if (id !== undefined) await admin.get(id); // a refusal leaves no file behind
  const lines = progress(context, id === undefined ? allLines(admin) : admin.export(id, format), 'written');
  if (options.out === undefined) {
    for await (const line of lines) context.terminal.out(`${format === 'jsonl' ? line : stripControls(line)}\n`);
    return exitCodes.answered;
  }
  const file = options.out;
  const written = await context.parts.writeLines(file, lines);
  return print(context, options, { file, lines: written }, () => context.terminal.out(`${written} lines are in ${showLine(file)}.\n`));
}

async function* allLines(admin: SessionsAdmin): AsyncGenerator<string> {
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const sessions = await admin.list({ limit: pageSize, before, show: 'all' });
    for (const { id } of sessions) yield* admin.export(id, 'jsonl');
    if (sessions.length < pageSize) return;
    before = sessions.at(-1)?.updatedAt ?? 0;
  }
}

export async function importFrom(context: Context, file: string, options: CommonOptions): Promise<number> {
  const admin = await open(context, options);
  const report = await admin.importLines(progress(context, context.parts.readLines(file), 'read'));
  return print(context, options, report, () => {
    for (const { session, messages } of report.sessions) context.terminal.out(`${sessionLine(session)}  ${messages} messages\n`);
    context.terminal.error('What was imported counts as the words of strangers: see `copaw taint list`.\n');
  });
}

/** Long work says how far it is, to a person. */
async function* progress({ terminal }: Context, lines: AsyncIterable<string>, verb: string): AsyncGenerator<string> {
  let done = 0;
  for await (const line of lines) {
    yield line;
    if (++done % 10_000 === 0 && terminal.interactive) terminal.error(`${done} lines ${verb}\n`);
  }
}

export async function remove(context: Context, id: string, options: CommonOptions & { readonly yes?: boolean; readonly reminders?: boolean }): Promise<number> {
  const { terminal } = context;
  const admin = await open(context, options);
  if (options.yes !== true) {
    const session = await admin.get(id);
    if (!terminal.interactive || options.json === true) throw new CoPawError('usage', 'There is nobody to ask.', { next: 'Say --yes.' });
    terminal.error(`${sessionLine(session)}\n`);
    const answer = (await terminal.ask('Forget it for good? [y/N]: '))?.trim().toLowerCase();
    if (answer !== 'y' && answer !== 'yes') throw new CoPawError('cancelled', 'It stays as it was.');
  }
  await admin.remove(id, { reminders: options.reminders === true });
  return print(context, options, { id, removed: true }, () => terminal.out(`${showLine(id)} is forgotten.\n`));
}

export async function change(context: Context, id: string, options: CommonOptions, what: SessionChange): Promise<number> {
  return one(context, options, await (await open(context, options)).change(id, what));
}

export async function fork(context: Context, id: string, turn: string | undefined, options: CommonOptions): Promise<number> {
  const admin = await open(context, options);
  const turnId = turn ?? (await admin.read(id, { limit: 1 })).at(-1)?.turnId;
  if (turnId === undefined) throw new CoPawError('conflict', 'Nothing was said in this conversation yet.', { retryable: false });
  return one(context, options, await admin.fork(id, turnId));
}

export async function regenerate(context: Context, id: string, options: CommonOptions & { readonly files?: boolean }): Promise<number> {
  const asked = await (await open(context, options)).regenerate(id, { files: options.files === true });
  return print(context, options, asked, () =>
    context.terminal.out(`It is asked again: turn ${asked.turnId}. The answer: copaw sessions show ${showLine(id)}\n`),
  );
}

export async function say(context: Context, id: string, words: readonly string[], options: CommonOptions): Promise<number> {
  const said = await (await open(context, options)).say(id, { text: words.join(' '), messageId: createIds(systemClock.now)('cli') });
  return print(context, options, said, () =>
    context.terminal.out(`It is on its way to ${showLine(said.to.chat)} at ${said.to.channel}/${said.to.account}. See \`copaw outbox list\`.\n`),
  );
}

function open({ parts }: Context, options: CommonOptions): Promise<SessionsAdmin> {
  return parts.sessions(readyHome(parts, options.home));
}

const one = (context: Context, options: CommonOptions, session: SessionSummary): number =>
  print(context, options, { session }, () => context.terminal.out(`${sessionLine(session)}\n`));

function oneOf<T extends string>(names: readonly T[], given: string, option: string): T {
  const found = names.find((name) => name === given);
  if (found === undefined) throw new CoPawError('usage', `${option} takes ${names.join(', ')}.`);
  return found;
}

function count(lines: string): number {
  if (!/^\d{1,3}$/u.test(lines) || Number(lines) < 1 || Number(lines) > 200) throw new CoPawError('usage', '-n takes a number from 1 to 200.');
  return Number(lines);
}

function number<Name extends string>(name: Name, option: string, given: string | undefined): { readonly [name in Name]?: number } {
  if (given === undefined) return {};
  if (!/^\d{1,15}$/u.test(given)) throw new CoPawError('usage', `${option} takes the number that was shown.`);
  return { [name]: Number(given) } as { readonly [name in Name]: number };
}

function sessionLine({ id, address, title, updatedAt, pinned, archived, copiedFrom, model, running }: SessionSummary): string {
  const marks = [pinned && 'pinned', archived && 'archived', copiedFrom && `${copiedFrom.kind} of ${copiedFrom.sessionId}`, model, running && 'working'];
  return showLine(
    [timeText(updatedAt), id, `${address.channel}/${address.account}`, ...marks.filter((mark) => mark !== undefined && mark !== false), title].join('  '),
  );
}

function messageText({ seq, at, role, sender, text, files }: SaidMessage): string {
  const who = role === 'assistant' ? 'CoPaw' : (sender?.name ?? sender?.id ?? 'You');
  const names = files.map((name) => `  file: ${showLine(name)}\n`).join('');
  return `${showLine(`${timeText(at)}  ${who}  event ${seq}`)}\n${stripControls(text).replaceAll(/^/gmu, '  ')}\n${names}`;
}

const hitText = ({ sessionId, title, seq, at, role, excerpt }: SessionHit): string =>
  `${showLine(`${timeText(at)}  ${sessionId}  event ${seq}  ${title}`)}\n  ${showLine(`${role === 'user' ? 'You' : 'CoPaw'}: ${excerpt}`)}\n`;

// `copaw backup …`: make, list, check, go back. A restore shows what it replaces, and what gives somebody a right is named and said yes to twice.
import { resolve } from 'node:path';
import { type BackupReport, type BackupsAdmin, type RestoreItem, restoreItems } from '../core/backup.ts';
import { CoPawError } from '../core/error.ts';
import type { CommonOptions, Context } from './context.ts';
import { print, timeText } from './print.ts';
import { readyHome } from './ready-home.ts';
import { showEscaped, showLine } from './text.ts';

interface PassphraseOptions extends CommonOptions {
  readonly passphraseStdin?: boolean;
}

export interface CreateOptions extends PassphraseOptions {
  readonly out?: string;
}

export interface RestoreOptions extends PassphraseOptions {
  readonly with?: string;
  readonly yes?: boolean;
}

export async function create(context: Context, options: CreateOptions): Promise<number> {
  const passphrase = await passphraseOf(context, options, true);
  const admin = await open(context, options);
  const made = await unlessStopped(context, (signal) =>
    admin.create({ ...(options.out === undefined ? {} : { out: resolve(options.out) }), ...passphrase, signal }),
  );
  return print(context, options, { backup: made }, () => {
    const { out, error } = context.terminal;
    out(`${showLine(made.path)}\n`);
    error(`${made.files} files, ${sizeText(made.bytes)}${made.encrypted ? ', encrypted' : ', not encrypted: whoever has it can read it'}.\n`);
    for (const { path, why } of made.leftOut.slice(0, mostLines)) error(`left out: ${showLine(path)}: it ${why}\n`);
    if (made.leftOut.length > mostLines) error(`and ${made.leftOut.length - mostLines} more; --json lists all\n`);
  });
}

export async function list(context: Context, options: CommonOptions): Promise<number> {
  const backups = await (await open(context, options)).list();
  return print(context, options, { backups }, () => {
    if (backups.length === 0) context.terminal.error('There is no backup yet. Make one: copaw backup create\n');
    for (const { path, kind, at, bytes } of backups)
      context.terminal.out(`${timeText(at)}  ${kind.padEnd(8)}  ${sizeText(bytes).padStart(8)}  ${showLine(path)}\n`);
  });
}

export async function verify(context: Context, file: string, options: PassphraseOptions): Promise<number> {
  const passphrase = await passphraseOf(context, options, false);
  const admin = await open(context, options);
  const report = await unlessStopped(context, (signal) => admin.verify(resolve(file), passphrase.passphrase, signal));
  return print(context, options, { backup: report }, () => context.terminal.out(describe(report)));
}

export async function restore(context: Context, file: string, options: RestoreOptions): Promise<number> {
  const { terminal } = context;
  const bring = itemsOf(options.with);
  if (options.yes !== true && (!terminal.interactive || options.json === true || options.passphraseStdin === true))
    throw new CoPawError('usage', 'There is nobody to ask.', { next: 'Look with `copaw backup verify`, then add --yes.' });
  const admin = await open(context, options);
  const path = resolve(file);
  const passphrase = await passphraseOf(context, options, false);
  const plan = await unlessStopped(context, (signal) => admin.plan(path, passphrase.passphrase, signal));
  const held = plan.held.filter(({ item }) => !bring.includes(item));
  const brought = plan.held.filter(({ item }) => bring.includes(item));
  if (options.json !== true) {
    terminal.error(describe(plan));
    for (const line of plan.replaces) terminal.error(`replaces ${showLine(line)}\n`);
    for (const { item, what } of held) terminal.error(`stays as it is now: ${showLine(what)} (bring them with --with ${item})\n`);
    for (const { item, what } of brought) terminal.error(`comes back, as you asked (${item}): ${showLine(what)}\n`);
  }
  if (options.yes !== true) {
    await agree(context, `Replace this home's data with the backup?`);
    if (bring.length > 0) await agree(context, `Bring back ${bring.join(', ')}, which give rights?`);
  }
  const restored = await unlessStopped(context, (signal) => admin.restore(path, { ...passphrase, bring, signal }));
  return print(context, options, { restored }, () => {
    terminal.out(`The backup of ${timeText(plan.at)} is in place.\n`);
    terminal.error(`What was replaced is kept in ${showLine(restored.kept)}\n`);
  });
}

const mostLines = 20;

/** Ctrl-C ends the work, which then leaves nothing half. */
async function unlessStopped<T>({ terminal }: Context, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const end = terminal.onStop(() => stop.abort(new CoPawError('cancelled', 'It was stopped, and nothing was changed.')));
  try {
    return await work(stop.signal);
  } finally {
    end();
  }
}

async function agree({ terminal }: Context, question: string): Promise<void> {
  const answer = (await terminal.ask(`${question} [y/N]: `))?.trim().toLowerCase();
  if (answer !== 'y' && answer !== 'yes') throw new CoPawError('cancelled', 'It stays as it was.');
}

function itemsOf(text: string | undefined): readonly RestoreItem[] {
  return (text ?? '').split(',').flatMap((word) => {
    if (word.trim() === '') return [];
    const item = restoreItems.find((one) => one === word.trim());
    if (!item) throw new CoPawError('usage', `"${word}" names nothing that can be brought back.`, { next: `Name some of: ${restoreItems.join(', ')}` });
    return [item];
  });
}

async function passphraseOf({ terminal }: Context, options: PassphraseOptions, fresh: boolean): Promise<{ readonly passphrase?: string }> {
  if (options.passphraseStdin !== true) return {};
  const passphrase = (await terminal.readAll()).replace(/\r?\n$/u, '');
  if (passphrase.length < (fresh ? shortest : 1))
    throw new CoPawError('usage', `The passphrase has fewer than ${shortest} characters.`, { next: 'Give a longer one on stdin.' });
  return { passphrase };
}

const shortest = 12;

function describe(report: BackupReport): string {
  const { kind, at, version, dataVersion, sessions, entries, files, madeHere, leftOut } = report;
  const lines = [
    `${kind} of ${timeText(at)}${version === undefined ? '' : `, made by CoPaw ${version}`}, data version ${dataVersion}`,
    `  ${sessions} sessions, ${entries} events${kind === 'archive' ? `, ${files} files` : ''}${leftOut.length === 0 ? '' : `, ${leftOut.length} left out`}`,
    madeHere ? '  every part is what this home wrote' : '  every part is whole; it was made by another home, or somebody else: this home cannot say by whom',
  ];
  return `${lines.map(showEscaped).join('\n')}\n`;
}

function sizeText(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

async function open({ parts }: Context, options: CommonOptions): Promise<BackupsAdmin> {
  return parts.backups(readyHome(parts, options.home));
}

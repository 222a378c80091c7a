// `copaw channels add`: sets an account up, by questions on a terminal or by options, and ends in the proof that it works or the link that failed.
import { z } from 'zod';
import { unattendedChannels } from '../core/channel-config.ts';
import type { ChannelAccount, ChannelDraft, ChannelFault, ChannelKindView, ChannelsAdmin, SecretGiven } from '../core/channels-admin.ts';
import { CoPawError } from '../core/error.ts';
import { open, runTest } from './channels.ts';
import type { CommonOptions, Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { print } from './print.ts';
import { readyHome } from './ready-home.ts';
import type { Terminal } from './terminal.ts';
import { showLine } from './text.ts';

export interface AddOptions extends CommonOptions {
  readonly set?: readonly string[];
  readonly secret?: readonly string[];
  readonly enable?: boolean;
}

/** What can be asked of one member. */
const field = z.looseObject({
  description: z.string().optional(),
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  /** The kind wants it asked for, though it may be left out. */
  asked: z.boolean().optional(),
});
type Field = z.output<typeof field> & { readonly name: string };
const shape = z.looseObject({ properties: z.record(z.string(), field).default({}), required: z.array(z.string()).default([]) });

export async function add(context: Context, given: string | undefined, name: string | undefined, options: AddOptions): Promise<number> {
  const { terminal } = context;
  const admin = await open(context, options);
  const kinds = await admin.kinds();
  const byHand = options.set === undefined && options.secret === undefined && options.json !== true && terminal.interactive;
  const kind = await chooseKind(terminal, kinds, given, byHand);
  const account = name ?? 'main';
  if (byHand) return wizard(context, admin, kind, account, options);

  const draft: ChannelDraft = {
    settings: Object.fromEntries((options.set ?? []).map(settingOf)),
    secrets: await secretsOf(terminal, kind, options.secret ?? []),
    ...(options.enable === true ? { enable: true } : {}),
  };
  const faults = await admin.add(kind.kind, account, draft);
  if (faults.length > 0) throw faulty(kind, account, faults);
  const held = Object.values(draft.secrets).every((one) => 'value' in one) ? {} : (await admin.read(kind.kind, account)).secrets;
  const missing = Object.values(held).flatMap(({ ref, set }) => (!set && 'env' in ref ? [ref.env] : []));
  return print(context, options, { channel: kind.kind, account, enabled: options.enable === true, missing }, () => {
    terminal.out(`${kind.kind}/${account} is written down.\n`);
    for (const name of missing) terminal.error(`${name} is not set where CoPaw runs: set it there, and start CoPaw again.\n`);
    terminal.error(`next: copaw channels test ${kind.kind}/${account}\n`);
  });
}

async function chooseKind(terminal: Terminal, kinds: readonly ChannelKindView[], given: string | undefined, byHand: boolean): Promise<ChannelKindView> {
  const next = `There are: ${kinds.map(({ kind }) => kind).join(', ')}.`;
  if (given === undefined && !byHand) throw new CoPawError('usage', 'Name the kind of channel.', { next });
  const chosen =
    given ??
    asked(
      await terminal.select(
        'Which channel?',
        kinds.map(({ kind, title }) => ({ value: kind, label: title })),
      ),
    );
  const found = kinds.find(({ kind }) => kind === chosen);
  if (found) return found;
  throw new CoPawError('not-found', `There is no channel "${showLine(chosen)}".`, { next });
}

async function wizard(context: Context, admin: ChannelsAdmin, kind: ChannelKindView, account: string, options: AddOptions): Promise<number> {
  const { terminal } = context;
  const { properties, required } = shape.parse(kind.settings);
  const before = await admin.read(kind.kind, account).catch((error: unknown) => {
    if (error instanceof CoPawError && error.code === 'not-found') return undefined;
    throw error;
  });
  terminal.error(`${kind.title}, account "${account}". docs/${kind.page} says where to get what is asked for.\n`);
  const settings: Record<string, unknown> = {};
  const secrets: Record<string, SecretGiven> = {};
  const ask = async (names: readonly string[]): Promise<void> => {
    for (const name of names) {
      const one: Field = { ...properties[name], name };
      if (kind.secrets.includes(name)) {
        const value = await askSecret(terminal, one, before, required.includes(name));
        if (value !== undefined) secrets[name] = { value };
      } else {
        const value = await askSetting(terminal, one, settings[name] ?? before?.settings[name]);
        if (value !== undefined) settings[name] = value;
      }
    }
  };
  const isAsked = (name: string): boolean => required.includes(name) || kind.secrets.includes(name) || properties[name]?.asked === true;
  await ask(Object.keys(properties).filter(isAsked));
  const listed = before !== undefined && before.listed.operators + before.listed.allow > 0;
  if (!listed) Object.assign(settings, await askPeople(terminal, kind));
  for (let faults = await admin.add(kind.kind, account, { settings, secrets, enable: true }); faults.length > 0; ) {
    for (const { path, message } of faults) terminal.error(`${showLine(path === '' ? message : `${path}: ${message}`)}\n`);
    const again = [...new Set(faults.map(({ path }) => path.split('.')[0] ?? ''))].filter((name) => Object.hasOwn(properties, name));
    if (again.length === 0) throw faulty(kind, account, faults);
    await ask(again);
    faults = await admin.add(kind.kind, account, { settings, secrets, enable: true });
  }
  const optional = Object.keys(properties).filter((name) => !isAsked(name));
  terminal.error(`${kind.kind}/${account} is written down and switched on.\n`);
  if (optional.length > 0)
    terminal.error(`More can be set: ${optional.join(', ')}; for example copaw channels add ${kind.kind} ${account} --set ${optional[0]}=…\n`);
  const code = await prove(context, admin, kind.kind, account, options);
  if (!listed && settings.operators === undefined && settings.allow === undefined)
    terminal.error('Nobody is let in yet. Write to it: you are given a code. Then: copaw pairing approve <code> --operator\n');
  return code;
}

/** Who is listened to, where nobody is yet. Programs are never the operator. */
async function askPeople(
  terminal: Terminal,
  { kind, title }: ChannelKindView,
): Promise<{ readonly allow?: readonly string[]; readonly operators?: readonly string[] }> {
  const program = unattendedChannels.has(kind);
  const question = program
    ? 'Ids of the senders that are listened to (with commas between)'
    : `Your own id on ${title}, if you know it (empty: write to it later, and approve the code you are given)`;
  const ids = listOf(asked(await terminal.text(question, '')));
  if (ids.length === 0) return {};
  return program ? { allow: ids } : { operators: ids };
}

const listOf = (typed: string): readonly string[] => typed.split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]));

/** The round trip, where a server runs that could make one. */
async function prove(context: Context, admin: ChannelsAdmin, channel: string, account: string, options: AddOptions): Promise<number> {
  const running = (await admin.list()).some((one) => one.channel === channel && one.account === account && one.state !== 'unknown');
  if (running) return runTest(context, admin, { channel, account }, options);
  context.terminal.error(
    `No CoPaw runs on ${readyHome(context.parts, options.home)}: start it with \`copaw start\`, then: copaw channels test ${channel}/${account}\n`,
  );
  return exitCodes.answered;
}

/** Undefined: none, or as it is. */
async function askSecret(terminal: Terminal, { name, description }: Field, before: ChannelAccount | undefined, needed: boolean): Promise<string | undefined> {
  const kept = before?.secrets[name]?.set === true;
  const empty = kept ? ' (empty: as it is)' : needed ? '' : ' (empty: none)';
  const typed = asked(await terminal.password(`${question(name, description)}${empty} – kept encrypted`)).trim();
  return typed === '' && (kept || !needed) ? undefined : typed;
}

async function askSetting(terminal: Terminal, { name, description, type, enum: values }: Field, was: unknown): Promise<unknown> {
  const message = question(name, description);
  if (values)
    return asked(
      await terminal.select(
        message,
        values.map((value) => ({ value, label: value })),
        typeof was === 'string' ? was : undefined,
      ),
    );
  if (type === 'boolean') {
    const options = [
      { value: 'true', label: 'yes' },
      { value: 'false', label: 'no' },
    ] as const;
    return asked(await terminal.select(message, options, was === true ? 'true' : 'false')) === 'true';
  }
  const list = type === 'array';
  const shown = list && Array.isArray(was) ? was.join(', ') : typeof was === 'string' ? was : was === undefined ? '' : JSON.stringify(was);
  const typed = asked(await terminal.text(list ? `${message} (with commas between)` : message, shown)).trim();
  if (typed === '') return undefined;
  if (list) return listOf(typed);
  return type === 'string' ? typed : readValue(typed);
}

const question = (name: string, description: string | undefined): string => showLine(description === undefined ? name : `${name}: ${description}`);

function asked<T>(answer: T | undefined): T {
  if (answer !== undefined) return answer;
  throw new CoPawError('cancelled', 'Stopped; nothing was written.');
}

function settingOf(text: string): readonly [string, unknown] {
  const at = text.indexOf('=');
  if (at < 1) throw new CoPawError('usage', '--set takes key=value.');
  return [text.slice(0, at), readValue(text.slice(at + 1))];
}

/** A value itself is refused, and not repeated: others can read a command line. */
async function secretsOf(terminal: Terminal, kind: ChannelKindView, given: readonly string[]): Promise<Record<string, SecretGiven>> {
  const secrets: Record<string, SecretGiven> = {};
  for (const text of given) {
    const [name = '', ...rest] = text.split('=');
    const from = rest.join('=');
    if (!kind.secrets.includes(name))
      throw new CoPawError('usage', '--secret takes key=VARIABLE, or key=- for stdin.', {
        next: `The keys of ${kind.kind} are: ${kind.secrets.join(', ') || 'none'}.`,
      });
    if (from === '-') {
      if (Object.values(secrets).some((one) => 'value' in one)) throw new CoPawError('usage', 'Only one secret can come from stdin.');
      // A line end comes from the editor or `echo`, not from whoever made the secret.
      secrets[name] = { value: (await terminal.readAll()).replace(/\r?\n$/u, '') };
    } else if (/^[A-Z_][A-Z0-9_]{0,63}$/u.test(from)) secrets[name] = { env: from };
    else
      throw new CoPawError('usage', `--secret ${name}= takes the name of an environment variable in capitals, or "-" for stdin; never the value.`, {
        next: 'If that was the value, make a new one on the platform: others can read command lines.',
      });
  }
  return secrets;
}

function faulty({ kind, title }: ChannelKindView, account: string, faults: readonly ChannelFault[]): CoPawError {
  const told = faults.map(({ path, message }) => `${['channels', kind, account, ...(path === '' ? [] : [path])].join('.')}: ${message}`);
  return new CoPawError('invalid', `${title} is not set up; nothing was written.\n${told.map(showLine).join('\n')}`, {
    next: `See what it needs: copaw channels kinds --json, or docs/channels/${kind}.md`,
  });
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

// `copaw channels …`: the kinds there are, how each account stands, switching, testing, and a message of one's own. Setting one up is channels-add.ts.
import type { ChannelState } from '../core/channel-state.ts';
import type { ChannelAccount, ChannelsAdmin, ChannelTest, LinkReport } from '../core/channels-admin.ts';
import { CoPawError } from '../core/error.ts';
import type { CommonOptions, Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { print, timeText } from './print.ts';
import { readyHome } from './ready-home.ts';
import { showLine } from './text.ts';

export interface TestOptions extends CommonOptions {
  readonly to?: string;
}

export interface SendOptions extends CommonOptions {
  readonly thread?: string;
}

interface Named {
  readonly channel: string;
  readonly account: string;
}

export async function kinds(context: Context, options: CommonOptions): Promise<number> {
  const all = await (await open(context, options)).kinds();
  return print(context, options, { kinds: all }, () => {
    for (const { kind, title, page } of all) context.terminal.out(`${kind}  ${title}  docs/${page}\n`);
    context.terminal.error('next: copaw channels add <kind>\n');
  });
}

export async function list(context: Context, options: CommonOptions): Promise<number> {
  const channels = await (await open(context, options)).list();
  return print(context, options, { channels }, () => {
    if (channels.length === 0) context.terminal.error('No channel is set up. See `copaw channels kinds`, then `copaw channels add <kind>`.\n');
    for (const one of channels) context.terminal.out(`${channelLine(one)}\n`);
  });
}

export async function status(context: Context, name: string | undefined, options: CommonOptions): Promise<number> {
  const admin = await open(context, options);
  const all = await admin.list();
  const chosen = name === undefined ? all : [await find(all, name)];
  const shown = await Promise.all(chosen.map(async (state) => ({ state, account: await admin.read(state.channel, state.account) })));
  return print(context, options, { channels: shown }, () => {
    if (chosen.some(({ state }) => state === 'unknown'))
      context.terminal.error('No CoPaw runs on this home, so nothing is connected. Start it with `copaw start`.\n');
    for (const { state, account } of shown) for (const line of [channelLine(state), ...accountLines(account)]) context.terminal.out(`${line}\n`);
  });
}

export async function restart(context: Context, name: string, options: CommonOptions): Promise<number> {
  return withAccount(context, name, options, async (admin, { channel, account }) => {
    const state = await admin.restart(channel, account);
    return print(context, options, { channel: state }, () => context.terminal.out(`${channelLine(state)}\n`));
  });
}

export async function setEnabled(context: Context, name: string, enabled: boolean, options: CommonOptions): Promise<number> {
  return withAccount(context, name, options, async (admin, { channel, account }) => {
    await admin.setEnabled(channel, account, enabled);
    return print(context, options, { channel, account, enabled }, () => {
      context.terminal.out(`${channel}/${account} is switched ${enabled ? 'on' : 'off'}.\n`);
      if (enabled) context.terminal.error(`next: copaw channels test ${channel}/${account}\n`);
    });
  });
}

export async function remove(context: Context, name: string, options: CommonOptions): Promise<number> {
  return withAccount(context, name, options, async (admin, { channel, account }) => {
    await admin.remove(channel, account);
    return print(context, options, { removed: `${channel}/${account}` }, () => context.terminal.out(`${channel}/${account} and its secrets are removed.\n`));
  });
}

export async function test(context: Context, name: string, options: TestOptions): Promise<number> {
  return withAccount(context, name, options, (admin, of) => runTest(context, admin, of, options));
}

export async function send(context: Context, name: string, chat: string, words: readonly string[], options: SendOptions): Promise<number> {
  const text = words.length === 1 && words[0] === '-' ? await context.terminal.readAll() : words.join(' ');
  if (text.trim() === '') throw new CoPawError('usage', 'There is nothing to send.');
  return withAccount(context, name, options, async (admin, { channel, account }) => {
    const receipts = await admin.send(channel, account, { chat, thread: options.thread }, text);
    return print(context, options, { receipts }, () => context.terminal.out(`Sent; its receipt is ${showLine(receipts.join(', '))}\n`));
  });
}

/** Also what `copaw channels add` ends in. */
export async function runTest(context: Context, admin: ChannelsAdmin, { channel, account }: Named, options: TestOptions): Promise<number> {
  const { terminal } = context;
  const stopping = new AbortController();
  const release = terminal.onStop(() => stopping.abort());
  try {
    if (options.json !== true) terminal.error(`Testing ${channel}/${account}; this takes a minute at most.\n`);
    const result = await admin.test(channel, account, { to: options.to, signal: stopping.signal });
    print(context, options, result, () => {
      for (const link of result.links) terminal.out(`${linkLine(link)}\n`);
    });
    return result.ok ? exitCodes.answered : exitCodes.failed;
  } finally {
    release();
  }
}

const marks: Readonly<Record<ChannelTest['links'][number]['state'], string>> = { ok: 'ok    ', failed: 'FAILED', open: 'open  ' };

function linkLine({ link, state, detail, next }: LinkReport): string {
  return showLine(`${marks[state]}  ${link}: ${withNext(detail, next)}`);
}

/** What a platform says ends in no full stop. */
const withNext = (said: string, next: string | undefined): string => (next === undefined ? said : `${said}${/[.!?…]$/u.test(said) ? '' : '.'} ${next}`);

/** One line for people. What a platform says moves no cursor. */
export function channelLine({ channel, account, state, since, downSince, lastReceivedAt, attempts, nextTryAt, lastError }: ChannelState): string {
  const why = lastError === undefined || state === 'up' ? [] : [withNext(lastError.message, lastError.next)];
  const tried = attempts === 0 || state === 'up' ? [] : [attempts === 1 ? '1 failed attempt' : `${attempts} failed attempts`];
  const details = [
    ...(downSince !== undefined
      ? [`down since ${timeText(downSince)}`]
      : state === 'unknown'
        ? ['switched on, and no CoPaw runs']
        : [`since ${timeText(since)}`]),
    ...(lastReceivedAt === undefined ? [] : [`last received ${timeText(lastReceivedAt)}`]),
    ...tried,
    ...(downSince === undefined ? [] : [nextTryAt === undefined ? 'no try planned' : `next try ${timeText(nextTryAt)}`]),
  ];
  return showLine([`${channel}/${account}  ${state}  ${details.join(', ')}`, ...why].join(': '));
}

function accountLines({ settings, secrets, listed: { allow, operators, groups } }: ChannelAccount): readonly string[] {
  return [
    ...Object.entries(settings).map(([name, value]) => `  ${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`),
    ...Object.entries(secrets).map(([name, { ref, set }]) => `  ${name}: ${'env' in ref ? `$${ref.env}` : 'in the vault'}${set ? '' : ', which has no value'}`),
    `  listened to: ${operators} of your own ids, ${allow} other people, ${groups} groups`,
  ].map(showLine);
}

/** `work` with the account of this name: "channel/account", or the channel alone where it has one account. */
async function withAccount(
  context: Context,
  name: string,
  options: CommonOptions,
  work: (admin: ChannelsAdmin, of: Named) => Promise<number>,
): Promise<number> {
  const admin = await open(context, options);
  return work(admin, await find(await admin.list(), name));
}

async function find<T extends Named>(all: readonly T[], name: string): Promise<T> {
  const [channel = '', account, ...more] = name.split('/');
  const next = 'Write it as channel/account; see `copaw channels list`.';
  if (channel === '' || account === '' || more.length > 0) throw new CoPawError('usage', `"${showLine(name)}" names no channel account.`, { next });
  const found = all.filter((one) => one.channel === channel && (account === undefined || one.account === account));
  if (found.length > 1) throw new CoPawError('usage', `"${showLine(name)}" has ${found.length} accounts.`, { next });
  if (found[0]) return found[0];
  throw new CoPawError('not-found', `There is no channel account ${showLine(name)}.`, { next: 'See `copaw channels list`.' });
}

export async function open({ parts }: Context, options: CommonOptions): Promise<ChannelsAdmin> {
  return parts.channels(readyHome(parts, options.home));
}

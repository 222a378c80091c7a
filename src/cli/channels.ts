// `copaw channels …`: how the connections of the running server's chat channels stand, and another try.
import type { ChannelState, ChannelsAdmin } from '../core/channel-state.ts';
import { CoPawError } from '../core/error.ts';
import type { CommonOptions, Context } from './context.ts';
import { print, timeText } from './print.ts';
import { readyHome } from './ready-home.ts';
import { showLine } from './text.ts';

export async function list(context: Context, options: CommonOptions): Promise<number> {
  const channels = await (await open(context, options)).list();
  return print(context, options, { channels }, () => {
    if (channels.length === 0) context.terminal.error('No channel is set up in config.json. CoPaw ships no chat channel yet.\n');
    for (const one of channels) context.terminal.out(`${channelLine(one)}\n`);
  });
}

export async function retry(context: Context, name: string, options: CommonOptions): Promise<number> {
  const [channel = '', account = '', ...more] = name.split('/');
  if (channel === '' || account === '' || more.length > 0)
    throw new CoPawError('usage', `"${name}" names no channel account.`, { next: 'Write it as channel/account; see `copaw channels list`.' });
  const state = await (await open(context, options)).retry(channel, account);
  return print(context, options, { channel: state }, () => context.terminal.out(`${channelLine(state)}\n`));
}

/** One line for people. What a platform says moves no cursor. */
export function channelLine({ channel, account, state, since, downSince, lastReceivedAt, attempts, nextTryAt, lastError }: ChannelState): string {
  const why = lastError === undefined ? [] : [[lastError.message, lastError.next].filter(Boolean).join(' ')];
  const tried = attempts === 0 ? [] : [attempts === 1 ? '1 failed attempt' : `${attempts} failed attempts`];
  const details = [
    ...(downSince === undefined ? [`since ${timeText(since)}`] : [`down since ${timeText(downSince)}`]),
    ...(lastReceivedAt === undefined ? [] : [`last received ${timeText(lastReceivedAt)}`]),
    ...tried,
    ...(downSince === undefined ? [] : [nextTryAt === undefined ? 'no try planned' : `next try ${timeText(nextTryAt)}`]),
  ];
  return showLine([`${channel}/${account}  ${state}  ${details.join(', ')}`, ...why].join(': '));
}

async function open({ parts }: Context, options: CommonOptions): Promise<ChannelsAdmin> {
  return parts.channels(readyHome(parts, options.home));
}

// Both networks of IRC as worlds of a channel, each started when it is first asked for and gone with the tests of the file.
import { afterAll } from 'vitest';
import { irc } from '../../src/channels/irc/irc.ts';
import type { ChannelWorld } from '../../src/testing/channel-world.ts';
import { type IrcNetwork, openInspircd, openIrcPlatform, openNgircd } from './irc.ts';

/** IRC has no empty lines, and where there are too many, two stand in one. */
const asShown = (text: string): string => {
  const lines = text.split('\n').map((line) => line.replaceAll('\t', ' ').trimEnd());
  return lines.filter((line) => line !== '').join(' / ');
};

export interface IrcWorlds {
  withAccounts(): Promise<IrcNetwork>;
  withNicks(): Promise<IrcNetwork>;
  readonly accounts: ChannelWorld;
  readonly nicks: ChannelWorld;
}

export function ircWorlds(): IrcWorlds {
  let inspircd: Promise<IrcNetwork> | undefined;
  let ngircd: Promise<IrcNetwork> | undefined;
  const withAccounts = (): Promise<IrcNetwork> => {
    inspircd ??= openInspircd();
    return inspircd;
  };
  const withNicks = (): Promise<IrcNetwork> => {
    ngircd ??= openNgircd();
    return ngircd;
  };
  afterAll(async () => {
    await (await inspircd)?.close();
    await (await ngircd)?.close();
  });
  return {
    ...{ withAccounts, withNicks },
    accounts: {
      ...{ kind: irc, asShown },
      can: { group: true, mention: true, bot: true, login: true },
      open: async () => openIrcPlatform(await withAccounts(), true),
    },
    nicks: {
      ...{ kind: irc, asShown },
      can: { group: true, mention: true, noIds: true },
      open: async () => openIrcPlatform(await withNicks(), false),
    },
  };
}

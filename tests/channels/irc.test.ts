// The IRC channel against real servers: InspIRCd with Atheme services, and ngIRCd.
import { afterAll } from 'vitest';
import { irc } from '../../src/channels/irc/irc.ts';
import { testChannel } from '../../src/testing/channel-suite.ts';
import type { ChannelWorld } from '../../src/testing/channel-world.ts';
import { type IrcNetwork, openInspircd, openIrcPlatform } from '../platforms/irc.ts';

let inspircd: Promise<IrcNetwork> | undefined;
const network = (): Promise<IrcNetwork> => (inspircd ??= openInspircd());
afterAll(async () => (await inspircd)?.close());

const world = {
  kind: irc,
  can: { group: true, mention: true, bot: true, login: true },
  asShown: (text) =>
    text
      .split('\n')
      .map((line) => line.replaceAll('\t', ' ').trimEnd())
      .filter((line) => line !== '')
      .map((line, index) => (index === 0 ? line : line.trimStart()))
      .join(' / '),
  open: async () => openIrcPlatform(await network(), true),
} satisfies ChannelWorld;
testChannel(world);

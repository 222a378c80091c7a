// One connection of a channel to a platform of a test, and what is left of it at the end.
import { expect } from 'vitest';
import type { Address } from '../core/address.ts';
import type { Channel, Outgoing, Sendable } from '../core/channel.ts';
import { channelSettings } from '../core/channel-kind.ts';
import { type RecordingInbox, recordingInbox, type TestHands, testHands } from './channel-hands.ts';
import type { ChannelWorld, Platform, PlatformPerson } from './channel-world.ts';

export interface ChannelRun {
  readonly channel: Channel;
  readonly inbox: RecordingInbox;
  readonly hands: TestHands;
  readonly abort: AbortController;
  /** How `start` ended: the error, or undefined where it returned. */
  readonly ended: Promise<unknown>;
  /** Resolves once it is alive; rejects with what `start` threw before. */
  up(): Promise<ChannelRun>;
}

/** Begins a connection; the platform's signed requests, where it calls us, go to `channel.webhook`. */
export function run(world: ChannelWorld, platform: Platform, settings: Readonly<Record<string, unknown>> = platform.settings): ChannelRun {
  const hands = testHands(world.kind, settings, platform.secrets);
  const channel = world.kind.open(channelSettings(world.kind, 'main', settings), hands);
  const inbox = recordingInbox();
  const abort = new AbortController();
  platform.calls?.(channel);
  const ended = channel.start(inbox, abort.signal).then(
    () => undefined,
    (error: unknown) => error,
  );
  const one: ChannelRun = {
    ...{ channel, inbox, hands, abort, ended },
    async up() {
      const early = await Promise.race([inbox.alivePromise.then(() => 'alive' as const), ended]);
      if (early !== 'alive') throw early ?? new Error('It ended before it was alive.');
      return one;
    },
  };
  return one;
}

/** Opens a platform, connects, works, stops, and looks that nothing is left: no socket, no timer, no complaint of the platform. */
export async function connected(world: ChannelWorld, work: (platform: Platform, one: ChannelRun) => Promise<void>): Promise<void> {
  const platform = await world.open();
  try {
    const one = await run(world, platform).up();
    try {
      await work(platform, one);
    } finally {
      await letGo(one);
    }
    expect(platform.complaints).toEqual([]);
    await nothingLeft(platform, one);
  } finally {
    await platform.close();
  }
}

export async function letGo(one: ChannelRun): Promise<void> {
  one.abort.abort();
  await one.channel.stop();
  await one.ended;
}

export async function nothingLeft(platform: Platform, one: ChannelRun): Promise<void> {
  await eventually(async () => expect({ open: await platform.connections(), sockets: one.hands.sockets.size }).toEqual({ open: 0, sockets: 0 }));
  expect(one.hands.timers.size).toBe(0);
}

/** Tries until it holds, ten seconds at most. */
export async function eventually(check: () => Promise<void> | void): Promise<void> {
  const end = performance.now() + 10_000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Where a person's direct chat, or the group, is. */
export function addressOf(
  world: ChannelWorld,
  platform: Platform,
  where: 'direct' | 'group' = 'direct',
  person: PlatformPerson = 'ana',
  thread?: string,
): Address {
  const place = { channel: world.kind.kind, account: 'main', chat: platform.chat(where, person), ...(thread === undefined ? {} : { thread }) };
  return where === 'direct' ? { ...place, peer: platform.ids[person] } : place;
}

/** As delivery hands it over. */
export const sendable = ({ files: _, unwritten: __, ...message }: Outgoing, files: Sendable['files'] = []): Sendable => ({
  ...message,
  ...(files.length === 0 ? {} : { files }),
});

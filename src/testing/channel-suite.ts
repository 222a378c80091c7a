// The contract of a channel as tests: whoever writes a kind gives it a world (`channel-world.ts`) and calls this once. Needs vitest beside it.
import { describe } from 'vitest';
import { testConnection } from './channel-suite-connection.ts';
import { testReceiving } from './channel-suite-receive.ts';
import { testSending } from './channel-suite-send.ts';
import type { ChannelWorld } from './channel-world.ts';

/** Registers the tests of one kind of channel. */
export function testChannel(world: ChannelWorld): void {
  describe(`the channel ${world.kind.kind}`, () => {
    testConnection(world);
    testReceiving(world);
    testSending(world);
  });
}

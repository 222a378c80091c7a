// The routes and their client carry the state of every connection.
import { expect, test } from 'vitest';
import type { ChannelState, ChannelsAdmin } from '../core/channel-state.ts';
import { CoPawError } from '../core/error.ts';
import { mountRoutes } from '../testing/mounted-routes.ts';
import { channelRoutes } from './channels.ts';
import { createRemoteChannels } from './channels-client.ts';

const up: ChannelState = { channel: 'fake', account: 'main', state: 'up', since: 1, lastReceivedAt: 5, attempts: 0 };
const refused: ChannelState = {
  ...{ channel: 'fake', account: 'second', state: 'refused', since: 2, downSince: 1, attempts: 3, nextTryAt: 9 },
  lastError: { code: 'unauthenticated', message: 'The token is not known.', next: 'Set it again.' },
};

function setUp() {
  const asked: string[] = [];
  const channels: ChannelsAdmin = {
    list: async () => [up, refused],
    async retry(channel, account) {
      asked.push(`${channel}/${account}`);
      if (account === 'gone') throw new CoPawError('not-found', 'No.');
      return refused;
    },
  };
  const mounted = mountRoutes(channelRoutes, { channels });
  return { ...mounted, remote: createRemoteChannels(mounted.ask), asked };
}

test('the client and the routes carry everything', async () => {
  const { remote, asked } = setUp();
  expect(await remote.list()).toEqual([up, refused]);
  expect(await remote.retry('fake', 'se/cond')).toEqual(refused);
  await expect(remote.retry('fake', 'gone')).rejects.toMatchObject({ code: 'not-found' });
  expect(asked).toEqual(['fake/se/cond', 'fake/gone']);
});

test('attack: without a credential nothing is said and nothing is tried', async () => {
  const { strangers, asked } = setUp();
  expect(new Set(await strangers())).toEqual(new Set([401]));
  expect(asked).toEqual([]);
});

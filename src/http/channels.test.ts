// The routes and their client carry the state of every connection.
import { expect, test } from 'vitest';
import type { Caller } from '../core/brand.ts';
import type { ChannelState, ChannelsAdmin } from '../core/channel-state.ts';
import { CoPawError } from '../core/error.ts';
import { channelRoutes } from './channels.ts';
import { createRemoteChannels } from './channels-client.ts';
import { mount } from './mount.ts';
import type { HttpParts } from './parts.ts';

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
  const app = mount(channelRoutes, { channels } as HttpParts, {
    checkHost: () => undefined,
    authenticate: async ({ headers }) =>
      headers('authorization') ? ({ kind: 'device', deviceId: 'dev_1', name: 'Test' } as Caller) : { refused: 'unauthenticated', rule: 'R6', reason: 'No.' },
    until: () => new AbortController().signal,
    redact: (text) => text,
    staticFile: async () => undefined,
  });
  const send = async (path: string, init: RequestInit = {}) => app.fetch(new Request(`http://127.0.0.1${path}`, init));
  const remote = createRemoteChannels((path, init = {}) =>
    send(path, { ...init, headers: { ...Object.fromEntries(new Headers(init.headers)), authorization: 'Bearer x' } }),
  );
  return { send, remote, asked };
}

test('the client and the routes carry everything', async () => {
  const { remote, asked } = setUp();
  expect(await remote.list()).toEqual([up, refused]);
  expect(await remote.retry('fake', 'se/cond')).toEqual(refused);
  await expect(remote.retry('fake', 'gone')).rejects.toMatchObject({ code: 'not-found' });
  expect(asked).toEqual(['fake/se/cond', 'fake/gone']);
});

test('attack: without a credential nothing is said and nothing is tried', async () => {
  const { send, asked } = setUp();
  for (const { method, path } of channelRoutes)
    expect((await send(path.replace('{channel}', 'fake').replace('{account}', 'main'), { method })).status).toBe(401);
  expect(asked).toEqual([]);
});

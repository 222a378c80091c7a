// The routes and their client carry the state of every connection, an account's setting up, and what a test found; a secret goes in and never out.
import { expect, test } from 'vitest';
import type { ChannelState } from '../core/channel-state.ts';
import type { ChannelAccount, ChannelKindView, ChannelsAdmin, ChannelTest } from '../core/channels-admin.ts';
import { CoPawError } from '../core/error.ts';
import { mountRoutes } from '../testing/mounted-routes.ts';
import { channelRoutes } from './channels.ts';
import { createRemoteChannels } from './channels-client.ts';

const up: ChannelState = { channel: 'fake', account: 'main', state: 'up', since: 1, lastReceivedAt: 5, attempts: 0 };
const refused: ChannelState = {
  ...{ channel: 'fake', account: 'second', state: 'refused', since: 2, downSince: 1, attempts: 3, nextTryAt: 9 },
  lastError: { code: 'unauthenticated', message: 'The token is not known.', next: 'Set it again.' },
};
const kind: ChannelKindView = { kind: 'fake', title: 'Fake', settings: { type: 'object', properties: {} }, secrets: ['token'], page: 'channels/fake.md' };
const account: ChannelAccount = {
  ...{ channel: 'fake', account: 'main', enabled: true, settings: { host: 'x', ports: [1] } },
  secrets: { token: { ref: { vault: 'channel-fake-main-token' }, set: true }, other: { ref: { env: 'OTHER' }, set: false } },
  listed: { allow: 1, operators: 2, groups: 0 },
};
const tested: ChannelTest = {
  ...{ channel: 'fake', account: 'main', ok: false },
  links: [
    { link: 'settings', state: 'ok', detail: 'x' },
    { link: 'secret', state: 'failed', detail: 'No.', next: 'Do.' },
    { link: 'network', state: 'open', detail: 'Not tried.' },
  ],
};

function setUp() {
  const asked: unknown[] = [];
  const admin = (by: string): ChannelsAdmin => ({
    list: async () => [up, refused],
    kinds: async () => [kind],
    async read(...given) {
      asked.push([by, 'read', ...given]);
      return account;
    },
    async add(...given) {
      asked.push([by, 'add', ...given]);
      return [{ path: 'host', message: 'This is needed.' }];
    },
    async remove(...given) {
      asked.push([by, 'remove', ...given]);
    },
    async setEnabled(...given) {
      asked.push([by, 'enabled', ...given]);
    },
    async restart(channel, name) {
      asked.push([by, 'restart', channel, name]);
      if (name === 'gone') throw new CoPawError('not-found', 'No.');
      return refused;
    },
    async test(channel, name, { to }) {
      asked.push([by, 'test', channel, name, to]);
      return tested;
    },
    async send(...given) {
      asked.push([by, 'send', ...given]);
      return ['r1', 'r2'];
    },
  });
  const mounted = mountRoutes(channelRoutes, { channels: async (by) => admin(by) });
  return { ...mounted, remote: createRemoteChannels(mounted.ask), asked };
}

test('the client and the routes carry everything, and say who acts', async () => {
  const { remote, asked } = setUp();
  const { signal } = new AbortController();
  expect(await remote.list()).toEqual([up, refused]);
  expect(await remote.kinds()).toEqual([kind]);
  expect(await remote.read('fake', 'se/cond')).toEqual(account);
  const draft = { settings: { host: 'x', gone: null }, secrets: { token: { value: 's3' }, other: { env: 'OTHER' }, third: { vault: 'v' } }, enable: true };
  expect(await remote.add('fake', 'main', draft)).toEqual([{ path: 'host', message: 'This is needed.' }]);
  await remote.remove('fake', 'main');
  await remote.setEnabled('fake', 'main', false);
  expect(await remote.restart('fake', 'second')).toEqual(refused);
  await expect(remote.restart('fake', 'gone')).rejects.toMatchObject({ code: 'not-found' });
  expect(await remote.test('fake', 'main', { signal })).toEqual(tested);
  expect(await remote.test('fake', 'main', { to: 'chat', signal })).toEqual(tested);
  expect(await remote.send('fake', 'main', { chat: 'c', thread: 't' }, 'hi')).toEqual(['r1', 'r2']);
  expect(asked).toEqual([
    ['cli:dev_1', 'read', 'fake', 'se/cond'],
    ['cli:dev_1', 'add', 'fake', 'main', draft],
    ['cli:dev_1', 'remove', 'fake', 'main'],
    ['cli:dev_1', 'enabled', 'fake', 'main', false],
    ['cli:dev_1', 'restart', 'fake', 'second'],
    ['cli:dev_1', 'restart', 'fake', 'gone'],
    ['cli:dev_1', 'test', 'fake', 'main', undefined],
    ['cli:dev_1', 'test', 'fake', 'main', 'chat'],
    ['cli:dev_1', 'send', 'fake', 'main', { chat: 'c', thread: 't' }, 'hi'],
  ]);
});

test('attack: without a credential nothing is said and nothing is tried', async () => {
  const { strangers, asked } = setUp();
  expect(new Set(await strangers())).toEqual(new Set([401]));
  expect(asked).toEqual([]);
});

// The channels of a running CoPaw over HTTP: only the server holds their connections.
import type { ChannelsAdmin } from '../core/channels-admin.ts';
import { channelAccount, channelAdded, channelAnswer, channelKinds, channelSent, channels, channelTest } from './channels-schema.ts';
import { done } from './contract.ts';
import { createAsk, type RemoteRequest } from './remote-ask.ts';

export function createRemoteChannels(request: RemoteRequest): ChannelsAdmin {
  const ask = createAsk(request);
  const one = (channel: string, account: string): string => `/api/channels/${encodeURIComponent(channel)}/${encodeURIComponent(account)}`;
  return {
    list: async () => (await ask(channels, '/api/channels')).channels,
    kinds: async () => (await ask(channelKinds, '/api/channels/kinds')).kinds,
    read: async (channel, account) => (await ask(channelAccount, one(channel, account))).account,
    add: async (channel, account, draft) => (await ask(channelAdded, one(channel, account), 'PUT', draft)).faults,
    remove: async (channel, account) => void (await ask(done, one(channel, account), 'DELETE')),
    setEnabled: async (channel, account, enabled) => void (await ask(done, `${one(channel, account)}/enabled`, 'PUT', { enabled })),
    restart: async (channel, account) => (await ask(channelAnswer, `${one(channel, account)}/restart`, 'POST')).channel,
    test: (channel, account, { to, signal }) =>
      createAsk((path, init) => request(path, { ...init, signal }))(channelTest, `${one(channel, account)}/test`, 'POST', to === undefined ? {} : { to }),
    send: async (channel, account, { chat, thread }, text) =>
      (await ask(channelSent, `${one(channel, account)}/send`, 'POST', { chat, text, ...(thread === undefined ? {} : { thread }) })).receipts,
  };
}

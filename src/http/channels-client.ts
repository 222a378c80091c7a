// The channels of a running CoPaw over HTTP: only the server holds their connections.
import type { ChannelsAdmin } from '../core/channel-state.ts';
import { channelAnswer, channels } from './channels-schema.ts';
import { createAsk, type RemoteRequest } from './remote-ask.ts';

export function createRemoteChannels(request: RemoteRequest): ChannelsAdmin {
  const ask = createAsk(request);
  return {
    list: async () => (await ask(channels, '/api/channels')).channels,
    retry: async (channel, account) =>
      (await ask(channelAnswer, `/api/channels/${encodeURIComponent(channel)}/${encodeURIComponent(account)}/retry`, 'POST')).channel,
  };
}

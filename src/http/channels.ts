// The connections of chat channels: how each stands, and another try.
import { channelAnswer, channels as channelList } from './channels-schema.ts';
import type { HttpParts } from './parts.ts';
import { route } from './route.ts';

export const channelRoutes = [
  route({
    method: 'GET',
    path: '/api/channels',
    summary: 'How the connection of each channel account stands',
    response: channelList,
    handle: async ({ channels }: HttpParts) => ({ channels: await channels.list() }),
  }),
  route({
    method: 'POST',
    path: '/api/channels/{channel}/{account}/retry',
    summary: 'Connects an account now that is down or refused',
    response: channelAnswer,
    handle: async ({ channels }: HttpParts, { param }) => ({ channel: await channels.retry(param('channel'), param('account')) }),
  }),
];

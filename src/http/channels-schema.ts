// Bodies of the routes about the connections of chat channels.
import { type output, type ZodType, z } from 'zod';
import type { ChannelState } from '../core/channel-state.ts';
import { errorCode, time } from './event-schema.ts';

const channelState = z.object({
  channel: z.string(),
  account: z.string(),
  state: z.enum(['connecting', 'up', 'down', 'refused', 'off']),
  since: time,
  downSince: time.exactOptional(),
  lastReceivedAt: time.exactOptional().describe('The last sign of life of the receive path.'),
  attempts: z.number().describe('Connections that failed in a row since the last one that held.'),
  nextTryAt: time.exactOptional(),
  lastError: z.object({ code: errorCode, message: z.string(), next: z.string().exactOptional() }).exactOptional(),
}) satisfies ZodType<ChannelState>;

export const channels = z.object({ channels: z.array(channelState) });
export type Channels = output<typeof channels>;
export const channelAnswer = z.object({ channel: channelState });

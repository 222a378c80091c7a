// Bodies of the route about tokens and cost.
import { type output, type ZodType, z } from 'zod';
import type { UsageReport } from '../core/usage.ts';
import { time } from './event-schema.ts';

const sum = {
  calls: z.number(),
  input: z.number().describe('Tokens, with the cached ones.'),
  cachedInput: z.number(),
  output: z.number(),
  cost: z.number().describe('US dollars of the calls whose price is known.'),
  seconds: z.number().exactOptional().describe('Of sound that was written down.'),
  unpriced: z.number().describe('Calls whose price is not known; the cost is without them.'),
};
const named = z.array(z.object({ name: z.string(), ...sum }));

export const usageQuery = z.strictObject({
  days: z.coerce
    .number()
    .int()
    .min(1)
    .max(3650)
    .exactOptional()
    .describe('1: the last 24 hours, by the hour; more: whole days up to today; absent: all that is kept.'),
});
export const usageReport = z.object({
  step: z.enum(['hour', 'day']),
  timezone: z.string(),
  from: time.exactOptional(),
  to: time,
  times: z.array(z.object({ at: time, ...sum })).describe('Hours or days with a call, oldest first.'),
  agents: named,
  models: named,
  channels: named.describe('Of the conversation; an empty name where there is none, or none any more.'),
  total: z.object(sum),
}) satisfies ZodType<UsageReport>;
export type UsageBody = output<typeof usageReport>;

// Bodies of the routes about learning.
import { type output, type ZodType, z } from 'zod';
import type { DreamSummary, LearningState, ShownDream } from '../core/learning.ts';
import { time } from './event-schema.ts';

const cost = z.object({ calls: z.number(), tokens: z.number(), cost: z.number().exactOptional().describe('US dollars; absent where the price is not known.') });
export const learningState = z.object({
  agentId: z.string(),
  name: z.string(),
  facts: z.boolean(),
  dreams: z.boolean(),
  model: z.string(),
  estimate: z.object({ facts: cost, dreams: cost }).describe('A day, from what was said in the last 30 days.'),
  spent: cost.describe('In the last 30 days, in all.'),
  proposed: z.number(),
}) satisfies ZodType<LearningState>;
const head = {
  id: z.string(),
  agentId: z.string(),
  at: time,
  state: z.enum(['proposed', 'applied', 'discarded', 'reverted']),
};
const dream = z.object({
  ...head,
  before: z.string(),
  after: z.string(),
  dropped: z.array(z.object({ text: z.string(), why: z.string() })),
  putBack: z.array(z.string()).describe('Lines the model left out without a reason; they stay.'),
  diff: z.string(),
}) satisfies ZodType<ShownDream>;
const summary = z.object({ ...head, added: z.number(), removed: z.number() }) satisfies ZodType<DreamSummary>;

export const learningStates = z.object({ agents: z.array(learningState) });
export type LearningStates = output<typeof learningStates>;
export const learningChange = z.strictObject({ facts: z.boolean().exactOptional(), dreams: z.boolean().exactOptional() });
export const dreams = z.object({ dreams: z.array(summary) });
export type Dreams = output<typeof dreams>;
export const dreamAnswer = z.object({ dream });
export type DreamAnswer = output<typeof dreamAnswer>;
export const newDream = z.object({ dream: dream.exactOptional() });

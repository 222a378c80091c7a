// Bodies of the routes about the life of messages.
import { type output, type ZodType, z } from 'zod';
import { origins } from '../core/address.ts';
import { type ArrivedMessage, inboxFilters, type LifeStep, type LifeTurn, type MessageLife, outboxFilters, type SentPart } from '../core/messages.ts';
import { address, time } from './event-schema.ts';

const outcome = z.enum(['answered', 'cancelled', 'refused', 'interrupted', 'failed']);
const inboxState = z.enum(['accepted', 'assigned', ...outcome.options]);
const sender = z.object({ id: z.string(), name: z.string().exactOptional(), bot: z.boolean().exactOptional(), self: z.boolean().exactOptional() });

const arrivedMessage = z.object({
  key: z.string(),
  seq: z.number().exactOptional(),
  state: inboxState,
  channel: z.string(),
  account: z.string(),
  chat: z.object({ id: z.string(), kind: z.enum(['direct', 'group']), thread: z.string().exactOptional() }),
  sender,
  kind: z.enum(['message', 'edit', 'delete', 'reaction', 'choice', 'command', 'join']),
  receivedAt: time,
  rule: z.string().exactOptional(),
  sessionId: z.string().exactOptional(),
  turnId: z.string().exactOptional(),
  nextTry: z.string().exactOptional(),
  text: z.string().describe('The beginning.'),
}) satisfies ZodType<ArrivedMessage>;

const sentPart = z.object({
  answerId: z.string(),
  part: z.number(),
  seq: z.number().exactOptional(),
  sessionId: z.string(),
  to: address,
  state: z.enum(['pending', 'sending', 'sent', 'unknown', 'dead']),
  attempts: z.number(),
  nextAt: time.exactOptional(),
  ref: z.string().exactOptional().describe("The platform's receipt."),
  text: z.string().describe('The beginning.'),
  files: z.number(),
}) satisfies ZodType<SentPart>;

const lifeStep = z.object({
  kind: z.enum(['start', 'model', 'tool', 'approval', 'notice']),
  at: time,
  endedAt: time.exactOptional(),
  name: z.string(),
  outcome: z.string().exactOptional(),
  sideEffect: z.enum(['none', 'workspace', 'outside']).exactOptional(),
  detail: z.string().exactOptional(),
}) satisfies ZodType<LifeStep>;

const lifeTurn = z.object({
  id: z.string(),
  sessionId: z.string(),
  agentId: z.string(),
  answerId: z.string(),
  origin: z.enum(origins),
  startedAt: time,
  endedAt: time.exactOptional(),
  outcome: outcome.exactOptional(),
  steps: z.array(lifeStep),
}) satisfies ZodType<LifeTurn>;

export const messageLife = z.object({
  messages: z.array(arrivedMessage),
  tries: z.array(z.object({ key: z.string(), state: inboxState, receivedAt: time })),
  noRetry: z.string().exactOptional().describe('Why the message cannot be tried again.'),
  turn: lifeTurn.exactOptional(),
  parts: z.array(sentPart),
}) satisfies ZodType<MessageLife>;

const paging = { limit: z.coerce.number().int().min(1).max(500).default(50), before: z.coerce.number().int().nonnegative().exactOptional() };
export const inboxPage = z.strictObject({ show: z.enum(inboxFilters).default('all'), ...paging });
export const outboxPage = z.strictObject({ show: z.enum(outboxFilters).default('all'), ...paging });
export const arrivedMessages = z.object({ messages: z.array(arrivedMessage) });
export type ArrivedMessages = output<typeof arrivedMessages>;
export const arrivedAnswer = z.object({ message: arrivedMessage });
export const sentParts = z.object({ parts: z.array(sentPart) });
export type SentParts = output<typeof sentParts>;
export const partRetry = z.strictObject({ evenIfSent: z.boolean().describe('True sends it also where it may have arrived already.') });
export const settling = z.strictObject({ settled: z.boolean().describe('False: it waits for the person again.') });
export const partAnswer = z.object({ part: sentPart });

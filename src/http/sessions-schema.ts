// Bodies of the routes that find, name, copy, bring in and delete conversations.
import { type output, type ZodType, z } from 'zod';
import type { SessionSummary } from '../core/operator.ts';
import { exportFormats, type ImportReport, longestSaid, type SaidMessage, type SessionHit, type SessionsFound } from '../core/sessions.ts';
import { address, time } from './event-schema.ts';

export const sessionSummary = z.object({
  id: z.string(),
  agentId: z.string(),
  address,
  title: z.string(),
  createdAt: time,
  updatedAt: time,
  pinned: z.literal(true).exactOptional(),
  archived: z.literal(true).exactOptional().describe('Put away: lists of active ones leave it out until something is said in it.'),
  copiedFrom: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('fork'), sessionId: z.string(), turnId: z.string() }),
      z.object({ kind: z.literal('import'), sessionId: z.string().describe('Its id in the file.') }),
    ])
    .exactOptional(),
  model: z.string().exactOptional().describe('"provider/model" that was chosen for it; absent: the agent\'s.'),
  running: z.boolean(),
}) satisfies ZodType<SessionSummary>;

const sessionHit = z.object({
  sessionId: z.string(),
  title: z.string(),
  seq: z.number().describe('Event id of the message.'),
  turnId: z.string(),
  at: time,
  role: z.enum(['user', 'assistant']),
  excerpt: z.string().describe('The part that holds what was looked for.'),
}) satisfies ZodType<SessionHit>;

const saidMessage = z.object({
  seq: z.number().describe('Event id.'),
  turnId: z.string(),
  at: time,
  role: z.enum(['user', 'assistant']),
  sender: z
    .object({ id: z.string(), name: z.string().exactOptional(), bot: z.boolean().exactOptional(), self: z.boolean().exactOptional() })
    .exactOptional()
    .describe('Where it was not the operator on a surface of CoPaw itself.'),
  text: z.string(),
  files: z.array(z.string()),
}) satisfies ZodType<SaidMessage>;

export const said = z.object({ messages: z.array(saidMessage) });
export const saidQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  before: z.coerce.number().int().nonnegative().exactOptional(),
  around: z.coerce.number().int().nonnegative().exactOptional().describe('Event id of a message that was found.'),
});
export const session = z.object({ session: sessionSummary });
export const searchQuery = z.strictObject({
  text: z.string().min(1).max(1000),
  limit: z.coerce.number().int().min(1).max(200).default(20),
  before: z.coerce.number().int().nonnegative().exactOptional().describe('Only messages with a lower event id: the last one of the page before.'),
});
export const sessionsFound = z.object({ titled: z.array(sessionSummary), hits: z.array(sessionHit) }) satisfies ZodType<SessionsFound>;
export type SessionsFoundBody = output<typeof sessionsFound>;
export const sessionChange = z.strictObject({
  title: z.string().max(1000).exactOptional(),
  pinned: z.boolean().exactOptional(),
  archived: z.boolean().exactOptional(),
  model: z.string().min(3).max(240).nullable().exactOptional().describe('"provider/model" that answers from now on; null: the agent\'s.'),
});
export const removeQuery = z.strictObject({
  reminders: z.enum(['true', 'false']).default('false').describe('Also where reminders wait in it; they are gone too.'),
});
const turnId = z.string().min(1).max(200);
export const forkRequest = z.strictObject({ turnId: turnId.describe('The last turn that is copied.') });
export const regenerateRequest = z.strictObject({
  turnId: turnId.exactOptional().describe('The turn that is meant; refused where it is not the last one any more.'),
  files: z.boolean().default(false).describe('Also takes back what the turn did to files.'),
});
export const sayRequest = z.strictObject({
  text: z.string().min(1).max(longestSaid),
  messageId: z.string().min(1).max(200).describe('Your own id: the same one again says nothing twice.'),
});
export const exportQuery = z.strictObject({ format: z.enum(exportFormats).default('markdown') });
export const importReport = z.object({
  sessions: z.array(z.object({ session: sessionSummary, messages: z.number() })),
  lines: z.number(),
}) satisfies ZodType<ImportReport>;
export type ImportReportBody = output<typeof importReport>;

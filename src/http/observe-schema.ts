// Bodies of the routes about the log, what happened, and which CoPaw this is.
import { type output, type ZodType, z } from 'zod';
import type { About, Licence, VulnerabilityReport } from '../core/about.ts';
import { type ActivityPage, activityOutcomes, activitySubjects } from '../core/activity.ts';
import { type LogPage, logLevels, logLine } from '../core/log-page.ts';
import { time } from './event-schema.ts';
import { auditRecord } from './security-schema.ts';

const place = z.string().regex(/^\d{1,20}\.\d{1,15}$/u);
export const logQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(200),
  level: z.enum(logLevels).default('info').describe('This one and graver ones.'),
  text: z.string().max(200).exactOptional().describe('Is in the line, in any case of letters.'),
  before: place.exactOptional().describe('Only lines written before this place.'),
  after: place.exactOptional().describe('Only lines written after this place.'),
});
export const logPage = z.object({
  entries: z.array(z.object({ place, line: logLine })).describe('Newest first.'),
  older: place.exactOptional().describe('Go on before it; absent: there are no more.'),
  newest: place.describe('What is written later comes after it.'),
}) satisfies ZodType<LogPage>;
export type LogPageBody = output<typeof logPage>;

export const activityQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  before: z.coerce.number().int().nonnegative().exactOptional(),
  subject: z.enum(activitySubjects).exactOptional(),
  outcome: z.enum(activityOutcomes).exactOptional(),
  agent: z.string().max(100).exactOptional(),
});
export const activityPage = z.object({
  records: z
    .array(
      auditRecord.omit({ mac: true }).extend({
        subject: z.enum(activitySubjects),
        outcome: z.enum(activityOutcomes),
        agentId: z.string().exactOptional(),
        sessionId: z.string().exactOptional().describe('Only of a conversation that is still there.'),
      }),
    )
    .describe('Newest first.'),
  older: z.number().exactOptional().describe('Go on before it; absent: there are no more.'),
}) satisfies ZodType<ActivityPage>;
export type ActivityBody = output<typeof activityPage>;

export const about = z.object({
  version: z.string(),
  commit: z.string(),
  node: z.string(),
  system: z.string(),
  home: z.string().describe('The directory that holds all data.'),
  database: z.number().describe('Bytes.'),
  free: z.number().describe('Bytes free where the database lies.'),
  memory: z.number().describe('Bytes in use.'),
  startedAt: time,
}) satisfies ZodType<About>;
export type AboutBody = output<typeof about>;
const licence = z.object({ name: z.string(), version: z.string(), licence: z.string(), text: z.string() }) satisfies ZodType<Licence>;
export const licences = z.object({ packages: z.array(licence) });
export type Licences = output<typeof licences>;
export const vulnerabilityReport = z.object({
  markdown: z.string(),
  complete: z.boolean(),
  missing: z.array(z.string()),
  problems: z.array(z.string()),
}) satisfies ZodType<VulnerabilityReport>;
export type ReportBody = output<typeof vulnerabilityReport>;

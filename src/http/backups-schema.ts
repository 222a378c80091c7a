// Bodies of the routes of backups.
import { type output, type ZodType, z } from 'zod';
import {
  type BackupMade,
  type BackupReport,
  type BackupSchedule,
  type BackupSummary,
  type BackupWork,
  type RestoreOffer,
  restoreItems,
} from '../core/backup.ts';
import { time } from './event-schema.ts';

const kind = z
  .enum(['archive', 'database', 'upgrade'])
  .describe('A file with everything but secrets; a copy of the database; one made before a new data version.');
const leftOut = z.array(z.object({ path: z.string(), why: z.string().describe('Completes "it …".') }));
const summary = z.object({
  name: z.string().describe('What the other routes take.'),
  path: z.string(),
  kind,
  at: time,
  bytes: z.number(),
  encrypted: z.boolean(),
}) satisfies ZodType<BackupSummary>;
const schedule = z.object({
  days: z.number(),
  weeks: z.number(),
  nextAt: time.exactOptional().describe('Absent while nothing was written since the last one.'),
  problem: z.string().exactOptional().describe('Why the last try came to nothing.'),
}) satisfies ZodType<BackupSchedule>;
const made = summary.extend({ files: z.number(), leftOut }) satisfies ZodType<BackupMade>;
const work = z.object({
  startedAt: time,
  state: z.enum(['running', 'done', 'failed']),
  step: z.enum(['database', 'files', 'packing', 'writing']),
  files: z.number().describe('Read so far.'),
  made: made.exactOptional(),
  problem: z.object({ message: z.string(), next: z.string().exactOptional() }).exactOptional(),
}) satisfies ZodType<BackupWork>;
const report = z.object({
  kind,
  madeHere: z.boolean().describe('This home signed it, or it lies among its own backups.'),
  at: time,
  version: z.string().exactOptional(),
  dataVersion: z.number(),
  sessions: z.number(),
  entries: z.number(),
  files: z.number(),
  leftOut,
}) satisfies ZodType<BackupReport>;

export const backups = z.object({
  backups: z.array(summary).describe('Newest first.'),
  schedule,
  work: work.exactOptional().describe('The one that was asked for last.'),
});
export type Backups = output<typeof backups>;
export const backupCreate = z.strictObject({
  passphrase: z.string().min(12).max(1_000).exactOptional().describe('Encrypts it; without this passphrase nobody opens it again.'),
});
export const backupWork = z.object({ work });
export const backupLook = z.strictObject({ passphrase: z.string().min(1).max(1_000).exactOptional().describe('Of one that is encrypted.') });
export const backupReport = z.object({ backup: report });
export type BackupReportBody = output<typeof backupReport>;
const offer = report.extend({
  replaces: z.array(z.string()),
  held: z.array(z.object({ item: z.enum(restoreItems), count: z.number(), what: z.string() })).describe('Stays as it is now unless it is named with `--with`.'),
  command: z.string().describe('Goes back, once CoPaw was stopped.'),
}) satisfies ZodType<RestoreOffer>;
export const restoreOffer = z.object({ plan: offer });
export type RestoreOfferBody = output<typeof restoreOffer>;

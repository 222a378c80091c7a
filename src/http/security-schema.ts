// Bodies of the security routes: devices, secrets (values go in and never out), audit records, reviews.
import { type input, type output, type ZodType, z } from 'zod';
import type { AuditRecord } from '../core/audit.ts';
import { longestSecret, type SecretSummary, secretUse } from '../core/secret.ts';
import { type AuditVerdict, type DeviceSummary, type Review, type ReviewFinding, severities } from '../core/security.ts';
import { time } from './event-schema.ts';
import { devicePush } from './push-schema.ts';

export const device = z.object({ id: z.string(), name: z.string(), createdAt: time, seenAt: time, push: devicePush }) satisfies ZodType<DeviceSummary>;
export const devices = z.object({ devices: z.array(device), current: z.string().describe('The id of the device that asks.') });
export type Devices = output<typeof devices>;

const summary = z.object({ name: z.string(), use: secretUse.exactOptional() }) satisfies ZodType<SecretSummary>;
export const secrets = z.object({ secrets: z.array(summary) });
export type SecretsList = output<typeof secrets>;
export const secretRequest = z.strictObject({
  value: z.string().min(1).max(longestSecret).describe('It is never answered back.'),
  use: secretUse.exactOptional(),
});

/** As it is sent: what has a default may be left out. */
export type SecretBody = input<typeof secretRequest>;

export const auditPage = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  after: z.coerce.number().int().nonnegative().exactOptional().describe('What follows this number; absent: the newest.'),
  kind: z.string().max(100).exactOptional(),
});
export const auditRecord = z.object({
  seq: z.number(),
  at: time,
  kind: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  mac: z.string(),
}) satisfies ZodType<AuditRecord>;
export const auditRecords = z.object({ records: z.array(auditRecord) });
export const auditVerdict = z.object({ ok: z.boolean(), records: z.number(), brokenAt: z.number().exactOptional() }) satisfies ZodType<AuditVerdict>;
export type AuditVerdictBody = output<typeof auditVerdict>;

export const reviewRequest = z.strictObject({ fix: z.boolean().default(false), keep: z.boolean().default(false) });
const finding = z.object({
  id: z.string(),
  severity: z.enum(severities),
  what: z.string(),
  where: z.string(),
  why: z.string(),
  fix: z.string(),
  fixable: z.boolean(),
}) satisfies ZodType<ReviewFinding>;
export const review = z.object({
  at: time,
  findings: z.array(finding),
  fixed: z.array(z.string()),
  since: z.object({ at: time, added: z.array(z.string()), gone: z.array(z.string()) }).exactOptional(),
}) satisfies ZodType<Review>;
export type ReviewBody = output<typeof review>;

export const configChange = z.strictObject({ path: z.array(z.union([z.string(), z.int().nonnegative()])).min(1), value: z.unknown().optional() });
export const configChanges = z.strictObject({
  changes: z.array(configChange).min(1).max(100).describe('A change without a value returns the key to its default.'),
});

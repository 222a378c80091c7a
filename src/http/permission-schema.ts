// Zod schemas of the policy as an operator sees and changes it. They mirror src/core/permissions.ts; the compiler holds them to it.
import { type output, type ZodType, z } from 'zod';
import { origins } from '../core/address.ts';
import { policyRule } from '../core/config.ts';
import type { PermissionCell, PermissionPreview, PermissionTable } from '../core/permissions.ts';
import type { Grant } from '../core/policy.ts';
import type { StandingRule } from '../core/standing-rules.ts';
import type { TaintReport } from '../core/taint.ts';
import { type EffectRow, verdictTable } from '../core/verdict-table.ts';

const text = z.string().min(1).max(200);
const verdict = z.enum(['allow', 'ask', 'deny']);
const origin = z.enum(origins);
const effect = z.enum(Object.keys(verdictTable) as EffectRow[]);
const cell = z.object({
  verdict,
  reason: z.string(),
  rule: z.string(),
  because: z.array(z.object({ by: z.enum(['table', 'rule', 'grant', 'taint', 'loop', 'setting']), detail: z.string() })),
}) satisfies ZodType<PermissionCell>;
const row = z.object({ effect, says: z.string(), own: z.boolean().exactOptional(), grant: z.string().exactOptional() });
const standing = z.object({ at: z.string(), rule: policyRule }) satisfies ZodType<StandingRule>;

export const permissionQuery = z.strictObject({
  agent: text.exactOptional(),
  channel: text.exactOptional(),
  account: text.exactOptional(),
  tool: text.exactOptional(),
});
export const permissionTable = z.object({
  agentId: z.string(),
  agents: z.array(z.object({ id: z.string(), name: z.string() })),
  tools: z.array(z.string()),
  sandbox: z.object({ kind: z.string(), reason: z.string().exactOptional() }),
  rows: z.array(row.extend({ cells: z.object({ operator: cell, direct: cell, group: cell, unattended: cell }) })),
  rules: z.array(standing),
}) satisfies ZodType<PermissionTable>;
export const previewQuery = permissionQuery.extend({ origin, tainted: z.enum(['true', 'false']).exactOptional() });
export const permissionPreview = z.object({
  agentId: z.string(),
  origin,
  tainted: z.boolean(),
  rows: z.array(row.extend(cell.shape)),
}) satisfies ZodType<PermissionPreview>;
export const rulesRequest = z.strictObject({
  agent: text.exactOptional().describe('Absent: the rules of every agent.'),
  rules: z.array(policyRule).max(500),
});
export const rulesResponse = z.object({ rules: z.array(standing) });

const grant = z.object({
  id: z.string(),
  agentId: z.string(),
  scope: z.enum(['task', 'always']),
  template: z.string(),
  turnId: z.string().exactOptional(),
  createdAt: z.number(),
}) satisfies ZodType<Grant>;
export const grants = z.object({ grants: z.array(grant) });
export type Grants = output<typeof grants>;

export const taintReport = z.object({
  sessions: z.array(z.object({ id: z.string(), agentId: z.string(), title: z.string(), updatedAt: z.number() })),
  files: z.array(z.object({ agentId: z.string(), path: z.string(), sha256: z.string(), sessionId: z.string(), at: z.number() })),
}) satisfies ZodType<TaintReport>;
export const taintClear = z.union([z.strictObject({ session: text }), z.strictObject({ agent: text, path: z.string().min(1).max(4096) })]);

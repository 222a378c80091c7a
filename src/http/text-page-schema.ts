// Bodies about one file of a workspace as text.
import { type output, type ZodType, z } from 'zod';
import type { Kept, TextDraft, TextPage } from '../core/text-page.ts';

export const undoId = z.string().exactOptional().describe('POST /api/undo with it takes the change back.');
export const textPage = z.object({
  agentId: z.string(),
  path: z.string(),
  text: z.string(),
  hash: z.string().describe('To be sent with a change.'),
  modifiedAt: z.number(),
  fixed: z.enum(['secret', 'encoding']).exactOptional().describe('Why it cannot be changed from here.'),
  tainted: z.boolean(),
}) satisfies ZodType<TextPage>;
export const textDraft = z.strictObject({
  path: z.string().min(1).max(1000),
  text: z.string().max(600_000),
  hash: z.string().max(100).describe('Of what it replaces; "absent" for a new file.'),
}) satisfies ZodType<TextDraft>;
export const textSaved = z.object({ hash: z.string(), undoId }) satisfies ZodType<Kept & { hash: string }>;

export type TextPageBody = output<typeof textPage>;
export type TextDraftBody = output<typeof textDraft>;
export type TextSavedBody = output<typeof textSaved>;

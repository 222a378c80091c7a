// Bodies of the routes that take back what turns did to files.
import { type output, type ZodType, z } from 'zod';
import type { ChangedTurn, UndoneFile, UndoReport } from '../core/undo.ts';
import { time } from './event-schema.ts';

const changedTurn = z.object({
  turnId: z.string(),
  agentId: z.string(),
  sessionId: z.string(),
  at: time,
  paths: z.array(z.string()).describe('At most 20 are named.'),
  files: z.number().describe('How many paths it changed.'),
  undoes: z.string().exactOptional().describe('This is an undo, of that turn.'),
  undoneBy: z.string().exactOptional(),
}) satisfies ZodType<ChangedTurn>;
const undoneFile = z.object({
  path: z.string(),
  result: z.enum(['restored', 'removed', 'same', 'left']),
  why: z.enum(['changed-since', 'changed-during', 'not-kept', 'gone', 'refused']).exactOptional(),
  detail: z.string().exactOptional(),
}) satisfies ZodType<UndoneFile>;

export const changedTurns = z.object({ turns: z.array(changedTurn) });
export const changedTurnsQuery = z.strictObject({
  session: z.string().max(200).exactOptional(),
  limit: z.coerce.number().int().min(1).max(1000).default(50),
});
export const undoRequest = z.strictObject({
  turnId: z.string().min(1).max(200).describe('A turn, or an undo.'),
  force: z.boolean().default(false).describe('Also where somebody changed the file since; what is there is kept first.'),
  dryRun: z.boolean().default(false).describe('Only says what would be done.'),
});
export const undoReport = z.object({
  turnId: z.string(),
  agentId: z.string(),
  sessionId: z.string(),
  undoId: z.string().exactOptional().describe('Undoing this takes the undo back.'),
  dryRun: z.boolean(),
  files: z.array(undoneFile),
  commands: z.boolean().describe('The turn ran commands; what those did to files is not undone.'),
}) satisfies ZodType<UndoReport>;
export type UndoReportBody = output<typeof undoReport>;

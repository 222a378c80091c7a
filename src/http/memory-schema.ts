// Bodies of the routes about memory.
import { type output, type ZodType, z } from 'zod';
import { origins } from '../core/address.ts';
import type { ForgottenNote, LeftNote, MemoryFinding, MemoryHit, Provenance } from '../core/memory.ts';
import type { MemoryFile, MemoryStats, SessionSight } from '../core/memory-admin.ts';
import type { Kept } from '../core/text-page.ts';
import { time } from './event-schema.ts';
import { textDraft, undoId } from './text-page-schema.ts';

const agent = z.string().max(200).exactOptional().describe('Else the agent that answers.');
const path = z.string().min(1).max(1000).describe('MEMORY.md, PROFILE.md or a file below memory/.');
const lines = z.tuple([z.number(), z.number()]).readonly().describe('From 1, inclusive.');
const cell = z.enum(['allow', 'ask', 'deny']);

const leftNote = z.object({ path: z.string(), bytes: z.number(), why: z.enum(['too-large', 'unreadable']) }) satisfies ZodType<LeftNote>;
const provenance = z.object({
  sessionId: z.string().exactOptional(),
  messageId: z.string().exactOptional(),
  by: z.enum(['agent', 'person', 'learned']),
  at: time,
}) satisfies ZodType<Provenance>;
const hit = z.object({
  path: z.string(),
  lines,
  text: z.string(),
  score: z.number(),
  headings: z.array(z.string()).readonly().exactOptional(),
  day: z.string().exactOptional().describe('The day it speaks of.'),
  superseded: z.string().exactOptional().describe('The day it was replaced.'),
  source: provenance.exactOptional(),
}) satisfies ZodType<MemoryHit>;
const file = z.object({
  path: z.string(),
  bytes: z.number(),
  modifiedAt: time,
  state: z.enum(['indexed', 'too-large', 'unreadable']),
}) satisfies ZodType<MemoryFile>;

export const memoryQuery = z.strictObject({ agent });
export const memoryList = z.object({ agentId: z.string(), files: z.array(file) });
export const memoryStats = z.object({
  agentId: z.string(),
  files: z.number(),
  bytes: z.number(),
  left: z.array(leftNote).describe('Notes that no search looks into.'),
  followed: z.boolean().describe('Changes are seen as they happen; else each search compares all files.'),
  digest: z.object({ bytes: z.number(), most: z.number(), leftNotes: z.number(), leftBytes: z.number() }).describe('MEMORY.md in the prompt.'),
}) satisfies ZodType<MemoryStats>;
export const memorySearchQuery = z.strictObject({ agent, q: z.string().min(1).max(1000), limit: z.coerce.number().int().min(1).max(100).default(20) });
export const memoryFinding = z.object({
  hits: z.array(hit),
  read: z
    .object({ days: z.tuple([z.string(), z.string()]).readonly().exactOptional(), corrected: z.record(z.string(), z.string()).exactOptional() })
    .exactOptional()
    .describe('How the question was read.'),
  left: z.array(leftNote).exactOptional(),
}) satisfies ZodType<MemoryFinding>;
export const memoryFileQuery = z.strictObject({ agent, path });
export const memorySave = textDraft.extend({ agent, path });
export const memoryForget = z.strictObject({
  agent,
  path,
  note: z.string().min(1).max(10_000).describe('Its text or a unique part of it, its lines as "3" or "3-4", or "*" for the whole file.'),
});
export const memoryForgotten = z.object({
  path: z.string(),
  text: z.string(),
  lines: lines.exactOptional(),
  trash: z.string(),
  undoId,
}) satisfies ZodType<Kept & ForgottenNote>;
const sight = z.object({
  sessionId: z.string(),
  agentId: z.string(),
  title: z.string(),
  memory: cell.describe('Private memory: MEMORY.md and PROFILE.md in the prompt, and the memory tools.'),
  files: z.enum(['allow', 'ask', 'deny', 'own']).describe('Files of the workspace; own: those of the group alone.'),
  commands: cell,
  why: z.union([z.enum(origins), z.object({ rule: z.string() })]).describe('Who speaks there, or the rule that decided.'),
}) satisfies ZodType<SessionSight>;
export const memorySight = sight;
export const memorySightQuery = z.strictObject({ session: z.string().min(1).max(200) });
export const memorySights = z.object({ sessions: z.array(sight) });
export const memorySightsQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(50) });

export type MemoryListBody = output<typeof memoryList>;
export type MemoryStatsBody = output<typeof memoryStats>;
export type MemoryFindingBody = output<typeof memoryFinding>;
export type MemoryForgottenBody = output<typeof memoryForgotten>;
export type MemorySightBody = output<typeof memorySight>;
export type MemorySightsBody = output<typeof memorySights>;

// Bodies of the routes about agents. They mirror src/core/agents.ts; the compiler holds them to it.
import { type output, type ZodType, z } from 'zod';
import type { AgentReport, PersonaFile } from '../core/agents.ts';
import type { SandboxSettings } from '../core/config.ts';
import { time } from './event-schema.ts';

const file = z.object({
  path: z.string(),
  bytes: z.number().exactOptional().describe('Absent where there is no such file.'),
  modifiedAt: time.exactOptional(),
  seenBy: z.array(z.enum(['private', 'shared', 'group'])).describe('Prompts it stands in: your own, without private memory, in groups.'),
  cut: z.boolean().describe('Longer than a prompt takes.'),
}) satisfies ZodType<PersonaFile>;
const hosts = z.array(z.string());
const reach = {
  readOnly: hosts,
  writable: hosts,
  network: z.object({ hosts, privateHosts: hosts, unasked: z.boolean() }).exactOptional().describe('All that a command with network reaches.'),
};
const agent = z.object({
  id: z.string(),
  name: z.string(),
  isDefault: z.boolean(),
  model: z.string(),
  modelProblem: z.string().exactOptional(),
  ownModel: z.string().exactOptional().describe('Absent: the default of all.'),
  files: z.array(file),
  sandbox: z.object({ kind: z.string(), reason: z.string().exactOptional(), ...(reach satisfies Record<keyof SandboxSettings, ZodType>) }),
}) satisfies ZodType<AgentReport>;

export const agents = z.object({ agents: z.array(agent), models: z.array(z.string()) });
export const agentAnswer = z.object({ agent });
export const agentChange = z.strictObject({
  name: z.string().trim().min(1).max(80).exactOptional(),
  model: z.string().min(3).max(240).nullable().exactOptional().describe('"provider/model"; null: the default of all.'),
});
export const agentFileQuery = z.strictObject({ path: z.string().min(1).max(1000) });

export type Agents = output<typeof agents>;
export type AgentAnswer = output<typeof agentAnswer>;
export type AgentChange = output<typeof agentChange>;

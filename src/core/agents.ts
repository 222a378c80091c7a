// The agents as the operator sees and changes them: who they are, what they are told of themselves, which model answers.
import type { SandboxSettings } from './config.ts';
import type { Kept, TextDraft, TextPage } from './text-page.ts';

/** Conversations by what their prompt may hold: the operator's own, those without private memory, groups. */
export type PromptKind = 'private' | 'shared' | 'group';

/** A file that the prompt is made from. */
export interface PersonaFile {
  readonly path: string;
  /** Absent where there is no such file. */
  readonly bytes?: number;
  readonly modifiedAt?: number;
  /** In which prompts it stands. */
  readonly seenBy: readonly PromptKind[];
  /** Longer than a prompt takes: the rest is left out. */
  readonly cut: boolean;
}

export interface AgentReport {
  readonly id: string;
  readonly name: string;
  /** Answers where nothing else is said. */
  readonly isDefault: boolean;
  /** "provider/model" that answers; with `modelProblem` it cannot. */
  readonly model: string;
  readonly modelProblem?: string;
  /** Chosen for this agent; absent: the default of all. */
  readonly ownModel?: string;
  readonly files: readonly PersonaFile[];
  /** "full", "no-proc", "none" or "off"; `reason` says what is missing. Then what its commands reach. */
  readonly sandbox: { readonly kind: string; readonly reason?: string } & SandboxSettings;
}

/** `not-found` for an agent that is none, `path-refused` for a file that no prompt is made from. */
export interface AgentsAdmin {
  /** With the models that are configured, as "provider/model". */
  list(): Promise<{ readonly agents: readonly AgentReport[]; readonly models: readonly string[] }>;
  /** `model: null` is the default of all. `invalid` for a model that is not configured. */
  change(id: string, change: { readonly name?: string; readonly model?: string | null }): Promise<AgentReport>;
  show(id: string, path: string): Promise<TextPage>;
  save(id: string, draft: TextDraft): Promise<Kept & { readonly hash: string }>;
}

/** How an agent is called where its id alone would not say enough. */
export function agentLabel({ id, name }: Pick<AgentReport, 'id' | 'name'>): string {
  return name.toLowerCase() === id ? name : `${name} (${id})`;
}

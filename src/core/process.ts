// The process door's contract: commands as they were judged, run under its caps.
import type { Secret } from './secret.ts';
import type { CommandNetwork, CommandState } from './tool.ts';

export interface ProcessPlan {
  /** Absolute host path. */
  readonly workspace: string;
  /** Relative to the workspace. */
  readonly cwd: string;
  /** Exactly one of the two; `argv` runs without a shell. */
  readonly argv?: readonly string[];
  readonly command?: string;
  readonly network: boolean;
  readonly sandboxed: boolean;
  /** With `network` and `sandboxed`: the hosts it reaches, and nothing else. Absent: everything. */
  readonly hosts?: CommandNetwork;
  /** Host directories beside the workspace; absent: none. What must never be bound is left out. */
  readonly folders?: { readonly readOnly: readonly string[]; readonly writable: readonly string[] };
  readonly timeoutMs: number;
  /** More of its environment, for this one process. */
  readonly secrets?: Readonly<Record<string, Secret>>;
}

export interface ProcessDoor {
  /** Waits for the end. A signal that aborts ends the command as "killed". */
  run(plan: ProcessPlan, signal: AbortSignal, onOutput?: (text: string) => void): Promise<CommandState>;
  /** Runs in the background until `timeoutMs`. */
  start(plan: ProcessPlan): CommandState;
  /** Throws not-found for an id that is unknown or forgotten. */
  poll(id: string): CommandState;
  /** Resolves when every process of the command is gone. */
  kill(id: string): Promise<CommandState>;
  stopAll(): Promise<void>;
}

/** full: everything holds. no-proc: the same without /proc, as inside containers. seatbelt: that of macOS. none: no sandbox. `reason` says what is missing. */
export type SandboxState = { readonly kind: 'full' | 'no-proc' | 'seatbelt' | 'none'; readonly reason?: string };

// The process door's contract: commands as they were judged, run under its caps.
import type { CommandState } from './tool.ts';

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
  readonly timeoutMs: number;
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

/** full: everything holds. no-proc: the same without /proc, as inside containers. none: no sandbox. `reason` says what is missing. */
export type SandboxState = { readonly kind: 'full' | 'no-proc' | 'none'; readonly reason?: string };

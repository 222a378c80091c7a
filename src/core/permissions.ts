// What an operator can see and change of the policy: the table as the judge applies it, rules, standing grants, taint.
import type { Origin } from './address.ts';
import type { PolicyRule } from './config.ts';
import type { Because, Grant } from './policy.ts';
import type { StandingRule } from './standing-rules.ts';
import type { TaintReport } from './taint.ts';
import type { Cell, EffectRow } from './verdict-table.ts';

/** Who would ask, and where. Absent: the first agent; a channel no rule names; any tool. */
export interface PermissionQuery {
  readonly agentId?: string;
  readonly channel?: string;
  readonly account?: string;
  readonly tool?: string;
}

export interface PermissionCell {
  readonly verdict: Cell;
  /** One sentence; empty where it is allowed. */
  readonly reason: string;
  /** Boundary rule of a deny, for example "R14". */
  readonly rule: string;
  readonly because: readonly Because[];
}

export interface PermissionRow {
  readonly effect: EffectRow;
  /** What a call of this row does. */
  readonly says: string;
  /** Only in a group: inside the group's own folder. */
  readonly own?: boolean;
  /** A standing grant this row was judged with, instead of a sample. */
  readonly grant?: string;
}

export interface PermissionTable {
  readonly agentId: string;
  readonly agents: readonly { readonly id: string; readonly name: string }[];
  /** Tools a rule can name. */
  readonly tools: readonly string[];
  /** "full", "no-proc", "none" or "off"; `reason` says what is missing. */
  readonly sandbox: { readonly kind: string; readonly reason?: string };
  readonly rows: readonly (PermissionRow & { readonly cells: Readonly<Record<Origin, PermissionCell>> })[];
  readonly rules: readonly StandingRule[];
}

export interface PermissionPreview {
  readonly agentId: string;
  readonly origin: Origin;
  readonly tainted: boolean;
  readonly rows: readonly (PermissionRow & PermissionCell)[];
}

export interface PermissionsAdmin {
  /** Rejects with `not-found` for an agent that is not configured. */
  table(query: PermissionQuery): Promise<PermissionTable>;
  preview(query: PermissionQuery & { readonly origin: Origin; readonly tainted?: boolean }): Promise<PermissionPreview>;
  /** Replaces the rules of an agent, or of all where none is named. Rejects with `invalid` for an effect that is no row. */
  setRules(agentId: string | undefined, rules: readonly PolicyRule[]): Promise<readonly StandingRule[]>;
  grants(): Promise<readonly Grant[]>;
  /** Rejects with `not-found`. */
  revoke(grantId: string): Promise<void>;
  taint(): Promise<TaintReport>;
  /** Of a session, or of a path and all below it. Rejects with `not-found` where there is no mark. */
  clearTaint(what: { readonly sessionId: string } | { readonly agentId: string; readonly path: string }): Promise<void>;
}

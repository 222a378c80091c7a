// What the gate is asked and what it answers. An approval binds to the digest of one stored plan: shown, checked and executed are the same object (R15).
import type { Origin, Sender } from './address.ts';
import type { JudgedPlan } from './brand.ts';
import type { Effect, Place, SideEffect } from './tool.ts';

export interface PolicyRequest {
  readonly tool: { readonly name: string; readonly sideEffect: SideEffect };
  /** Parsed arguments, plain JSON. */
  readonly args: unknown;
  readonly effects: readonly Effect[];
  readonly place: Place;
  readonly origin: Origin;
  readonly sender: Sender;
  /** Untrusted text is in the session's context: sends elsewhere, uploads and secrets ask even where they were allowed. */
  readonly tainted: boolean;
  /** Whether this URL stands verbatim in a person's message, a fetched page or a search result of this session. */
  readonly seenUrl: (url: string) => boolean;
  /** The loop guard wants a person to look (same call three times). */
  readonly repeated?: boolean;
}

/** What made a verdict: a cell of the table, a rule of config.json by its place, a grant by its template, taint, the loop guard, or a setting. */
export interface Because {
  readonly by: 'table' | 'rule' | 'grant' | 'taint' | 'loop' | 'setting';
  readonly detail: string;
}

/** Everything an approval binds to. Plain JSON; `digest` is the sha256 over the canonical form of all other members. */
export interface Plan {
  readonly id: string;
  readonly digest: string;
  readonly tool: string;
  readonly sideEffect: SideEffect;
  readonly args: unknown;
  readonly effects: readonly Effect[];
  readonly place: Place;
  readonly origin: Origin;
  readonly senderId: string;
  /** The resolved executable and the script file it names, with their sha256. */
  readonly executables: readonly { readonly path: string; readonly sha256: string }[];
  /** Name of the sandbox profile the commands of this plan run under; "none" where there is no sandbox. */
  readonly sandbox: string;
  readonly policyVersion: string;
  readonly nonce: string;
}

/** Whether a command would run in a sandbox: both the tool and this machine must say so. */
export function isSandboxed(effect: Extract<Effect, { kind: 'run' }>, { place }: Pick<Plan, 'place'>): boolean {
  return effect.sandboxed && place.sandbox;
}

/** Whether a command would have network, and only to the hosts the operator listed for it. */
export function isListedNetwork(effect: Extract<Effect, { kind: 'run' }>, { place }: Pick<Plan, 'place'>): boolean {
  return effect.network && place.network !== undefined && isSandboxed(effect, { place });
}

/** How long a yes lasts. once: this plan. task: this tool call template until the turn ends. always: this exact argv template or host. */
export type GrantScope = 'once' | 'task' | 'always';

export type Verdict =
  | { readonly verdict: 'allow'; readonly plan: JudgedPlan }
  | { readonly verdict: 'ask'; readonly plan: Plan; readonly reason: string; readonly scopes: readonly GrantScope[]; readonly warnings: readonly string[] }
  | { readonly verdict: 'deny'; readonly rule: string; readonly reason: string };

/** A required argument wherever tools run. A throw, a hang or a missing answer counts as deny. */
export interface PolicyGate {
  check(request: PolicyRequest): Promise<Verdict>;
  /** After a person's answer: recomputes the digest, hashes the executables again, matches the stored approval. Anything else is deny. */
  confirm(plan: Plan, approvalId: string): Promise<Verdict>;
}

/** A standing yes, revocable. */
export interface Grant {
  readonly id: string;
  readonly agentId: string;
  readonly scope: 'task' | 'always';
  /** Canonical text of what is allowed, for example `argv ["wget","-q"]` or `host docs.python.org`. Shown to people as is. */
  readonly template: string;
  /** Only for `task`. */
  readonly turnId?: string;
  readonly createdAt: number;
}

export type ApprovalDecision = GrantScope | 'deny';

export interface Approval {
  readonly id: string;
  readonly plan: Plan;
  readonly reason: string;
  readonly scopes: readonly GrantScope[];
  readonly warnings: readonly string[];
  readonly state: 'pending' | 'approved' | 'denied' | 'expired';
  readonly decision?: ApprovalDecision;
  /** Who answered, for example "console:device-id". */
  readonly answeredBy?: string;
  readonly askedAt: number;
  readonly expiresAt: number;
}

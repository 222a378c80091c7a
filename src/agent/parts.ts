// What the agent room is handed. Every power is an argument; nothing here is optional by accident.
import type { Origin, Sender } from '../core/address.ts';
import type { JudgedPlan } from '../core/brand.ts';
import type { Outgoing } from '../core/channel.ts';
import type { Compaction } from '../core/compaction.ts';
import type { Files } from '../core/files.ts';
import type { Attachment } from '../core/inbound.ts';
import type { Transition } from '../core/journal.ts';
import type { Log } from '../core/log.ts';
import type { ReadyModel, Usage } from '../core/model.ts';
import type { ApprovalDecision, PolicyGate, Verdict } from '../core/policy.ts';
import type { Redact } from '../core/secret.ts';
import type { Turn } from '../core/session.ts';
import type { Batch, Store } from '../core/store.ts';
import type { CommandNetwork, Tool, ToolHands } from '../core/tool.ts';
import type { DurableEvent, PassingEvent, TurnOutcome, UserMessage } from '../core/turn-event.ts';
import type { Clock } from '../lib/clock.ts';
import type { ContextParts } from './context-parts.ts';
import type { DaySpending } from './day-spending.ts';
import type { SystemPrompts } from './prompt.ts';
import type { Taint } from './taint.ts';
import type { VersionKeeper } from './version-keeper.ts';

export interface AgentSettings {
  readonly stepLimit: number;
  readonly turnTokens: number;
  readonly dayTokens: number;
  /** US dollars. */
  readonly dayCost: number;
  readonly timezone: string;
  /** All that sandboxed commands with network reach; absent: everything. */
  readonly network?: CommandNetwork;
  /** "provider/model" that sums up; absent: the one that answers. */
  readonly compactionModel?: string;
}

/** What came of a file. */
export interface Heard {
  /** What was said, or in words for people why nobody can tell. */
  readonly text: string;
  readonly failed: boolean;
  /** Absent where no provider was asked, or none answered. */
  readonly call?: { readonly model: string; readonly usage: Usage /** 0 where nobody knows. */; readonly seconds: number; readonly cost?: number };
}

/** Never rejects; undefined once `signal` aborted. */
export type Hear = (turn: Turn, file: Attachment, signal: AbortSignal) => Promise<Heard | undefined>;

export interface AgentParts extends ContextParts {
  readonly store: Pick<Store, 'entries' | 'sessions' | 'turns'>;
  readonly clock: Clock;
  readonly prompts: SystemPrompts;
  readonly spending: DaySpending;
  /** Undefined where nothing that is said is written down. */
  hearing(): Hear | undefined;
  /** `asked`: "provider/model" of the conversation, where it was given one. */
  model(agentId: string, asked?: string): ReadyModel;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly gate: PolicyGate;
  /** Stores the plan, tells people, waits for the answer. Abort and expiry are "deny" and "expired". */
  ask(
    turn: Turn,
    asked: Extract<Verdict, { verdict: 'ask' }>,
    io: TurnIo,
  ): Promise<{ readonly decision: ApprovalDecision | 'expired'; readonly approvalId: string }>;
  hands(plan: JudgedPlan, live: { readonly signal: AbortSignal; readonly progress: (text: string) => void }): ToolHands;
  audit(kind: string, detail: Readonly<Record<string, string | number | boolean>>): Promise<void>;
  readonly taint: Taint;
  readonly versions: Pick<VersionKeeper, 'watch'>;
  readonly redact: Redact;
  readonly log: Log;
  memoryDigest(agentId: string): Promise<string>;
  /** Whether private memory may be in the prompt of this turn. */
  seesMemory(turn: Pick<Turn, 'agentId' | 'address' | 'origin'>): boolean;
  files(agentId: string): Files;
  settings(agentId: string): AgentSettings;
  /** Whether commands run in an OS sandbox here. */
  sandboxed(): boolean;
}

/** One turn's connection to the gateway. */
export interface TurnIo {
  /** Ends everything the turn does. */
  readonly signal: AbortSignal;
  /** Commits durable events, with whatever belongs to them, in one transaction, then publishes them. */
  commit(transition: Transition, events: readonly DurableEvent[], also?: Pick<Batch, 'steps' | 'usage' | 'session'>): Promise<void>;
  /** Publishes a live event; kept nowhere. */
  pass(event: PassingEvent): void;
  /** Messages that arrived since the last call, for the model's next step. */
  takeSteered(): readonly UserMessage[];
  /** Closes the turn to steering. False when messages arrived meanwhile: take them and go on. */
  close(): boolean;
  /** The terminal transaction: last events, answer to the outbox, turn and messages to their final state. */
  end(
    outcome: TurnOutcome,
    last: {
      readonly events: readonly DurableEvent[];
      readonly answer?: Outgoing;
      /** What was compacted during the turn, for those who read only the answer. */
      readonly compactions?: readonly Compaction[];
      readonly also?: Pick<Batch, 'steps' | 'usage'>;
    },
  ): Promise<void>;
}

export interface TurnRequest {
  readonly turn: Turn;
  readonly origin: Origin;
  readonly sender: Sender;
  readonly resumed: boolean;
  /** Its person asked for a compaction and nothing else; what to keep in mind for it, or empty. */
  readonly compact?: string;
}

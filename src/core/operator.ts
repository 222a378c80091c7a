// What the operator's own surfaces (console, CLI, HTTP API) may ask of a running CoPaw, in process or through the server: the same interface.
import type { ProviderConfig } from './config.ts';
import type { Uploads } from './media.ts';
import type { KnownWindow, ModelInfo } from './model.ts';
import type { Approval, ApprovalDecision } from './policy.ts';
import type { SecretRef } from './secret.ts';
import type { InboxRow, Session, SessionFilter } from './session.ts';
import type { StorageState } from './store.ts';
import type { PlacedEvent } from './turn-event.ts';

export interface Submission {
  /** The surface it came from: "console", "cli" or "api". */
  readonly channel: 'console' | 'cli' | 'api';
  /** A session id not seen before begins a session. Letters, digits, "-" and "_", at most 64. */
  readonly sessionId: string;
  readonly text: string;
  /** Ids of uploads that go with it. */
  readonly attachments?: readonly string[];
  /** "provider/model" of a conversation that begins with this; of one that is there it changes nothing. */
  readonly model?: string;
  /** Client's own id; the same id again is the same message and is not answered twice. Generated when absent. */
  readonly messageId?: string;
}

export interface Accepted {
  readonly sessionId: string;
  readonly messageId: string;
  /** The turn that answers it. */
  readonly turnId: string;
  /** True when this message id was accepted before. */
  readonly duplicate: boolean;
}

export interface EventFilter {
  readonly sessionId?: string;
  readonly turnId?: string;
  /** Event id last seen; durable events after it are replayed, then live ones follow. Absent: live only. "0": from the beginning. */
  readonly after?: string;
}

export interface Operator {
  /** Files for messages that are still to be sent. */
  readonly uploads: Uploads;
  /** Resolves when the message is durably stored. Rejects with `busy` when the session's lane is full. */
  submit(input: Submission): Promise<Accepted>;
  /** Ends when `signal` aborts, or after `turn-end` when the filter names a turn. */
  events(filter: EventFilter, signal: AbortSignal): AsyncIterable<PlacedEvent>;
  /** Newest first; `show`: which, all where nothing is said. */
  sessions(page: { readonly limit: number; readonly before?: number; readonly show?: SessionFilter }): Promise<readonly SessionSummary[]>;
  /** Newest `limit` durable events with id < before, oldest first. Rejects with `not-found`. */
  history(
    sessionId: string,
    page: { readonly limit: number; readonly before?: number },
  ): Promise<{ readonly session: SessionSummary; readonly events: readonly PlacedEvent[] }>;
  /** Ends the running turn of a session; false when none runs. */
  stop(sessionId: string): Promise<boolean>;
  approvals(): Promise<readonly Approval[]>;
  /** Rejects with `conflict` when it is no longer pending. `by` names the surface and device. */
  answer(approvalId: string, decision: ApprovalDecision, by: string): Promise<Approval>;
  status(): Promise<OperatorStatus>;
}

export interface SessionSummary
  extends Pick<Session, 'id' | 'agentId' | 'address' | 'title' | 'createdAt' | 'updatedAt' | 'pinned' | 'archived' | 'copiedFrom' | 'model'> {
  /** A turn is running. */
  readonly running: boolean;
}

export interface OperatorStatus {
  readonly version: string;
  readonly agentId: string;
  /** "provider/model" that answers, and whether it is the built-in offline model. */
  readonly model: string;
  readonly offline: boolean;
  /** How much that model takes; absent where none can answer. */
  readonly window?: KnownWindow;
  /** Why no model can answer, and what to do. */
  readonly modelProblem?: string;
  /** "full", "no-proc", "none", or "off" where it is switched off (R16). */
  readonly sandbox: string;
  /** When it started, milliseconds since the epoch; absent where none runs. */
  readonly startedAt?: number;
  /** Accounts that are switched on. */
  readonly channels: readonly { readonly channel: string; readonly account: string }[];
  /** Parts of answers on their way, that may have been sent, and that were given up. */
  readonly outbox: { readonly open: number; readonly unknown: number; readonly dead: number };
  /** How much waits for the person, by what it is; `channels`: accounts that are down or refused. */
  readonly waiting: Readonly<Record<'approvals' | 'pairings' | 'messages' | 'answers' | 'channels' | 'proposals', number>>;
  /** `full` and `read-only`: nothing can be written, so nothing new is accepted; what runs waits. */
  readonly storage: StorageState;
  readonly openTurns: number;
  readonly openMessages: readonly Pick<InboxRow, 'key' | 'state' | 'receivedAt'>[];
  /** Tokens and US dollars since local midnight. */
  readonly today: { readonly tokens: number; readonly cost: number };
}

export interface ProviderSummary {
  readonly id: string;
  readonly kind: string;
  readonly baseUrl?: string;
  readonly models: readonly string[];
  /** How the key is held: "vault", "env NAME", "none". Never the key. */
  readonly key: string;
  readonly isDefault: boolean;
}

export interface NewProvider {
  readonly id: string;
  readonly kind: ProviderConfig['kind'];
  readonly baseUrl?: string;
  readonly model: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The key itself goes to the vault before this is stored; here only where it is. Absent: no key. */
  readonly key?: SecretRef;
  /** Plain key to put in the vault as "model-<id>"; never stored elsewhere. */
  readonly keyValue?: string;
  readonly makeDefault?: boolean;
}

/** One capability of a model as the production path showed it. */
export interface CapabilityReport {
  readonly capability: 'connect' | 'stream' | 'tool-call' | 'usage' | 'image' | 'speech';
  readonly ok: boolean;
  /** What was seen, or what is wrong and what to do. */
  readonly detail: string;
}

export interface ModelsAdmin {
  list(): Promise<readonly ProviderSummary[]>;
  /** Keys in known environment variables and local servers that answer; nothing is used unasked. */
  detect(signal: AbortSignal): Promise<readonly (NewProvider & { readonly found: string })[]>;
  add(provider: NewProvider): Promise<ProviderSummary>;
  remove(id: string): Promise<void>;
  /** Makes "provider/model" the default; adds the model name to the provider when it is new. */
  setDefault(ref: string): Promise<void>;
  test(
    ref: string,
    signal: AbortSignal,
  ): Promise<{ readonly ref: string; readonly ok: boolean; readonly reports: readonly CapabilityReport[]; readonly info: ModelInfo }>;
}

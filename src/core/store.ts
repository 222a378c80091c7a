// The storage port. One `commit` is one transaction; everything else reads. Two implementations pass the same suite (copaw/testing).
import type { Address } from './address.ts';
import type { AuditRecord } from './audit.ts';
import type { Transition } from './journal.ts';
import type { Dream } from './learning.ts';
import type { MemoryIndex } from './memory.ts';
import type { Pairing, TurnedAway } from './people.ts';
import type { Approval, Grant } from './policy.ts';
import type { PushDevices } from './push.ts';
import type { AgedRows } from './retention.ts';
import type { Numbered, RowPage, WaitingPage } from './row-page.ts';
import type { SaidQuery, SaidRow } from './said.ts';
import type { InboxRow, InboxState, Job, OutboxRow, OutboxState, Preview, Session, SessionChange, SessionFilter, Step, Turn, UsageRow } from './session.ts';
import type { TaintMark } from './taint.ts';
import type { DurableEvent, Entry, TurnOutcome } from './turn-event.ts';
import type { ChangedTurn, FileChange, VersionKeep } from './undo.ts';
import type { UsageGroup } from './usage.ts';

/** Changes that happen together or not at all. Applied in the order of the members listed here. */
export interface Batch {
  /** Before all else: the session and all that is in it continue under another id and key, and its own id and key are free. */
  readonly archive?: { readonly sessionId: string; readonly as: string };
  /** Before all else: the session, its log and its turns are gone for good; of its messages and answers that came to an end only the ids stay. */
  readonly drop?: string;
  /** Before all else: the reminders that were set in this session are gone for good. */
  readonly dropReminders?: string;
  /** A session of this id is written in many commits: until `copied` names it `sessions.unfinished` does. */
  readonly copying?: string;
  /** Inserts sessions that are written whole. They count as learned from: what they begin with was said elsewhere. */
  readonly copied?: readonly Session[];
  /** Which boundary of the journal this is; every commit of gateway, agent and schedule says it. */
  readonly transition?: Transition;
  /** Inserts; a row whose key exists fails the whole batch with `conflict`. */
  readonly inbox?: readonly InboxRow[];
  /**
   * Inserts, or updates tainted, updatedAt, mode and model, and the title where there is none yet. Once tainted, a session stays so until
   * `clearTaint`; an archived one comes back with a new updatedAt.
   */
  readonly session?: Session;
  readonly turn?: Turn;
  /** Inserts turns that were copied. */
  readonly turns?: readonly Turn[];
  readonly entries?: readonly { readonly sessionId: string; readonly turnId: string; readonly at: number; readonly event: DurableEvent }[];
  /** Inserts or moves a step to its new state. */
  readonly steps?: readonly Step[];
  /** Inserts; the same (answerId, part) twice fails with `conflict`. */
  readonly outbox?: readonly OutboxRow[];
  readonly inboxStates?: readonly {
    readonly key: string;
    readonly state: InboxState;
    readonly sessionId?: string;
    readonly turnId?: string;
    readonly rule?: string;
    readonly dropText?: boolean;
  }[];
  /** New words of messages that still wait (`accepted`); of others nothing changes. */
  readonly inboxTexts?: readonly { readonly key: string; readonly text: string }[];
  /** The message, which still waits, begins to take back the changes of files of this turn (`Envelope.takesBack`). */
  readonly inboxTakesBack?: { readonly key: string; readonly turnId: string };
  /** The messages that are assigned to the turn end as it does. */
  readonly turnEnd?: { readonly turnId: string; readonly outcome: TurnOutcome; readonly at: number };
  readonly usage?: readonly UsageRow[];
  readonly jobs?: readonly Job[];
}

/** Whether the last write found room. `full` and `read-only` last until there is some. */
export type StorageState = 'ok' | 'full' | 'read-only';

export interface Store {
  /**
   * All or nothing, and durable when it resolves; not to be read before. Batches asked for at once are applied in that order. Returns the entries
   * with their sequence numbers. Rejects with `disk-full` or `disk-read-only` where nothing can be written: nothing was.
   */
  commit(batch: Batch): Promise<readonly Entry[]>;
  /** In trouble it tries again whether there is room; else it costs nothing. */
  storage(): StorageState;

  readonly sessions: {
    get(id: string): Promise<Session | undefined>;
    byKey(key: string): Promise<Session | undefined>;
    /** Newest first by updatedAt; of all where nothing is said. */
    list(page: { readonly limit: number; readonly before?: number; readonly show?: SessionFilter }): Promise<readonly Session[]>;
    /** Those whose title holds this text, in any case of letters; newest first. */
    titled(text: string, limit: number): Promise<readonly Session[]>;
    /** The session as it is then; undefined where there is none. */
    change(id: string, change: SessionChange): Promise<Session | undefined>;
    /** Sessions whose copying was begun and not ended. */
    unfinished(): Promise<readonly string[]>;
    /** Newest first. */
    tainted(): Promise<readonly Session[]>;
    /** The only way to take the mark off; false where there was none. */
    clearTaint(id: string): Promise<boolean>;
  };

  readonly entries: {
    /** Oldest first, `seq > after`; all sessions when sessionId is absent. */
    after(filter: { readonly sessionId?: string; readonly turnId?: string; readonly after: number; readonly limit: number }): Promise<readonly Entry[]>;
    /** The newest `limit` entries of a session with `seq < before`, oldest first. */
    tail(sessionId: string, limit: number, before?: number): Promise<readonly Entry[]>;
    ofTurn(turnId: string): Promise<readonly Entry[]>;
    /** Turns of a session that the person took back. */
    undone(sessionId: string): Promise<ReadonlySet<string>>;
    lastSeq(): Promise<number>;
  };

  readonly inbox: {
    get(key: string): Promise<InboxRow | undefined>;
    /** Rows in `accepted` or `assigned`, oldest first. */
    open(): Promise<readonly InboxRow[]>;
    ofTurn(turnId: string): Promise<readonly InboxRow[]>;
    /** Newest first, those in one of these states; of all when none is named. */
    page(filter: RowPage<InboxState>): Promise<readonly Numbered<InboxRow>[]>;
    /** What came to nothing and waits for the person, newest first: not settled, and nothing later in its conversation was answered. */
    waiting(page: WaitingPage): Promise<readonly Numbered<InboxRow>[]>;
    countWaiting(): Promise<number>;
    /** Whether it waits no more; false where there is no such row. */
    settle(key: string, settled: boolean): Promise<boolean>;
    /** How many rows are in each state that has any. */
    counts(): Promise<ReadonlyMap<InboxState, number>>;
  };

  readonly turns: {
    get(id: string): Promise<Turn | undefined>;
    /** Turns without an outcome, oldest first. */
    open(): Promise<readonly Turn[]>;
    /** Newest first. */
    latest(limit: number): Promise<readonly Turn[]>;
    /** The turn that gives this answer. */
    byAnswer(answerId: string): Promise<Turn | undefined>;
    /** How many turns ended so; open ones are not counted. */
    counts(): Promise<ReadonlyMap<TurnOutcome, number>>;
    steps(turnId: string): Promise<readonly Step[]>;
    /** How many times it was resumed since anything else of it was written. Takes no more memory however large its entries are. */
    vainStarts(turnId: string): Promise<number>;
  };

  readonly outbox: {
    /** Rows in `pending` with nextAt <= now, in order, none before what is older for the same address; none that goes to an account in `held`, each as "kind/account". */
    due(now: number, limit: number, held?: readonly string[]): Promise<readonly OutboxRow[]>;
    /** The next `nextAt` of a pending row; of none that goes to an account in `held`. */
    nextDue(held?: readonly string[]): Promise<number | undefined>;
    /** Pending rows with nextAt > latest are due at `now`: no wait is that long, so the clock was set back meanwhile. */
    hasten(latest: number, now: number): Promise<void>;
    inFlight(): Promise<readonly OutboxRow[]>;
    ofAnswer(answerId: string): Promise<readonly OutboxRow[]>;
    /** Whether anything is still on its way to this address. */
    waitsFor(address: Address): Promise<boolean>;
    /** Whether the platform gave this receipt for something that was sent into this chat, a preview among it. */
    wasSent(to: Pick<Address, 'channel' | 'account' | 'chat'>, ref: string): Promise<boolean>;
    /**
     * An answer whose first part is sent has no preview any more. One with a hole in it goes to nobody: with a part that is `dead` those behind it that wait are dead too, and with one that
     * comes `from` there, those behind it wait again.
     */
    update(
      answerId: string,
      part: number,
      change: { readonly state: OutboxState; readonly attempts?: number; readonly nextAt?: number; readonly ref?: string },
      /** Only where it still is in this state. */
      from?: OutboxState,
    ): Promise<boolean>;
    /** Newest first, those in one of these states; of all when none is named. */
    page(filter: RowPage<OutboxState>): Promise<readonly Numbered<OutboxRow>[]>;
    /** Of each answer of which something was given up or may have been sent, and that is not settled, the first such part; newest first. */
    waiting(page: WaitingPage): Promise<readonly Numbered<OutboxRow>[]>;
    countWaiting(): Promise<number>;
    /** Whether the parts of an answer wait no more, until one of them moves; false where there is no such answer. */
    settle(answerId: string, settled: boolean): Promise<boolean>;
    /** How many rows are in each state that has any; asked for a few states, no more is read than those have. */
    counts(states?: readonly OutboxState[]): Promise<ReadonlyMap<OutboxState, number>>;
  };

  readonly previews: {
    get(answerId: string): Promise<Preview | undefined>;
    list(): Promise<readonly Preview[]>;
    /** Inserts, or replaces that of the same answer. */
    put(preview: Preview): Promise<void>;
    remove(answerId: string): Promise<void>;
  };

  readonly approvals: {
    add(approval: Approval): Promise<void>;
    get(id: string): Promise<Approval | undefined>;
    pending(): Promise<readonly Approval[]>;
    /** Moves a pending approval to a final state; false when it was not pending any more. */
    settle(id: string, change: Pick<Approval, 'state' | 'decision' | 'answeredBy'>): Promise<boolean>;
  };

  readonly grants: {
    add(grant: Grant): Promise<void>;
    /** Oldest first; of all agents when none is named. */
    list(agentId?: string): Promise<readonly Grant[]>;
    remove(id: string): Promise<boolean>;
  };

  readonly taint: {
    /** By path; of all agents when none is named. */
    list(agentId?: string): Promise<readonly TaintMark[]>;
    /** Inserts or replaces the mark of a path. */
    put(mark: TaintMark): Promise<void>;
    /** The mark of a path and of all below it; false where there was none. */
    remove(agentId: string, path: string): Promise<boolean>;
  };

  readonly jobs: {
    /** Scheduled jobs with dueAt <= now, oldest first. */
    due(now: number): Promise<readonly Job[]>;
    nextDue(): Promise<number | undefined>;
    get(id: string): Promise<Job | undefined>;
    list(): Promise<readonly Job[]>;
    /** Scheduled ones, the next one first. */
    waiting(): Promise<readonly Job[]>;
    countScheduled(sessionId: string): Promise<number>;
    settle(id: string, state: 'fired' | 'cancelled'): Promise<boolean>;
  };

  readonly usage: {
    /** Sums of one session. */
    ofSession(sessionId: string): Promise<{
      readonly calls: number;
      readonly input: number;
      readonly cachedInput: number;
      readonly output: number;
      readonly cost: number;
    }>;
    /** Sums of what an agent used since a time outside of turns, under ids that begin so. */
    beside(idStart: string, agentId: string, at: number): Promise<{ readonly calls: number; readonly tokens: number; readonly cost: number }>;
    /** Sums since a time, per model; totals are the sum of all rows. */
    since(at: number): Promise<
      readonly {
        readonly model: string;
        readonly calls: number;
        readonly input: number;
        readonly cachedInput: number;
        readonly output: number;
        readonly cost: number;
      }[]
    >;
    /** Sums of the calls from a time on and before another, by agent, model and channel. */
    between(from: number, to: number): Promise<readonly UsageGroup[]>;
    /** When the first call from a time on was made. */
    firstSince(at: number): Promise<number | undefined>;
  };

  readonly audit: {
    /** Appends one chained record; the caller (the audit door) makes `mac` over the previous record's. */
    append(record: Omit<AuditRecord, 'seq'>): Promise<number>;
    last(): Promise<AuditRecord | undefined>;
    after(seq: number, limit: number): Promise<readonly AuditRecord[]>;
    /** The newest with a lower number, newest first. */
    before(seq: number, limit: number): Promise<readonly AuditRecord[]>;
    /** The newest of this kind, or of all, oldest first. */
    newest(limit: number, kind?: string): Promise<readonly AuditRecord[]>;
    /** Where segments end, oldest first. */
    checkpoints(): Promise<readonly AuditRecord[]>;
    /** The highest number ever given; 0 before the first record. */
    lastSeq(): Promise<number>;
    /** Only for what the audit door has written down as pruned. */
    removeBefore(seq: number): Promise<void>;
  };

  /** Past security reviews: what was found, one text a finding. */
  readonly reviews: {
    last(): Promise<{ readonly at: number; readonly findings: readonly string[] } | undefined>;
    add(review: { readonly at: number; readonly findings: readonly string[] }): Promise<void>;
  };

  readonly devices: {
    add(device: Device): Promise<void>;
    byHash(tokenHash: string): Promise<Device | undefined>;
    list(): Promise<readonly Device[]>;
    touch(id: string, at: number): Promise<void>;
    /** With what it is told by. */
    remove(id: string): Promise<boolean>;
  };

  readonly push: PushDevices;

  readonly senders: {
    /** Counts one refused event; of each account the `most` newest (sender, rule) pairs are kept. */
    turnAway(
      event: { readonly channel: string; readonly account: string; readonly sender: string; readonly rule: string; readonly at: number },
      most: number,
    ): Promise<void>;
    /** Newest first. */
    turnedAway(limit: number): Promise<readonly TurnedAway[]>;
    pairing(channel: string, account: string, sender: string): Promise<Pairing | undefined>;
    /** Oldest first. */
    pairings(): Promise<readonly Pairing[]>;
    /** One a sender: inserts or replaces. A code that another sender has is a `conflict`. */
    putPairing(pairing: Pairing): Promise<void>;
    removePairing(channel: string, account: string, sender: string): Promise<boolean>;
  };

  /** What files held before tools changed them. Contents are kept as they are: nothing is redacted. */
  readonly versions: {
    /**
     * Writes a change down before it happens, with the content its `before` is the hash of; both are durable when it resolves. The oldest other turns
     * beyond `keep` leave first, a few at a time for their age. Where there is no room even so the change comes back as "unkept".
     */
    add(change: Omit<FileChange, 'seq'>, content: Uint8Array | undefined, keep: VersionKeep): Promise<FileChange>;
    /** What came of a change. */
    settle(seq: number, end: Partial<Pick<FileChange, 'after' | 'trash'>>): Promise<void>;
    /** Forgets a change that did not happen. */
    remove(seq: number): Promise<void>;
    /** Oldest first. */
    ofTurn(turnId: string): Promise<readonly FileChange[]>;
    /** Newest first by their last change. */
    turns(filter: { readonly sessionId?: string; readonly limit: number }): Promise<readonly ChangedTurn[]>;
    /** Undefined when it is not kept any more, or damaged. */
    content(sha256: string): Promise<Uint8Array | undefined>;
    /** Marks a turn as taken back; where it was an undo itself, what that had taken back counts again. */
    setUndone(turnId: string, undoId: string): Promise<void>;
  };

  /** Full-text index of what was said: of the entries up to a mark. It can be thrown away and built again. */
  readonly said: {
    /** The entries after the mark, at most `limit`: the last one of them, and the words of each message, at most `characters`. Commands are left out. */
    next(
      limit: number,
      characters: number,
    ): Promise<{ readonly upTo: number; readonly messages: readonly { readonly seq: number; readonly text: string }[] } | undefined>;
    /** Adds segmented words and moves the mark, in one transaction. */
    add(upTo: number, messages: readonly { readonly seq: number; readonly words: string }[]): Promise<void>;
    /**
     * Entries with already segmented terms, the last one also as a beginning. all: the newest first, those with every term. any: the best of the
     * newest 2,000 that have one.
     */
    find(query: SaidQuery): Promise<readonly SaidRow[]>;
  };

  readonly learning: {
    /** Up to which entry a session was learned from; 0 before the first time. */
    through(sessionId: string): Promise<number>;
    setThrough(sessionId: string, seq: number): Promise<void>;
    /** What memory of an agent was when MEMORY.md was gone through last: path -> stamp; undefined before the first time. */
    seen(agentId: string): Promise<ReadonlyMap<string, string> | undefined>;
    setSeen(agentId: string, seen: ReadonlyMap<string, string>): Promise<void>;
    /** A proposal of the same agent that waited is discarded by it. */
    addDream(dream: Dream): Promise<void>;
    /** Newest first; of all agents when none is named. */
    dreams(agentId?: string): Promise<readonly Dream[]>;
    dream(id: string): Promise<Dream | undefined>;
    /** How many wait for an answer. */
    countProposed(): Promise<number>;
    /** False where it was not in the state it comes from. */
    settleDream(id: string, from: Dream['state'], to: Dream['state']): Promise<boolean>;
  };

  readonly memoryIndex: MemoryIndex;

  /** How many tokens models take, as their providers said; the newest 1,000. */
  readonly modelWindows: {
    list(): Promise<readonly ModelWindow[]>;
    /** Inserts or replaces what is known of a model. */
    put(window: ModelWindow): Promise<void>;
  };

  /** What leaves once it is old. */
  readonly retention: {
    /** One small transaction: of these rows, what ended before this time, the oldest first. How many; 0: no more are left. */
    drop(rows: AgedRows, before: number): Promise<number>;
    /** Gives some of the room that dropped rows took back to the disk, in one small transaction; false: no more is left. */
    giveBack(): Promise<boolean>;
    lastSweep(): Promise<number | undefined>;
    noteSweep(at: number): Promise<void>;
  };

  /** Bytes of the data, and bytes that are free where it lies. */
  space(): Promise<{ readonly bytes: number; readonly free: number }>;
  /** Copies the database to a file while in use; the copy was opened and checked when this resolves. */
  backup(path: string): Promise<void>;
  close(): Promise<void>;
}

/** What a provider said of how much a model takes. */
export interface ModelWindow {
  /** "provider/model". */
  readonly ref: string;
  /** Tokens of a request and its answer together. */
  readonly tokens: number;
  /** refusal: it refused a request for its length. list: it stands in its list of models. */
  readonly source: 'refusal' | 'list';
  /** What config declared then; 0 where it did not. */
  readonly declared: number;
  readonly at: number;
}

/** A browser or device that holds one revocable token; only its hash is stored. */
export interface Device {
  readonly id: string;
  readonly name: string;
  /** sha256 of the token, hex. */
  readonly tokenHash: string;
  readonly createdAt: number;
  readonly seenAt: number;
}

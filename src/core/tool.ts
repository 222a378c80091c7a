// The tool contract: what a tool says of itself, what it is about to do, and the hands it does it with.
import type { output, ZodType } from 'zod';
import type { Address } from './address.ts';
import type { Files } from './files.ts';
import type { Attachment } from './inbound.ts';
import type { ForgottenNote, MemoryFinding, NewNote, ReadNote, WrittenNote } from './memory.ts';

/** One thing a call would do, judged before anything happens. Paths are relative to the workspace. */
export type Effect =
  | { readonly kind: 'read' | 'write' | 'delete'; readonly path: string }
  | {
      readonly kind: 'run';
      readonly argv?: readonly string[];
      readonly command?: string;
      readonly cwd: string;
      readonly network: boolean;
      readonly sandboxed: boolean;
    }
  | { readonly kind: 'net'; readonly url: string; readonly method: 'GET' | 'HEAD' | 'POST' }
  | { readonly kind: 'memory'; readonly access: 'read' | 'write' }
  | { readonly kind: 'send'; readonly to: Address }
  | { readonly kind: 'schedule'; readonly what: 'reminder' | 'job'; readonly dueAt: number; readonly text: string }
  /** `origin`: where it is sent, or "process" for the environment of the command of the same call. */
  | { readonly kind: 'secret'; readonly ref: string; readonly origin: string }
  | { readonly kind: 'agent'; readonly id: string }
  | { readonly kind: 'opaque'; readonly what: string };

/** What a repeat would do after a crash. none: nothing. workspace: files of the workspace. outside: anything else. */
export type SideEffect = 'none' | 'workspace' | 'outside';

/** Where a call happens; all that `effects` may depend on besides the arguments. */
export interface Place {
  readonly agentId: string;
  readonly sessionId: string;
  readonly turnId: string;
  readonly callId: string;
  readonly address: Address;
  /** IANA zone of the operator. */
  readonly timezone: string;
  /** Milliseconds since the epoch when the call was made. */
  readonly now: number;
  /** Whether commands run in an OS sandbox on this machine. */
  readonly sandbox: boolean;
  /** All that a sandboxed command with network reaches; absent: everything. */
  readonly network?: CommandNetwork;
}

/** Hosts as `isListed` reads them; `privateHosts` may also lead to addresses that are not public. */
export interface CommandNetwork {
  readonly hosts: readonly string[];
  readonly privateHosts: readonly string[];
}

export interface ToolResult {
  /** What the model reads. */
  readonly text: string;
  /** True when the tool did not do what was asked; the text says why. */
  readonly failed?: boolean;
  /** True when the text holds words of strangers (web pages, attachments): the session is tainted from here on. */
  readonly tainted?: boolean;
  /** Addresses `text` was fetched from, the asked one first. Links in the text then count as named, unless the asking address named them itself. */
  readonly fetched?: readonly string[];
  /** Unified diff of an edit, for people. */
  readonly diff?: string;
  /** Files for the person in the conversation. */
  readonly files?: readonly Attachment[];
  /** Images for the model, by workspace path. */
  readonly images?: readonly { readonly path: string; readonly mediaType: string }[];
}

export interface Tool<I extends ZodType = ZodType> {
  /** snake_case, unique. */
  readonly name: string;
  /** For the model: what it does and when to use it. */
  readonly description: string;
  /** An object schema; unknown keys are refused before `effects` is asked. */
  readonly input: I;
  readonly sideEffect: SideEffect;
  /** Pure. Lists everything the call would do; `run` can do nothing that is not listed here. */
  effects(args: output<I>, place: Place): readonly Effect[];
  /** May throw a CoPawError; the loop turns it into a failed result. */
  run(args: output<I>, hands: ToolHands): Promise<ToolResult>;
}

export interface CommandRequest {
  /** Exactly one of the two. `argv` runs without a shell. */
  readonly argv?: readonly string[];
  readonly command?: string;
  /** Relative to the workspace. */
  readonly cwd: string;
  readonly timeoutMs: number;
  readonly background: boolean;
  /** Names of secrets that go into its environment. */
  readonly secrets?: readonly string[];
}

export interface CommandState {
  /** Handle for poll and kill. */
  readonly id: string;
  readonly running: boolean;
  /** Exit code; undefined while running or when ended by a signal. */
  readonly exitCode?: number;
  /** Why it ended early: "timeout", "killed", "memory", "output". */
  readonly ended?: string;
  /** stdout and stderr as they came, capped; `truncated` tells whether something is missing. */
  readonly output: string;
  readonly truncated: boolean;
}

export interface FetchedPage {
  readonly status: number;
  /** After redirects. */
  readonly url: string;
  readonly mediaType: string;
  readonly body: Uint8Array;
}

/** A message of an earlier conversation that was found. */
export interface PastHit {
  /** The handle by which it is read on. */
  readonly place: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly title: string;
  readonly role: 'user' | 'assistant';
  readonly excerpt: string;
  /** The conversation has read the words of strangers. */
  readonly tainted: boolean;
}

/** What was said around a place, oldest first. */
export interface PastWords {
  readonly title: string;
  readonly tainted: boolean;
  readonly messages: readonly { readonly place: string; readonly at: number; readonly role: 'user' | 'assistant'; readonly text: string }[];
}

export interface Reminder {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly dueAt: number;
  readonly text: string;
}

/** A message or result found in the log of a conversation. */
export interface LogHit {
  /** Number of its entry. */
  readonly seq: number;
  readonly at: number;
  /** A sender's id, "assistant", or the name of a tool. */
  readonly from: string;
  readonly text: string;
}

/** The log of the conversation a call happens in, also of what the model does not see any more; of no other conversation. */
export interface ConversationLog {
  /** Best first. `complete`: false where there are so many results of tools that only the newest were looked through; of messages all are. */
  search(words: string, limit: number): Promise<{ readonly hits: readonly LogHit[]; readonly complete: boolean }>;
  /** All of one message or result; `file`: where the rest is of a result that was too long to keep. Undefined where there is none. */
  read(seq: number): Promise<(LogHit & { readonly file?: string }) | undefined>;
}

/** The only powers a tool has. Each wraps one door and refuses whatever the judged plan does not list. */
export interface ToolHands {
  readonly place: Place;
  readonly signal: AbortSignal;
  readonly files: Files;
  readonly shell: {
    run(request: CommandRequest, onOutput?: (text: string) => void): Promise<CommandState>;
    poll(id: string): Promise<CommandState>;
    kill(id: string): Promise<CommandState>;
  };
  /** `secret`: the name of one that goes along as a header, to this origin alone. */
  fetch(url: string, secret?: string): Promise<FetchedPage>;
  readonly memory: {
    search(query: string, limit: number): Promise<MemoryFinding>;
    read(path: string, from?: number, lines?: number): Promise<ReadNote>;
    write(note: NewNote): Promise<WrittenNote>;
    forget(path: string, what: string): Promise<ForgottenNote>;
  };
  readonly log: ConversationLog;
  /** The operator's own conversations with this agent; refused (R13) to whoever else asks. */
  readonly sessions: {
    /** Those with every word, newest first; where there are none, the best of those with any word. */
    search(query: string, limit: number): Promise<readonly PastHit[]>;
    /** `limit` messages around a place. Rejects with `not-found`. */
    read(place: string, limit: number): Promise<PastWords>;
  };
  readonly schedule: { remind(dueAt: number, text: string): Promise<Reminder> };
  /** Live output for people; never reaches the model. */
  progress(text: string): void;
}

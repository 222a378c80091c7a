// What the operator may do with conversations beside talking in them: find, name, put away, copy, take out and bring in, delete.
import type { Address, Sender } from './address.ts';
import type { Accepted, SessionSummary } from './operator.ts';
import type { SessionChange, SessionFilter } from './session.ts';

/** A message that was found. `seq` is its event id; with the session it is a place to read on from. */
export interface SessionHit {
  readonly sessionId: string;
  readonly title: string;
  readonly seq: number;
  readonly turnId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly role: 'user' | 'assistant';
  /** The part of it that holds what was looked for. */
  readonly excerpt: string;
}

/** What was said in one message. */
export interface SaidMessage {
  /** Event id. */
  readonly seq: number;
  readonly turnId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly role: 'user' | 'assistant';
  readonly sender?: Sender;
  readonly text: string;
  /** Names of its files. */
  readonly files: readonly string[];
}

/** Which messages of a session: the newest, those before an event, or those around one. */
export interface SaidPage {
  readonly limit: number;
  readonly before?: number;
  readonly around?: number;
}

export interface SessionsFound {
  /** Sessions whose title holds the text. */
  readonly titled: readonly SessionSummary[];
  /** Those with every word, newest first; where there are none, the best of those with any word. */
  readonly hits: readonly SessionHit[];
}

export const exportFormats = ['markdown', 'jsonl'] as const;
/** markdown: for people. jsonl: all of it, line by line; can be imported. */
export type ExportFormat = (typeof exportFormats)[number];

export interface ImportReport {
  readonly sessions: readonly { readonly session: SessionSummary; readonly messages: number }[];
  /** Lines read. */
  readonly lines: number;
}

/** Characters of what the operator says in a chat. */
export const longestSaid = 20_000;

/** What the operator said in the chat of a channel, and in which. */
export interface SaidThere extends Accepted {
  readonly to: Address;
}

export interface SessionsAdmin {
  /** Newest first. */
  list(page: { readonly limit: number; readonly before?: number; readonly show: SessionFilter }): Promise<readonly SessionSummary[]>;
  /** Rejects with `not-found`, as do all that name a session. */
  get(id: string): Promise<SessionSummary>;
  /** Oldest first; without commands. */
  read(id: string, page: SaidPage): Promise<readonly SaidMessage[]>;
  /** `before`: only messages with a lower `seq`. */
  search(query: { readonly text: string; readonly limit: number; readonly before?: number }): Promise<SessionsFound>;
  change(id: string, change: SessionChange): Promise<SessionSummary>;
  /**
   * Its words, turns and answers are gone for good; what runs in it is stopped first. Files, memory, the audit log and backups stay. Rejects with
   * `conflict` where reminders wait in it and `reminders` is false; else they are gone too.
   */
  remove(id: string, options: { readonly reminders: boolean }): Promise<void>;
  /** A new session of the operator's own with copies of all turns up to this one, without approvals. Rejects with `conflict` while the turn goes on. */
  fork(id: string, turnId: string): Promise<SessionSummary>;
  /**
   * Takes the last turn back and asks its message again. `turnId`: the turn that is meant; with `files` its changes of files are undone. Rejects with
   * `conflict` where another turn is the last one, `forbidden` (R13) in a chat of a channel.
   */
  regenerate(id: string, options: { readonly turnId?: string; readonly files: boolean }): Promise<Accepted>;
  /**
   * Says something in the chat of a channel, as CoPaw and by no model; it is kept in the conversation. The same `messageId` again says nothing twice.
   * Rejects with `forbidden` (R9) where nobody there is listed any more, `conflict` where it is no chat or its account is off.
   */
  say(id: string, message: { readonly text: string; readonly messageId: string }): Promise<SaidThere>;
  /** Lines without their ends, read in steps. */
  export(id: string, format: ExportFormat): AsyncIterable<string>;
  /**
   * Adds the sessions of JSON lines as new ones: all or none. They count as strangers' words; approvals, grants, reminders
   * and usage stay behind. Rejects with `invalid`, naming the line.
   */
  importLines(lines: AsyncIterable<string>): Promise<ImportReport>;
}

// What stands in a request in place of earlier messages: an event of the log. What it covers stays in the log, and an undo brings it back.
import type { Usage } from './model.ts';
import type { UserMessage } from './turn-event.ts';

/** What a model (or code alone) wrote about the covered messages: a record, never an instruction. Every member may be empty but `goal`. */
export interface Summary {
  /** What the person wants, of the open task or of the conversation. */
  readonly goal: string;
  readonly constraints: readonly string[];
  readonly done: readonly string[];
  readonly doing: readonly string[];
  readonly blocked: readonly string[];
  readonly decisions: readonly string[];
  readonly next: readonly string[];
  /** What was promised and is not done. */
  readonly promises: readonly string[];
  /** What else is worth knowing later. */
  readonly facts: readonly string[];
}

/** The members of a summary that are lists, in the order they are shown. */
export const summaryLists = ['constraints', 'done', 'doing', 'blocked', 'decisions', 'next', 'promises', 'facts'] as const;

/** What kind of words an anchor holds; the first is kept longest where not all fit. A wish is worded like a rule, and may have been meant for once. */
export const anchorKinds = ['rule', 'reminder', 'promise', 'wish', 'request', 'id', 'amount', 'contact', 'date', 'path', 'name'] as const;
export type AnchorKind = (typeof anchorKinds)[number];

/** Words that code took out of the log as they stand there, so that no summary can lose or change them. */
export interface Anchor {
  readonly kind: AnchorKind;
  readonly text: string;
  /** Number of the entry they stand in. */
  readonly seq: number;
  /** Who said it, where that was not the operator: a sender's id, "assistant", or the name of a tool. */
  readonly from?: string;
}

/** Why it was made. asked: by the person. window: the next request would not fit well. overflow: the provider said it did not. */
export type CompactionReason = 'asked' | 'window' | 'overflow';

export interface Compaction {
  readonly compactionId: string;
  /** Number of the last entry it covers; the request goes on with the entries behind it. */
  readonly through: number;
  /** Number of the first entry it covers, where there are older ones that were too many: no summary holds them. */
  readonly from?: number;
  /** Messages and estimated tokens of the request's history, before and after. */
  readonly counts: {
    readonly messagesBefore: number;
    readonly messagesAfter: number;
    readonly tokensBefore: number;
    readonly tokensAfter: number;
  };
  readonly summary: Summary;
  readonly anchors: readonly Anchor[];
  /** Who wrote the summary: a model, or code alone because no model's was good enough. */
  readonly how: 'model' | 'fallback';
  readonly why: CompactionReason;
  /** "provider/model" that wrote it. */
  readonly model?: string;
  /** What the person asked to keep in mind. */
  readonly focus?: string;
  /** What the person asked of the turn that is covered in part, word for word: it goes on in the request as messages. */
  readonly request?: { readonly turnId: string; readonly messages: readonly { readonly seq: number; readonly at: number; readonly message: UserMessage }[] };
  /** Addresses that stand verbatim in covered messages of people, the newest. */
  readonly urls?: readonly string[];
  /** Tokens that writing it took. */
  readonly usage?: Usage;
}

/** What a conversation begins with. */
export const emptySummary: Summary = {
  goal: '',
  ...{ constraints: [], done: [], doing: [], blocked: [], decisions: [], next: [], promises: [], facts: [] },
};

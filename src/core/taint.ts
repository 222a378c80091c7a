// The mark of strangers' words, on sessions and on what they wrote. Kept until the operator clears it.
import type { Session } from './session.ts';

/** One marked file of a workspace. */
export interface TaintMark {
  readonly agentId: string;
  /** Relative to the workspace; "." for whatever changed since `at`, while a background command of a tainted session may still write. */
  readonly path: string;
  /** Hash of the content when it was marked, hex; empty where it was not read. The same bytes elsewhere are marked too. */
  readonly sha256: string;
  readonly sessionId: string;
  readonly at: number;
}

export interface TaintReport {
  readonly sessions: readonly Pick<Session, 'id' | 'agentId' | 'title' | 'updatedAt'>[];
  readonly files: readonly TaintMark[];
}

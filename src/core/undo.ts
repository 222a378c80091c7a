// What tools did to files and what was there before, so that it can be taken back: the record, the list of it, and the report of an undo.

/** The change of one path, written down before it happens. */
export interface FileChange {
  readonly seq: number;
  readonly agentId: string;
  readonly sessionId: string;
  /** The turn that made it, or the id of the undo that did. */
  readonly turnId: string;
  /** The tool call; of an undo, its id again. */
  readonly callId: string;
  /** Of an undo: the turn that it took back. */
  readonly undoes?: string;
  /** Relative to the agent's workspace. */
  readonly path: string;
  /** What the path held: the hash of a content that is kept (sha256, hex), "absent", or "unkept" where there was something that is not kept. */
  readonly before: string;
  /** What it holds afterwards: a hash or "absent"; empty while that is not known, which stays so after a crash. */
  readonly after: string;
  /** The session whose words of strangers `before` held, by its mark; absent where it had none. */
  readonly mark?: string;
  /** Id in the trash of what was there, where only the trash has it. */
  readonly trash?: string;
  readonly at: number;
}

/** How much of the past is kept. The oldest turns leave first, whole; 0 megabytes keep nothing. */
export interface VersionKeep {
  readonly days: number;
  readonly megabytes: number;
}

/** A turn, or an undo, that changed files. */
export interface ChangedTurn {
  readonly turnId: string;
  readonly agentId: string;
  readonly sessionId: string;
  /** Of its last change. */
  readonly at: number;
  /** Changed paths, sorted; at most 20 are named. */
  readonly paths: readonly string[];
  /** How many paths it changed. */
  readonly files: number;
  /** This is an undo, of that turn. */
  readonly undoes?: string;
  /** The undo that took it back; absent again once that was taken back itself. */
  readonly undoneBy?: string;
}

/**
 * changed-since: the path no longer holds what the turn left. changed-during: somebody else changed it between two changes of the turn; it holds
 * that now. not-kept: what it held was too large, or no file. gone: what it held was kept and is no more. refused: the path door said no (R17).
 */
export type LeftWhy = 'changed-since' | 'changed-during' | 'not-kept' | 'gone' | 'refused';

/** What an undo did with one path, or would do. */
export interface UndoneFile {
  readonly path: string;
  /** restored: it holds again what it held. removed: it was new and is in the trash. same: nothing to do. left: not what it was, see `why`. */
  readonly result: 'restored' | 'removed' | 'same' | 'left';
  readonly why?: LeftWhy;
  /** More about `why`, one sentence for people. */
  readonly detail?: string;
}

export interface UndoReport {
  readonly turnId: string;
  readonly agentId: string;
  readonly sessionId: string;
  /** Undoing this takes the undo back. Absent where nothing was changed, and for a preview. */
  readonly undoId?: string;
  /** True for a preview: nothing was done. */
  readonly dryRun: boolean;
  /** The path changed last comes first. */
  readonly files: readonly UndoneFile[];
  /** The turn ran commands: what those did to files is not recorded and not undone. */
  readonly commands: boolean;
}

export interface UndoAdmin {
  /** Turns and undos that changed files, newest first; of all sessions when none is named. */
  recent(filter: { readonly sessionId?: string; readonly limit: number }): Promise<readonly ChangedTurn[]>;
  /**
   * Gives each path what it held before the turn, where it still holds what the turn left; `force` also elsewhere. Is itself kept, so that it can be
   * undone. Rejects with `not-found` where nothing is kept of the turn and with `conflict` while the turn goes on.
   */
  undo(turnId: string, options: { readonly force: boolean; readonly dryRun: boolean }): Promise<UndoReport>;
}

/** The newest turn that can still be undone: no undo, and not undone. */
export function newestToUndo(turns: readonly ChangedTurn[]): ChangedTurn | undefined {
  return turns.find(({ undoes, undoneBy }) => undoes === undefined && undoneBy === undefined);
}

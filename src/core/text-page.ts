// A file of a workspace as the operator reads and changes it: whole, as text, and only where it still is what was read.

export interface TextPage {
  readonly agentId: string;
  /** Relative to the workspace. */
  readonly path: string;
  readonly text: string;
  /** sha256 of the file, for `save`. */
  readonly hash: string;
  readonly modifiedAt: number;
  /** Why it cannot be saved from here; absent where it can. */
  readonly fixed?: 'secret' | 'encoding';
  /** It holds words of strangers: whoever reads it is marked. */
  readonly tainted: boolean;
}

/** `hash`: of what is to be replaced; "absent" for a new file. */
export type TextDraft = Pick<TextPage, 'path' | 'text' | 'hash'>;

/** A change that `undo` takes back by this id; without one nothing of it was kept. */
export interface Kept {
  readonly undoId?: string;
}

/** Whoever holds it says first which paths are meant. */
export interface TextPages {
  /** `path-missing` where there is none, `too-large` over 512 KiB. */
  show(agentId: string, path: string): Promise<TextPage>;
  /** `conflict` where the file is another by now, `invalid` for a text that holds the value of a secret, and where what is there is `fixed`. */
  save(agentId: string, draft: TextDraft): Promise<Kept & { readonly hash: string }>;
}

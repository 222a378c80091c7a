// Files below one root as the path door (R17) lets them be seen. Every path is relative, "/" separated, and checked on each use.

export interface FileInfo {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'other';
  /** Bytes; 0 for directories. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
  /** Of the last change of content, name or attributes, by the system's clock; no program sets it. */
  readonly changedAt: number;
}

/** Throws `path-refused` for anything outside the root, links, devices and protected names; `path-missing` where nothing is there. */
export interface Files {
  /** Whole file, or `length` bytes from `offset`. Refuses files over 64 MiB read whole (`too-large`). */
  read(path: string, range?: { readonly offset: number; readonly length: number }): Promise<Uint8Array>;
  /** UTF-8 text; malformed bytes become U+FFFD. */
  readText(path: string): Promise<string>;
  /** Atomic: a reader sees the old file or the new one. Makes missing parent directories. */
  write(path: string, data: string | Uint8Array): Promise<void>;
  /** Direct children by default, sorted by path; with `recursive` the whole tree, never following links. At most `limit` (default 1,000). */
  list(path: string, options?: { readonly recursive?: boolean; readonly limit?: number }): Promise<readonly FileInfo[]>;
  /** For each direct child of the root a short text that differs after any change to it; empty where nothing is there. Cheaper than `stat`. */
  stamps(names: readonly string[]): Promise<readonly string[]>;
  /** Undefined where nothing is there. */
  stat(path: string): Promise<FileInfo | undefined>;
  /** Moves a file or directory to the agent's trash, outside the workspace, and returns the trash id. */
  trash(path: string): Promise<string>;
}

/** Files whose content may be larger than memory. */
export interface StreamedFiles extends Files {
  /** As `write`; what comes in pieces is never held as a whole, and where it ends in an error nothing has changed. */
  write(path: string, data: string | Uint8Array | AsyncIterable<Uint8Array>): Promise<void>;
}

// Memory is Markdown in the workspace; this is what the rest of CoPaw may ask of it, and what its index holds.

export interface MemoryStore {
  /** A short, byte-stable summary for the prompt (at most about 2 kB); empty when there is nothing. */
  digest(agentId: string): Promise<string>;
  /** Never more than `limit` hits; none where nothing fits. */
  search(agentId: string, query: string, limit: number): Promise<MemoryFinding>;
  /** Appends to MEMORY.md, PROFILE.md or a note below memory/; refuses other paths (`path-refused`). Read back before it resolves. */
  write(agentId: string, path: string, text: string): Promise<void>;
}

/** Where a note came from. A line that people wrote by hand has none. */
export interface Provenance {
  readonly sessionId?: string;
  readonly messageId?: string;
  readonly by: 'agent' | 'person' | 'learned';
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface MemoryHit {
  readonly path: string;
  /** 1-based, inclusive. */
  readonly lines: readonly [number, number];
  readonly text: string;
  /** Larger is better; comparable within one finding only. */
  readonly score: number;
  /** Headings above it, outermost first. */
  readonly headings?: readonly string[];
  /** The day it speaks of: of a dated note, heading or point, YYYY-MM-DD. */
  readonly day?: string;
  /** The day it was replaced, where the note says so. */
  readonly superseded?: string;
  readonly source?: Provenance;
}

export interface MemoryFinding {
  /** Best first; empty where nothing fits. */
  readonly hits: readonly MemoryHit[];
  /** How the question was read, for people and the model: the days it was narrowed to, the words that were corrected. */
  readonly read?: { readonly days?: readonly [string, string]; readonly corrected?: Readonly<Record<string, string>> };
}

/** A piece of a memory file as the index holds it. */
export interface IndexedChunk {
  /** 1-based, inclusive. */
  readonly lines: readonly [number, number];
  readonly text: string;
  /** The words to find it by, each once for every time it stands there, with spaces between. */
  readonly segmented: string;
  readonly headings: readonly string[];
  readonly day?: string;
  readonly superseded?: string;
  /** Of what it says, without day and strike: provenance and vectors stay with it when it moves or is superseded. */
  readonly hash: string;
}

/** No chunks and an empty stamp: the file is gone. */
export interface IndexedFile {
  readonly path: string;
  readonly stamp: string;
  readonly chunks: readonly IndexedChunk[];
}

/** A chunk as the index finds it. */
export interface FoundChunk extends IndexedChunk {
  readonly id: number;
  readonly path: string;
  readonly source?: Provenance;
}

/** The index of memory files: it can be thrown away and made again. Each agent has its own; no answer tells of another's. */
export interface MemoryIndex {
  /** Replaces all chunks of one file; no chunks and an empty stamp remove it. */
  replace(agentId: string, path: string, stamp: string, chunks: readonly IndexedChunk[]): Promise<void>;
  /** The same for many files in one commit. */
  replaceAll(agentId: string, files: readonly IndexedFile[]): Promise<void>;
  /** path -> stamp of every indexed file. */
  stamps(agentId: string): Promise<ReadonlyMap<string, string>>;
  /** Forgets all files of an agent, so that they are read again; where notes came from is kept. */
  clear(agentId: string): Promise<void>;
  /** Keeps where a note came from: `hash` as `IndexedChunk` has it. */
  noteSource(agentId: string, path: string, hash: string, source: Provenance): Promise<void>;

  /** Chunks with any of these words, best first by BM25; `days` keeps those of a span, both ends included. */
  find(
    agentId: string,
    words: readonly string[],
    options: { readonly limit: number; readonly days?: readonly [string, string] },
  ): Promise<readonly FoundChunk[]>;
  /** Chunks of a span of days, newest first. */
  ofDays(agentId: string, days: readonly [string, string], limit: number): Promise<readonly FoundChunk[]>;
  /** Chunks with this content; one for each hash. */
  byHash(agentId: string, hashes: readonly string[]): Promise<readonly FoundChunk[]>;
  /** In how many chunks each word stands; absent words are left out. */
  counts(agentId: string, words: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Words that begin so and have so many characters, with their counts. */
  alike(agentId: string, words: { readonly start: string; readonly length: readonly [least: number, most: number] }): Promise<ReadonlyMap<string, number>>;
  totals(agentId: string): Promise<{ readonly chunks: number; readonly words: number }>;

  /** Content that has no vector of this model yet. */
  withoutVector(agentId: string, model: string, limit: number): Promise<readonly { readonly hash: string; readonly text: string }[]>;
  /** Keeps vectors by content, and drops those of other models. */
  putVectors(agentId: string, model: string, vectors: readonly { readonly hash: string; readonly vector: Int8Array }[]): Promise<void>;
  /** All vectors of content that is still there, a page at a time in the order of their hashes. */
  vectors(
    agentId: string,
    model: string,
    page: { readonly after: string; readonly limit: number },
  ): Promise<readonly { readonly hash: string; readonly vector: Int8Array }[]>;
}

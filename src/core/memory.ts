// Memory is Markdown in the workspace: MEMORY.md, PROFILE.md and notes below memory/. This is what the rest of CoPaw may ask of it.

/** Where a note came from. Kept beside the files, by the text of the note: a line that was edited by hand has none. */
export interface Provenance {
  readonly sessionId?: string;
  /** The newest message of the turn it was written in. */
  readonly messageId?: string;
  /** agent: by its tool. person: through console or command line. learned: taken out of a conversation afterwards. */
  readonly by: 'agent' | 'person' | 'learned';
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Who has something kept, and in which conversation. */
export interface NoteSource {
  readonly by: Provenance['by'];
  readonly sessionId?: string;
  readonly turnId?: string;
}

export interface MemoryHit {
  readonly path: string;
  /** 1-based, inclusive. */
  readonly lines: readonly [number, number];
  readonly text: string;
  readonly score: number;
  /** Headings above it, outermost first. */
  readonly headings?: readonly string[];
  /** The day it speaks of: of a dated note or a dated bullet, YYYY-MM-DD. */
  readonly day?: string;
  /** Day it was replaced, where a later note says so. */
  readonly superseded?: string;
  readonly source?: Provenance;
}

/** A note that is there and not in the index. */
export interface LeftNote {
  readonly path: string;
  readonly bytes: number;
  readonly why: 'too-large' | 'unreadable';
}

export interface MemoryFinding {
  /** Best first; empty where nothing fits. */
  readonly hits: readonly MemoryHit[];
  /** How the question was read, for people and the model: days it was narrowed to, words that were corrected. */
  readonly read?: { readonly days?: readonly [string, string]; readonly corrected?: Readonly<Record<string, string>> };
  /** Notes that were not searched; absent where all were. */
  readonly left?: readonly LeftNote[];
}

/** A note as it is given to be kept. */
export interface NewNote {
  /** MEMORY.md, PROFILE.md or a file below memory/; made where it is missing. */
  readonly path: string;
  /** One fact, or several as a list of "- " lines. */
  readonly text: string;
  /** The note of the same file that is true no more: its text, a unique part of it, or its lines as "3" or "3-4". */
  readonly replaces?: string;
}

export interface WrittenNote {
  readonly path: string;
  /** Where it stands now, 1-based, inclusive. */
  readonly lines: readonly [number, number];
  /** added. known: the same note was there, nothing changed. replaced: the old one is struck through with today's day, the new one below it. */
  readonly result: 'added' | 'known' | 'replaced';
  /** As it stands in the file, read back. */
  readonly text: string;
}

export interface ForgottenNote {
  readonly path: string;
  /** What was removed. */
  readonly text: string;
  /** Lines it had; absent for a whole file. */
  readonly lines?: readonly [number, number];
  /** Id in the trash of the home. */
  readonly trash: string;
}

/** Lines of a note; fewer than asked for where they are too long. */
export interface ReadNote {
  readonly path: string;
  readonly text: string;
  readonly lines: readonly [number, number];
  /** Lines of the whole file. */
  readonly of: number;
}

/** Paths are refused with `path-refused` where they are no place of memory. Each agent has its own. */
export interface MemoryStore {
  /** A short, byte-stable summary for the prompt (at most about 2 kB); empty when there is nothing. */
  digest(agentId: string): Promise<string>;
  search(agentId: string, query: string, limit: number): Promise<MemoryFinding>;
  /** `from` counts from 1. `path-missing` where there is no such file, `invalid` where it ends before. */
  read(agentId: string, path: string, from?: number, lines?: number): Promise<ReadNote>;
  /**
   * Keeps a note and reads it back. `invalid` for text that holds a secret or a file that is no UTF-8, `not-found` where `replaces` fits no note,
   * `conflict` where it fits several or somebody else keeps changing the file, `too-large` for a file over 2 MiB.
   */
  write(agentId: string, note: NewNote, source: NoteSource): Promise<WrittenNote>;
  /** Moves a note to the trash of the home. `what`: its text or a unique part of it, its lines as "3" or "3-4", or "*" for the whole file. */
  forget(agentId: string, path: string, what: string): Promise<ForgottenNote>;
}

/** Whether a path is one of memory. Hidden files and folders are none, whatever lies in them. */
export function isMemoryPath(path: string): boolean {
  if (path === 'MEMORY.md' || path === 'PROFILE.md') return true;
  return path.startsWith('memory/') && path.endsWith('.md') && path.split('/').every((part) => part !== '' && !part.startsWith('.'));
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

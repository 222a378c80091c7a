// What the operator may ask of memory, in process or through the server: see it, search it, correct it, forget.
import type { ForgottenNote, LeftNote, MemoryFinding } from './memory.ts';
import type { Sight } from './sight.ts';
import type { Kept, TextDraft, TextPage } from './text-page.ts';

/** One file of memory. */
export interface MemoryFile {
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
  /** Whether a search looks into it; else why not. */
  readonly state: 'indexed' | LeftNote['why'];
}

/** How large memory is, and what a prompt holds of it. */
export interface MemoryStats {
  readonly agentId: string;
  readonly files: number;
  readonly bytes: number;
  readonly left: readonly LeftNote[];
  /** Whether changes are seen as they happen; false: each search compares all files. */
  readonly followed: boolean;
  /** MEMORY.md in the prompt: bytes that are in and may be in; notes and bytes of it that found no room. Replaced notes are not counted. */
  readonly digest: { readonly bytes: number; readonly most: number; readonly leftNotes: number; readonly leftBytes: number };
}

/** What one conversation can see. */
export interface SessionSight extends Sight {
  readonly sessionId: string;
  readonly agentId: string;
  readonly title: string;
}

/** `agentId`: else the agent that answers. `not-found` for an agent that is none, `path-refused` for a path that is no place of memory. */
export interface MemoryAdmin {
  list(agentId?: string): Promise<{ readonly agentId: string; readonly files: readonly MemoryFile[] }>;
  stats(agentId?: string): Promise<MemoryStats>;
  search(query: string, limit: number, agentId?: string): Promise<MemoryFinding>;
  /** `too-large` over 512 KiB. */
  show(path: string, agentId?: string): Promise<TextPage>;
  /** `hash`: of what is to be replaced; "absent" for a new file. `conflict` where the file is another by now. */
  save(page: TextDraft, agentId?: string): Promise<Kept & { readonly hash: string }>;
  /** `what` as in MemoryStore. */
  forget(path: string, what: string, agentId?: string): Promise<Kept & ForgottenNote>;
  /** Reads all files again. */
  reindex(agentId?: string): Promise<MemoryStats>;
  /** Of this conversation; `not-found` where there is none. */
  sight(sessionId: string): Promise<SessionSight>;
  /** Of the conversations that were used last. */
  sights(limit: number): Promise<readonly SessionSight[]>;
}

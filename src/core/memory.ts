// Memory is Markdown in the workspace; this is what the rest of CoPaw may ask of it.
import type { MemoryHit } from './tool.ts';

export interface MemoryStore {
  /** A short, byte-stable summary for the prompt (at most about 2 kB); empty when there is nothing. */
  digest(agentId: string): Promise<string>;
  /** Best first. */
  search(agentId: string, query: string, limit: number): Promise<readonly MemoryHit[]>;
  /** Appends to MEMORY.md, PROFILE.md or a note below memory/; refuses other paths (`path-refused`). Read back before it resolves. */
  write(agentId: string, path: string, text: string): Promise<void>;
}

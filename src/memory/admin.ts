// Memory as the operator sees and corrects it. A change is kept for an undo and written into the audit log; what a secret is in is not changed from here.
import type { Origin } from '../core/address.ts';
import { CoPawError } from '../core/error.ts';
import type { FileInfo, Files } from '../core/files.ts';
import { isMemoryPath } from '../core/memory.ts';
import type { MemoryAdmin, MemoryStats, SessionSight } from '../core/memory-admin.ts';
import type { Session } from '../core/session.ts';
import type { Sight } from '../core/sight.ts';
import type { Kept, TextPages } from '../core/text-page.ts';
import { digestBytes } from './digest.ts';
import { memoryFiles } from './follow.ts';
import type { Memory } from './memory.ts';

export interface MemoryAdminParts {
  readonly memory: Memory;
  readonly files: (agentId: string) => Files;
  readonly pages: TextPages;
  /** The agent itself, or the one that answers; throws `not-found`. */
  readonly agent: (agentId: string | undefined) => string;
  /** Makes one change with what is there kept first. */
  readonly keep: <T>(agentId: string, path: string, make: () => Promise<T>) => Promise<Kept & { readonly made: T }>;
  readonly audit: (kind: string, detail: Readonly<Record<string, string | number | boolean>>) => Promise<void>;
  readonly redact: (text: string) => string;
  readonly sessions: { get(id: string): Promise<Session | undefined>; list(page: { readonly limit: number }): Promise<readonly Session[]> };
  /** Who spoke last in a conversation. */
  readonly originOf: (session: Session) => Promise<Origin>;
  readonly sight: (session: Session, origin: Origin) => Sight;
}

export function createMemoryAdmin(parts: MemoryAdminParts): MemoryAdmin {
  const { memory, files, agent } = parts;
  const all = async (agentId: string): Promise<readonly FileInfo[]> => memoryFiles(files(agentId));

  const stats = async (agentId: string): Promise<MemoryStats> => {
    await memory.follower.current(agentId);
    const found = await all(agentId);
    const { text, leftNotes, leftBytes } = await memory.digestOf(agentId);
    return {
      agentId,
      files: found.length,
      bytes: found.reduce((sum, { size }) => sum + size, 0),
      left: memory.follower.left(agentId),
      followed: memory.follower.followed(agentId),
      digest: { bytes: Buffer.byteLength(text), most: digestBytes, leftNotes, leftBytes },
    };
  };
  const seen = async (session: Session): Promise<SessionSight> => {
    const { id, agentId, title } = session;
    return { ...parts.sight(session, await parts.originOf(session)), sessionId: id, agentId, title: parts.redact(title) };
  };
  const isPlace = (path: string): void => {
    if (!isMemoryPath(path)) throw new CoPawError('path-refused', `Memory is kept in MEMORY.md, PROFILE.md and memory/<name>.md, not in ${path}.`);
  };

  return {
    async list(asked) {
      const agentId = agent(asked);
      await memory.follower.current(agentId);
      const left = new Map(memory.follower.left(agentId).map((one) => [one.path, one.why]));
      const found = (await all(agentId)).map(({ path, size, modifiedAt }) => ({
        path,
        bytes: size,
        modifiedAt,
        state: left.get(path) ?? ('indexed' as const),
      }));
      return { agentId, files: found };
    },
    stats: async (asked) => stats(agent(asked)),
    async search(query, limit, asked) {
      const found = await memory.search(agent(asked), query, limit);
      return { ...found, hits: found.hits.map((hit) => ({ ...hit, text: parts.redact(hit.text) })) };
    },
    async show(path, asked) {
      const agentId = agent(asked);
      isPlace(path);
      return parts.pages.show(agentId, path);
    },
    async save(page, asked) {
      const agentId = agent(asked);
      isPlace(page.path);
      const saved = await parts.pages.save(agentId, page);
      await parts.audit('memory-save', { agentId, path: page.path });
      return saved;
    },
    async forget(path, what, asked) {
      const agentId = agent(asked);
      const { made, ...kept } = await parts.keep(agentId, path, () => memory.forget(agentId, path, what));
      await parts.audit('memory-forget', { agentId, path, trash: made.trash });
      return { ...kept, ...made, text: parts.redact(made.text) };
    },
    async reindex(asked) {
      const agentId = agent(asked);
      await memory.follower.again(agentId);
      return stats(agentId);
    },
    async sight(sessionId) {
      const session = await parts.sessions.get(sessionId);
      if (!session) throw new CoPawError('not-found', `There is no conversation ${sessionId}.`, { next: 'See the list of conversations.' });
      return seen(session);
    },
    sights: async (limit) => Promise.all((await parts.sessions.list({ limit })).map(seen)),
  };
}

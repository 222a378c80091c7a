// Memory as the operator sees and corrects it. A change is kept for an undo and written into the audit log; what a secret is in is not changed from here.
import type { Origin } from '../core/address.ts';
import { CoPawError } from '../core/error.ts';
import type { FileInfo, Files } from '../core/files.ts';
import { isMemoryPath } from '../core/memory.ts';
import type { Kept, MemoryAdmin, MemoryStats, SessionSight } from '../core/memory-admin.ts';
import type { Session } from '../core/session.ts';
import type { Sight } from '../core/sight.ts';
import { sha256 } from '../lib/canonical-json.ts';
import { digestBytes } from './digest.ts';
import { memoryFiles } from './follow.ts';
import type { Memory } from './memory.ts';

/** A larger file is for an editor. */
const mostPage = 512 * 1024;

export interface MemoryAdminParts {
  readonly memory: Memory;
  readonly files: (agentId: string) => Files;
  /** The agent itself, or the one that answers; throws `not-found`. */
  readonly agent: (agentId: string | undefined) => string;
  /** Makes one change with what is there kept first. */
  readonly keep: <T>(agentId: string, path: string, make: () => Promise<T>) => Promise<Kept & { readonly made: T }>;
  readonly audit: (kind: string, detail: Readonly<Record<string, string | number | boolean>>) => Promise<void>;
  readonly redact: (text: string) => string;
  readonly tainted: (agentId: string, path: string, content: Uint8Array) => Promise<boolean>;
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
  const held = async (agentId: string, path: string): Promise<{ readonly bytes: Uint8Array; readonly info: FileInfo } | undefined> => {
    if (!isMemoryPath(path)) throw new CoPawError('path-refused', `Memory is kept in MEMORY.md, PROFILE.md and memory/<name>.md, not in ${path}.`);
    const info = await files(agentId).stat(path);
    if (info === undefined) return undefined;
    if (info.size > mostPage) throw new CoPawError('too-large', `${path} has ${info.size} bytes.`, { next: 'Open it in an editor.' });
    return { bytes: await files(agentId).read(path), info };
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
      const file = await held(agentId, path);
      if (!file) throw new CoPawError('path-missing', `There is no ${path} in memory.`, { next: 'See `copaw memory list`.' });
      const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(file.bytes);
      const shown = parts.redact(text);
      const fixed = shown !== text ? 'secret' : Buffer.from(text).equals(file.bytes) ? undefined : 'encoding';
      return {
        ...{ agentId, path, text: shown, hash: sha256(file.bytes), modifiedAt: file.info.modifiedAt },
        tainted: await parts.tainted(agentId, path, file.bytes),
        ...(fixed === undefined ? {} : { fixed }),
      };
    },
    async save({ path, text, hash }, asked) {
      const agentId = agent(asked);
      if (parts.redact(text) !== text) throw new CoPawError('invalid', 'The text holds the value of a secret; it was not saved.', { rule: 'R23' });
      const write = async (): Promise<string> => {
        const file = await held(agentId, path);
        if ((file ? sha256(file.bytes) : 'absent') !== hash)
          throw new CoPawError('conflict', `${path} was changed meanwhile; nothing was saved.`, { next: 'Read it again, then make your change there.' });
        await files(agentId).write(path, text);
        return sha256(Buffer.from(text));
      };
      const { made, ...kept } = await parts.keep(agentId, path, () => memory.alone(agentId, write));
      await parts.audit('memory-save', { agentId, path });
      return { ...kept, hash: made };
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

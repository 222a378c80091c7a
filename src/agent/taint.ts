// The mark of strangers' words as it travels: from what a tainted session writes, through files and memory, to each session that reads it.

import type { Admitted } from '../core/brand.ts';
import type { Files } from '../core/files.ts';
import type { Store } from '../core/store.ts';
import type { TaintMark } from '../core/taint.ts';
import type { CommandState, Place, ToolHands } from '../core/tool.ts';
import { sha256 } from '../lib/canonical-json.ts';
import type { Clock } from '../lib/clock.ts';
import { pathParts } from '../lib/relative-path.ts';
import { remember } from '../lib/remember.ts';

/** Files one look at a workspace compares; where there are more, all that changes counts as marked. */
const mostFiles = 10_000;
/** Background commands of tainted sessions for which that look is kept; of the others, all that is there in the end counts as marked. */
const mostBegun = 32;
/** What the prompt is made of. */
const promptFiles = ['AGENTS.md', 'SOUL.md', 'PROFILE.md', 'BOOTSTRAP.md', 'MEMORY.md'];

type Who = Pick<Place, 'agentId' | 'sessionId'>;

export interface Taint {
  /** The same hands, followed: what they read may taint, what they write may be marked. `tainted`: whether the session is by now. */
  watch(hands: ToolHands, tainted: () => boolean): { readonly hands: ToolHands; readonly read: () => boolean };
  /** Marks what a tainted session wrote past the hands. */
  mark(who: Who, path: string): Promise<void>;
  /** The session whose words a file holds, by its path, its content where that is given, or a command that may have written it; undefined for none. */
  markOf(agentId: string, path: string, content?: Uint8Array): Promise<string | undefined>;
  /** Whether a prompt of this agent holds strangers' words. */
  ofPrompt(agentId: string): Promise<boolean>;
  /** Whether a message holds them: words of a group, something passed on, and files. These are marked; the operator's count once they are read, pictures at once. */
  ofMessage(who: Who, envelope: Pick<Admitted, 'inbound' | 'origin'>): Promise<boolean>;
}

export function createTaint(parts: { readonly store: Pick<Store, 'taint'>; readonly files: (agentId: string) => Files; readonly clock: Clock }): Taint {
  const { clock } = parts;
  const { taint: store } = parts.store;
  /** What the workspace held when a background command began. */
  const begun = new Map<string, ReadonlyMap<string, string>>();

  const put = (who: Who, path: string, hash = ''): Promise<void> =>
    store.put({ agentId: who.agentId, path: pathParts(path).join('/'), sha256: hash, sessionId: who.sessionId, at: clock.now() });
  /** A command has no path of its own; this one no file can have. */
  const openMark = (who: Who, id: string): TaintMark => ({ ...who, path: `./${id}`, sha256: '', at: clock.now() });

  const findMark = async (agentId: string, path: string, content?: Uint8Array | string): Promise<TaintMark | undefined> => {
    const marks = await store.list(agentId);
    if (marks.length === 0) return undefined;
    const own = pathParts(path).join('/');
    const hash = content !== undefined && marks.some((mark) => mark.sha256 !== '') ? sha256(content) : undefined;
    const found = marks.find((mark) => mark.path === own) ?? marks.find((mark) => mark.sha256 === hash);
    if (found) return found;
    const open = marks.filter(isOpen);
    if (open.length === 0) return undefined;
    const changedAt = (await parts.files(agentId).stat(own))?.changedAt ?? 0;
    // Where the clock was set back since, no time says what came first.
    return open.find(({ at }) => changedAt >= at || at > clock.now());
  };
  const isMarked = async (agentId: string, path: string, content?: Uint8Array | string): Promise<boolean> =>
    (await findMark(agentId, path, content)) !== undefined;
  const anyBelow = async (agentId: string, paths: readonly string[]): Promise<boolean> => {
    const marked = new Set((await store.list(agentId)).map(({ path }) => path));
    return marked.size > 0 && paths.some((path) => marked.has(path));
  };
  /** Whether a command could have read strangers' words: some marked file is still there, or may be. */
  const anyThere = async (agentId: string): Promise<boolean> => {
    for (const mark of await store.list(agentId)) {
      if (isOpen(mark) || (await parts.files(agentId).stat(mark.path)) !== undefined) return true;
    }
    return false;
  };
  const look = async (agentId: string): Promise<ReadonlyMap<string, string>> => {
    const found = await parts.files(agentId).list('', { recursive: true, limit: mostFiles });
    return new Map(found.filter(({ kind }) => kind === 'file').map(({ path, changedAt, size }) => [path, `${changedAt}:${size}`]));
  };
  const markChanged = async (who: Who, before: ReadonlyMap<string, string> | undefined): Promise<void> => {
    const now = await look(who.agentId);
    for (const [path, stamp] of now) if (before?.get(path) !== stamp) await put(who, path);
    if (now.size >= mostFiles) await store.put(openMark(who, 'unlisted'));
  };

  const watchFiles = (files: Files, who: Who, seen: (yes: boolean) => void, tainted: () => boolean): Files => {
    const read = async (path: string, range?: { readonly offset: number; readonly length: number }): Promise<Uint8Array> => {
      const data = await files.read(path, range);
      seen(await isMarked(who.agentId, path, range === undefined ? data : undefined));
      return data;
    };
    return {
      ...files,
      read,
      readText: async (path) => new TextDecoder().decode(await read(path)),
      list: async (path, options) => {
        const found = await files.list(path, options);
        seen(
          await anyBelow(
            who.agentId,
            found.map((info) => info.path),
          ),
        );
        return found;
      },
      write: async (path, data) => {
        // First the mark: a crash in between leaves too many, never too few.
        if (tainted()) await put(who, path, sha256(data));
        await files.write(path, data);
        if (!tainted()) await store.remove(who.agentId, pathParts(path).join('/'));
      },
      trash: async (path) => {
        const id = await files.trash(path);
        await store.remove(who.agentId, pathParts(path).join('/'));
        return id;
      },
    };
  };

  return {
    watch(hands, before) {
      const { agentId } = hands.place;
      const who: Who = hands.place;
      let met = false;
      const seen = (yes: boolean): void => {
        met ||= yes;
      };
      const tainted = (): boolean => before() || met;
      const settle = async (state: CommandState): Promise<CommandState> => {
        const path = `./${state.id}`;
        const open = (await store.list(agentId)).some((mark) => mark.path === path);
        if (open || (await anyThere(agentId))) seen(true);
        if (state.running || !open) return state;
        await markChanged(who, begun.get(state.id));
        begun.delete(state.id);
        await store.remove(agentId, path);
        return state;
      };
      const shell: ToolHands['shell'] = {
        run: async (request, onOutput) => {
          seen(await anyThere(agentId));
          if (!tainted()) return hands.shell.run(request, onOutput);
          const held = await look(agentId);
          if (!request.background) {
            try {
              return await hands.shell.run(request, onOutput);
            } finally {
              await markChanged(who, held);
            }
          }
          const at = clock.now();
          const state = await hands.shell.run(request, onOutput);
          remember(begun, state.id, held, mostBegun);
          await store.put({ ...openMark(who, state.id), at });
          return state;
        },
        poll: async (id) => settle(await hands.shell.poll(id)),
        kill: async (id) => settle(await hands.shell.kill(id)),
      };
      const door = parts.files(agentId);
      const heldMarked = async (path: string): Promise<boolean> =>
        (await store.list(agentId)).length > 0 && (await door.stat(path))?.kind === 'file' && (await isMarked(agentId, path, await door.read(path)));
      /** First the mark: a crash in between leaves too many, never too few. What is there afterwards is marked by its bytes too. */
      const marking = async <T>(path: string, make: () => Promise<T>): Promise<T> => {
        if (tainted()) await put(who, path);
        const made = await make();
        if ((await door.stat(path)) === undefined) await store.remove(agentId, path);
        else if (tainted()) await put(who, path, sha256(await door.read(path)));
        return made;
      };
      const memory: ToolHands['memory'] = {
        search: async (query, limit) => {
          const found = await hands.memory.search(query, limit);
          // A note that was renamed is known by its bytes.
          for (const path of new Set(found.hits.map((hit) => hit.path))) seen((await isMarked(agentId, path)) || (await heldMarked(path)));
          return found;
        },
        read: async (path, from, lines) => {
          const read = await hands.memory.read(path, from, lines);
          seen(await heldMarked(path));
          return read;
        },
        // What they say of other notes of the file, in an answer or an error, may be strangers' words.
        write: async (note) => {
          if (note.replaces !== undefined) seen(await heldMarked(note.path));
          return marking(note.path, () => hands.memory.write(note));
        },
        forget: async (path, what) => {
          seen(await heldMarked(path));
          return marking(path, () => hands.memory.forget(path, what));
        },
      };
      const past = async <T>(found: Promise<T>, isTainted: (found: T) => boolean): Promise<T> => {
        seen(isTainted(await found));
        return found;
      };
      const sessions: ToolHands['sessions'] = {
        search: (query, limit) => past(hands.sessions.search(query, limit), (hits) => hits.some((hit) => hit.tainted)),
        read: (place, limit) => past(hands.sessions.read(place, limit), (words) => words.tainted),
      };
      return { hands: { ...hands, sessions, files: watchFiles(hands.files, who, seen, tainted), shell, memory }, read: () => met };
    },
    mark: (who, path) => put(who, path),
    markOf: async (agentId, path, content) => (await findMark(agentId, path, content))?.sessionId,
    async ofPrompt(agentId) {
      if ((await store.list(agentId)).length === 0) return false;
      for (const path of promptFiles) if (await isMarked(agentId, path)) return true;
      return false;
    },
    async ofMessage(who, { inbound, origin }) {
      if (inbound.kind !== 'message' || origin === 'unattended') return false;
      const { attachments = [] } = inbound;
      for (const { path } of attachments) await put(who, path);
      // Who wrote a file is not who sends it. The operator's taints once it is read; a picture is seen at once.
      if (origin === 'operator') return inbound.forwarded === true || attachments.some(({ mediaType }) => mediaType.startsWith('image/'));
      return origin === 'group' || attachments.length > 0 || inbound.forwarded === true;
    },
  };
}

const isOpen = ({ path }: TaintMark): boolean => path.startsWith('./');

// Keeps the index in step with the files. Nothing is read at start: an agent's files are compared by their stamps when its memory is first asked,
// and from then on followed by events. Where events cannot be trusted, they are compared again each time somebody asks.
import { CoPawError } from '../core/error.ts';
import type { FileInfo, Files } from '../core/files.ts';
import { isMemoryPath, type LeftNote } from '../core/memory.ts';
import type { Store } from '../core/store.ts';
import { breath, type Clock, type Timer } from '../lib/clock.ts';

/** A larger note is not read: it is left out of the index, and that is said. */
export const mostNoteBytes = 2 * 1024 * 1024;
/** Files of one agent that are looked at. */
const mostFiles = 100_000;
/** More names than this at once are compared as a whole: some events may have been lost. */
const burst = 256;
/** How long files must be quiet before they are read unasked: an editor may write in several steps. Milliseconds. */
const quietMs = 20;
/** File systems note times in steps of up to this many milliseconds: within one a file can change and look the same. */
const tickMs = 10;
/** Files and characters that are written into the index at once: each commit costs, and whoever is served meanwhile waits for its end, some 40 ms. */
export const batch = { files: 1_000, characters: 150_000 } as const;
/** So often, at the most, a search looks in the background for changes that no event told of, as on a network disk. Milliseconds. */
const distrustMs = 10 * 60_000;

export type WatchFolder = (agentId: string, folder: string, changed: (name: string | undefined) => void) => { close(): void } | undefined;

export interface ReadFile {
  readonly path: string;
  readonly stamp: string;
  readonly markdown: string;
}

export interface FollowParts {
  readonly files: (agentId: string) => Files;
  readonly stamps: Store['memoryIndex']['stamps'];
  /** Puts what files say into the index, in one commit; an empty stamp takes a file out. */
  readonly index: (agentId: string, files: readonly ReadFile[]) => Promise<void>;
  readonly clock: Pick<Clock, 'now' | 'steady' | 'after'>;
  /** Absent: files are compared whenever somebody asks. */
  readonly watch?: WatchFolder;
  /** What went wrong while nobody waited. */
  readonly onFault: (error: unknown) => void;
}

export interface Follower {
  /** Resolves when the index holds what the files held when it was called. */
  current(agentId: string): Promise<void>;
  /** Reads everything again. */
  again(agentId: string): Promise<void>;
  /** Notes that are not in the index, as it was found last. */
  left(agentId: string): readonly LeftNote[];
  /** Whether changes are told as they happen. */
  followed(agentId: string): boolean;
  /** Resolves when nothing is read or written any more. */
  close(): Promise<void>;
}

/** For a stamp that is not looked up: something happened to the file, so it is read, or taken out, whatever the index holds. */
const told = 'told';

interface Followed {
  readonly watches: Map<string, { close(): void }>;
  readonly dirty: Set<string>;
  readonly left: Map<string, LeftNote>;
  /** Everything is to be compared. */
  unsure: boolean;
  trusted: boolean;
  comparedAt: number;
  running?: Promise<void>;
  timer?: Timer;
}

export function createFollower({ files, stamps, index, clock, watch, onFault }: FollowParts): Follower {
  const agents = new Map<string, Followed>();
  let closed = false;
  const of = (agentId: string): Followed => {
    let known = agents.get(agentId);
    if (!known) {
      known = { watches: new Map(), dirty: new Set(), left: new Map(), unsure: true, trusted: false, comparedAt: clock.steady() };
      agents.set(agentId, known);
    }
    return known;
  };

  /** Gathers what was read and writes it in small commits, with a breath after each. */
  const writer = (agentId: string) => {
    let waiting: ReadFile[] = [];
    let characters = 0;
    const flush = async (): Promise<void> => {
      if (waiting.length === 0 || closed) return;
      const files = waiting;
      waiting = [];
      characters = 0;
      await index(agentId, files);
      await breath();
    };
    const add = async (path: string, stamp: string, markdown: string): Promise<void> => {
      waiting.push({ path, stamp, markdown });
      characters += markdown.length;
      if (waiting.length >= batch.files || characters >= batch.characters) await flush();
    };
    return { add, flush };
  };

  /** One file: into the index, or out of it. */
  const take = async (
    agentId: string,
    { add }: ReturnType<typeof writer>,
    info: FileInfo | undefined,
    path: string,
    known: string | undefined,
  ): Promise<void> => {
    if (closed) return;
    const { left } = of(agentId);
    left.delete(path);
    const out = async (why?: LeftNote['why']): Promise<void> => {
      if (why !== undefined) left.set(path, { path, bytes: info?.size ?? 0, why });
      if (known !== undefined) await add(path, '', '');
    };
    if (info?.kind !== 'file') return out();
    if (info.size > mostNoteBytes) return out('too-large');
    const stamp = `${info.changedAt}:${info.size}`;
    if (known === stamp) return;
    const fresh = Math.abs(clock.now() - info.changedAt) < tickMs;
    let text: string;
    try {
      text = await files(agentId).readText(path);
    } catch (error) {
      if (!(error instanceof CoPawError)) throw error;
      return error.code === 'path-missing' ? out() : out('unreadable');
    }
    await add(path, fresh ? `${stamp}?` : stamp, text);
  };

  const compare = async (agentId: string, state: Followed, readAll: boolean): Promise<void> => {
    if (closed) return;
    const door = files(agentId);
    // First the watch of a folder, then the look into it: what happens in between is told.
    for (const old of state.watches.values()) old.close();
    state.watches.clear();
    let folders = 0;
    const present = await memoryFiles(door, (folder) => {
      folders++;
      const made = watch?.(agentId, folder, (name) => onEvent(agentId, state, folder, name));
      if (made) state.watches.set(folder, made);
    });
    state.trusted = state.watches.size === folders;
    const known = await stamps(agentId);
    const there = new Set(present.map(({ path }) => path));
    const to = writer(agentId);
    for (const path of known.keys()) if (!there.has(path)) await to.add(path, '', '');
    for (const path of state.left.keys()) if (!there.has(path)) state.left.delete(path);
    for (const info of present) {
      const stamp = known.get(info.path);
      await take(agentId, to, info, info.path, readAll && stamp !== undefined ? `${stamp}!` : stamp);
    }
    await to.flush();
    state.comparedAt = clock.steady();
  };

  const onEvent = (agentId: string, state: Followed, folder: string, name: string | undefined): void => {
    if (closed) return;
    const path = folder === '' ? (name ?? '') : `${folder}/${name}`;
    if (name === undefined) state.unsure = true;
    else if (folder === '' && path !== 'memory' && !isMemoryPath(path)) {
      if (name !== agentId) return; // of the workspace itself the system gives its own name
      state.unsure = true;
    } else if (state.dirty.size >= burst) state.unsure = true;
    else state.dirty.add(path);
    if (state.unsure) state.dirty.clear();
    state.timer?.cancel();
    state.timer = clock.after(quietMs, () => void run(agentId).catch(onFault));
  };

  const step = async (agentId: string, state: Followed): Promise<void> => {
    if (state.unsure) {
      state.unsure = false;
      try {
        await compare(agentId, state, false);
      } catch (error) {
        state.unsure = true;
        throw error;
      }
      if (!state.trusted) state.unsure = true;
      return;
    }
    if (state.dirty.size === 0) return;
    const to = writer(agentId);
    try {
      for (const path of [...state.dirty]) {
        state.dirty.delete(path);
        const info = await files(agentId).stat(path).catch(refused);
        if (info?.kind === 'directory' || state.watches.has(path)) state.unsure = true;
        else if (isMemoryPath(path)) await take(agentId, to, info, path, told);
      }
      await to.flush();
    } catch (error) {
      state.unsure = true;
      throw error;
    }
    if (state.unsure) return step(agentId, state);
  };

  /** One at a time; whoever asks meanwhile waits for one that begins after. */
  const inOrder = (state: Followed, work: () => Promise<void>): Promise<void> => {
    const mine = (state.running ?? Promise.resolve()).then(work, work);
    state.running = mine;
    const done = (): void => {
      if (state.running === mine) delete state.running;
    };
    mine.then(done, done);
    return mine;
  };
  /** What goes on changing meanwhile is told, and read in a later run. */
  const run = (agentId: string): Promise<void> => {
    const state = of(agentId);
    return inOrder(state, async () => {
      const compared = state.unsure;
      await step(agentId, state);
      if (state.dirty.size > 0 || (state.unsure && !compared)) await step(agentId, state);
    });
  };

  return {
    async current(agentId) {
      const state = of(agentId);
      // What the system has told already counts: between the end of two turns of the event loop it is heard.
      await breath();
      await breath();
      if (state.unsure || state.dirty.size > 0 || state.running) return run(agentId);
      if (clock.steady() - state.comparedAt < distrustMs) return;
      state.comparedAt = clock.steady();
      state.unsure = true;
      run(agentId).catch(onFault);
    },
    again(agentId) {
      const state = of(agentId);
      return inOrder(state, async () => {
        await compare(agentId, state, true);
        state.unsure = !state.trusted;
      });
    },
    left: (agentId) => [...of(agentId).left.values()],
    followed: (agentId) => of(agentId).trusted,
    async close() {
      closed = true;
      for (const { timer } of agents.values()) timer?.cancel();
      // What is being read ends at its next file; the index is closed after that.
      await Promise.allSettled([...agents.values()].map(({ running }) => running));
      for (const { watches } of agents.values()) for (const one of watches.values()) one.close();
      agents.clear();
    },
  };
}

async function listed(door: Files, folder: string): Promise<readonly FileInfo[]> {
  try {
    return await door.list(folder, { limit: mostFiles });
  } catch (error) {
    if (error instanceof CoPawError) return []; // gone meanwhile, or not to be opened
    throw error;
  }
}

function refused(error: unknown): undefined {
  if (error instanceof CoPawError) return undefined;
  throw error;
}

/** All files of memory. `found` is told of each folder that has some or could get some, before it is looked into: the workspace first. */
export async function memoryFiles(door: Files, found: (folder: string) => void = () => undefined): Promise<readonly FileInfo[]> {
  found('');
  const top = await Promise.all(['MEMORY.md', 'PROFILE.md', 'memory'].map((path) => door.stat(path).catch(refused)));
  const infos = top.flatMap((info) => info ?? []);
  const notes: FileInfo[] = [];
  for (let info = infos.pop(); info !== undefined && notes.length < mostFiles; info = infos.pop()) {
    if (info.kind === 'file' && isMemoryPath(info.path)) notes.push(info);
    if (info.kind !== 'directory' || !isMemoryPath(`${info.path}/x.md`)) continue;
    found(info.path);
    infos.push(...(await listed(door, info.path)));
  }
  return notes.sort((one, other) => (one.path < other.path ? -1 : 1));
}

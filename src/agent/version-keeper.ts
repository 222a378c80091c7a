// What a tool is about to change is kept first. Stands around the hands of a call, outside the taint's watch: it sees marks as they were before the change.
import { CoPawError } from '../core/error.ts';
import type { Files } from '../core/files.ts';
import type { Store } from '../core/store.ts';
import type { ToolHands } from '../core/tool.ts';
import type { FileChange, VersionKeep } from '../core/undo.ts';
import { sha256 } from '../lib/canonical-json.ts';
import type { Clock } from '../lib/clock.ts';
import { oneAtATime } from '../lib/one-at-a-time.ts';
import { pathParts } from '../lib/relative-path.ts';
import { filesBelow, type HeldContent, heldAt, mostKept } from './held-content.ts';
import type { Taint } from './taint.ts';

export interface VersionKeeper {
  /** The same hands. `changed`: the paths they changed so far; `notes`: what to tell of changes that no undo can take back. */
  watch(hands: ToolHands): { readonly hands: ToolHands; readonly changed: () => readonly string[]; readonly notes: () => readonly string[] };
  /** Makes one change, with what is there kept first. Call it inside `alone`. `noted`: what was written down; nothing where the content stays the same. */
  change<T>(what: IntendedChange, make: () => Promise<T>): Promise<{ readonly made: T; readonly noted: readonly FileChange[] }>;
  /** No tool writes or deletes a file while `work` runs. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

export type IntendedChange = Pick<FileChange, 'agentId' | 'sessionId' | 'turnId' | 'callId' | 'undoes' | 'path'> & {
  /** As in FileChange; absent: what is there afterwards is looked up. A change to "absent" moves the path to the trash and hands back the id there. */
  readonly after?: string;
  /** Moves what cannot be kept to the trash, before it would be lost, and hands back the id there. */
  readonly aside?: () => Promise<string>;
};

export interface VersionKeeperParts {
  readonly store: Pick<Store, 'versions'>;
  readonly files: (agentId: string) => Files;
  readonly taint: Pick<Taint, 'markOf'>;
  readonly clock: Clock;
  readonly keep: () => VersionKeep;
}

export function createVersionKeeper(parts: VersionKeeperParts): VersionKeeper {
  const { versions } = parts.store;
  const alone = oneAtATime();

  const note = async (what: IntendedChange, { hash, content }: HeldContent): Promise<FileChange> => {
    const { after = '', aside: _, ...place } = what;
    const mark = hash === 'absent' ? undefined : await parts.taint.markOf(what.agentId, what.path, content);
    const change = { ...place, before: hash, after, at: parts.clock.now(), ...(mark === undefined ? {} : { mark }) };
    return versions.add(change, content, parts.keep()).catch(notKept);
  };
  /** Forgets changes that failed, where it is certain that nothing happened. */
  const takeBack = async (files: Files, noted: readonly FileChange[]): Promise<void> => {
    for (const { path, before, seq } of noted) {
      const now = await heldAt(files, path, mostKept).catch(() => undefined);
      if (now?.hash === before) await versions.remove(seq);
    }
  };
  const change: VersionKeeper['change'] = async (what, make) => {
    const files = parts.files(what.agentId);
    const present = await heldAt(files, what.path, mostKept).catch(refusedAsUndefined);
    // What the door does not show it does not change either: its refusal is for the tool to see.
    if (present === undefined || present.hash === what.after) return { made: await make(), noted: [] };
    const below = present.kind === 'directory' && what.after === 'absent' ? await filesBelow(files, what.path) : undefined;
    const noted: FileChange[] = [];
    try {
      if (below === undefined) noted.push(await note(what, present));
      else for (const path of below) noted.push(await note({ ...what, path }, await heldAt(files, path, mostKept)));
      const unkept = noted.filter(({ before }) => before === 'unkept');
      const inTrash = async (trash: unknown): Promise<void> => {
        if (typeof trash === 'string') for (const { seq } of unkept) await versions.settle(seq, { trash });
      };
      if (what.after !== 'absent' && unkept.length > 0) await inTrash(await what.aside?.());
      const made = await make();
      if (what.after === 'absent') await inTrash(made);
      if (what.after === undefined) for (const { seq } of noted) await versions.settle(seq, { after: (await heldAt(files, what.path, mostKept)).hash });
      return { made, noted };
    } catch (error) {
      await takeBack(files, noted);
      throw error;
    }
  };

  return {
    alone,
    change,
    watch(hands) {
      const { agentId, sessionId, turnId, callId } = hands.place;
      const changed = new Set<string>();
      const notes: string[] = [];
      const keep = async <T>(path: string, after: string | undefined, make: () => Promise<T>): Promise<T> => {
        if (parts.keep().megabytes === 0) return make();
        const what = { agentId, sessionId, turnId, callId, path: pathParts(path).join('/'), ...(after === undefined ? {} : { after }) };
        const { made, noted } = await alone(() => change(what, make));
        for (const one of noted) {
          changed.add(one.path);
          if (one.before === 'unkept')
            notes.push(`What ${one.path} held is too large to keep${after === 'absent' ? ' outside the trash' : ''}: undo cannot bring it back.`);
        }
        return made;
      };
      return {
        hands: {
          ...hands,
          files: {
            ...hands.files,
            // The hands are asked first: of a path that the plan does not list nothing is read.
            write: async (path, data) => {
              await hands.files.stat(path);
              return keep(path, sha256(data), () => hands.files.write(path, data));
            },
            trash: async (path) => {
              await hands.files.stat(path);
              return keep(path, 'absent', () => hands.files.trash(path));
            },
          },
          memory: {
            ...hands.memory,
            write: (note) => keep(note.path, undefined, () => hands.memory.write(note)),
            forget: (path, what) => keep(path, undefined, () => hands.memory.forget(path, what)),
          },
        },
        changed: () => [...changed],
        notes: () => notes,
      };
    },
  };
}

function notKept(cause: unknown): never {
  throw new CoPawError('tool-failed', 'What is there now could not be kept for an undo, so nothing was changed.', {
    cause,
    next: 'Make room on the disk of the home, or set undo.megabytes to 0.',
  });
}

function refusedAsUndefined(error: unknown): undefined {
  if (error instanceof CoPawError) return undefined;
  throw error;
}

// Takes back what a turn did to files: each path gets what it held before, unless somebody changed it since. An undo is kept as a change itself.
import type { AuditDoor } from '../core/audit.ts';
import { CoPawError } from '../core/error.ts';
import type { Files } from '../core/files.ts';
import type { Store } from '../core/store.ts';
import type { FileChange, LeftWhy, UndoAdmin, UndoneFile, UndoReport } from '../core/undo.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import { filesBelow, type HeldContent, heldAt, mostCompared } from './held-content.ts';
import type { VersionKeeper } from './version-keeper.ts';

export interface UndoParts {
  readonly store: Pick<Store, 'versions' | 'turns' | 'entries' | 'taint'>;
  readonly files: (agentId: string) => Files;
  readonly keeper: VersionKeeper;
  readonly audit: Pick<AuditDoor, 'append'>;
  readonly clock: Clock;
  readonly ids: Ids;
  /** For the audit: "cli", "console:device-id". */
  readonly by: string;
}

/** What is to be done with one path. */
type Step = UndoneFile & {
  /** The change whose `before` it gets. */
  readonly to?: FileChange;
};

/** Reasons that a person, or another moment, may overcome: such a turn does not count as undone. */
const passing: ReadonlySet<LeftWhy | undefined> = new Set<LeftWhy>(['changed-since', 'changed-during', 'refused']);

export function createUndo({ store, files, keeper, audit, clock, ids, by }: UndoParts): UndoAdmin {
  /** What is at a path once the paths in `cleared` are gone: a file in its way may be one of them, and so may all that is in a folder. */
  const presentAt = async ({ agentId, path }: FileChange, cleared: ReadonlySet<string>): Promise<HeldContent> => {
    const absent = { kind: 'absent', hash: 'absent' } as const;
    if (pathsAbove(path).some((above) => cleared.has(above))) return absent;
    const present = await heldAt(files(agentId), path, mostCompared);
    const below = present.kind === 'directory' ? await filesBelow(files(agentId), path) : undefined;
    return below?.every((one) => cleared.has(one)) ? absent : present;
  };
  /** Looks at one path. `changes` are the turn's of this path, oldest first. */
  const decide = async (changes: readonly FileChange[], force: boolean, cleared: ReadonlySet<string>): Promise<Step> => {
    const [first, last] = [changes[0], changes.at(-1)];
    if (!first || !last) throw new Error('A path without a change.');
    const { path } = first;
    const present = await presentAt(first, cleared).catch(refusalOf);
    if (present instanceof CoPawError) return left(path, 'refused', present.message);
    if (present.kind === 'directory') return left(path, 'changed-since', 'There is a folder now.');
    if (present.hash === first.before && present.hash !== 'unkept') return { path, result: 'same' };
    if (!force && present.hash !== last.after) return left(path, 'changed-since', 'It was changed since.');
    let at = changes.length - 1;
    while (at > 0 && (force || changes[at - 1]?.after === changes[at]?.before)) at--;
    const to = changes[at] ?? first;
    if (to.before === 'unkept')
      return left(path, 'not-kept', `What it held was too large to keep${to.trash === undefined ? '' : `; it is in the trash as ${to.trash}`}.`);
    if (to.before === present.hash) return { path, result: 'same' };
    const partly = at === 0 ? {} : { why: 'changed-during' as const, detail: 'Somebody else changed it while the turn went on; it holds that again.' };
    return { path, result: to.before === 'absent' ? 'removed' : 'restored', ...partly, to };
  };

  /** Does it; what cannot be done after all is left. */
  const restore = async (step: Step, undoId: string): Promise<{ readonly step: Step; readonly changed: boolean }> => {
    const { path, to } = step;
    if (!to) return { step, changed: false };
    const { agentId, sessionId, turnId, before } = to;
    const own = { agentId, sessionId, turnId: undoId, callId: undoId, undoes: turnId, path };
    const door = files(agentId);
    const content = before === 'absent' ? undefined : await store.versions.content(before);
    if (before !== 'absent' && content === undefined) return { step: left(path, 'gone', 'What it held is not kept any more.'), changed: false };
    const make = async (): Promise<unknown> => {
      if (content === undefined) return door.trash(path);
      // First the mark: a crash in between leaves too many, never too few.
      if (to.mark !== undefined) await store.taint.put({ agentId, path, sha256: before, sessionId: to.mark, at: clock.now() });
      return door.write(path, content);
    };
    try {
      // Here only where nothing is in it: a folder of the turn's own, left empty by this undo.
      if (content !== undefined && (await door.stat(path))?.kind === 'directory') await door.trash(path);
      const { noted } = await keeper.change({ ...own, after: before, aside: () => door.trash(path) }, make);
      if (to.mark === undefined) await store.taint.remove(agentId, path);
      return { step, changed: noted.length > 0 };
    } catch (error) {
      if (!(error instanceof CoPawError)) throw error;
      return { step: left(path, 'refused', error.message), changed: false };
    }
  };

  return {
    recent: (filter) => store.versions.turns(filter),
    async undo(turnId, { force, dryRun }) {
      const turn = await store.turns.get(turnId);
      if (turn && turn.outcome === undefined)
        throw new CoPawError('conflict', `The turn ${turnId} still goes on.`, { next: 'Stop it, or wait for its end; after a crash it ends once CoPaw runs.' });
      const commands = (await store.entries.ofTurn(turnId)).some(({ event }) => event.type === 'tool-start' && event.name === 'run_command');
      return keeper.alone(async (): Promise<UndoReport> => {
        const changes = await store.versions.ofTurn(turnId);
        const newest = changes.at(-1);
        if (!newest) {
          const next = commands ? 'What commands did is not undone.' : 'See `copaw undo --list`.';
          throw new CoPawError('not-found', `No change of files is kept of the turn ${turnId}.`, { next });
        }
        const { agentId, sessionId } = newest;
        const paths = [...Map.groupBy(changes.toReversed(), ({ path }) => path).values()].map((own) => own.toReversed());
        /** Goes through the paths, the one changed last first. */
        const walk = async (act: (step: Step) => Promise<Step>): Promise<readonly Step[]> => {
          const steps: Step[] = [];
          const cleared = new Set<string>();
          for (const own of paths) {
            const step = await act(await decide(own, force, cleared));
            if (step.result === 'removed') cleared.add(step.path);
            steps.push(step);
          }
          return steps;
        };
        const report = { turnId, agentId, sessionId, dryRun, commands };
        const preview = await walk(async (step) => step);
        if (dryRun) return { ...report, files: preview.map(shown) };
        const undoId = ids('undo');
        const work = preview.filter(({ to }) => to !== undefined).length;
        if (work > 0) await audit.append('undo', { actor: by, turnId, undoId, files: work, left: preview.length - work, force });
        let changed = false;
        const done = await walk(async (step) => {
          const restored = await restore(step, undoId);
          changed ||= restored.changed;
          return restored.step;
        });
        if (!done.some(({ why }) => passing.has(why))) await store.versions.setUndone(turnId, undoId);
        return { ...report, ...(changed ? { undoId } : {}), files: done.map(shown) };
      });
    },
  };
}

/** The folders a path goes through. */
const pathsAbove = (path: string): readonly string[] => path.split('/').flatMap((_, index, all) => (index === 0 ? [] : [all.slice(0, index).join('/')]));

const left = (path: string, why: LeftWhy, detail: string): Step => ({ path, result: 'left', why, detail });

const shown = ({ path, result, why, detail }: Step): UndoneFile => ({
  path,
  result,
  ...(why === undefined ? {} : { why }),
  ...(detail === undefined ? {} : { detail }),
});

function refusalOf(error: unknown): CoPawError {
  if (error instanceof CoPawError) return error;
  throw error;
}

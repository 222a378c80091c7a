// The daily sweep: what is older than it is kept leaves, a little at a time. Files of a workspace leave through its path door, by way of the trash.
import { CoPawError } from '../core/error.ts';
import type { Files } from '../core/files.ts';
import type { AgedRows, RetentionKeep } from '../core/retention.ts';
import type { Store } from '../core/store.ts';
import type { TrashFolder } from './trash-folder.ts';

export interface SweepParts {
  readonly store: { readonly retention: Store['retention']; readonly taint: Pick<Store['taint'], 'remove'> };
  readonly keep: () => RetentionKeep;
  readonly trash: TrashFolder;
  /** Agents that have a workspace, also those that config.json names no more. */
  readonly agents: () => Promise<readonly string[]>;
  readonly files: (agentId: string) => Files;
  /** Of one thing that could not be removed; the others are. */
  readonly onFault: (error: unknown) => void;
}

/** How many of each kind left. */
export type Swept = Record<AgedRows | 'output' | 'trash', number>;

/** Long results of tools, and answers that went out as files. */
const outputFolder = '.copaw/output';
/** Files of one folder that are looked at. */
const mostListed = 100_000;
const dayMs = 24 * 60 * 60_000;

/** Ends early, between two steps, once `signal` is aborted. */
export async function sweep(parts: SweepParts, now: number, signal: AbortSignal): Promise<Swept> {
  const { retention } = parts.store;
  const { outputDays, trashDays, journalDays, usageDays } = parts.keep();
  const swept: Swept = { messages: 0, parts: 0, steps: 0, approvals: 0, jobs: 0, usage: 0, output: 0, trash: 0 };
  const daysOf: Readonly<Record<AgedRows, number>> = {
    ...{ messages: journalDays, parts: journalDays, steps: journalDays, approvals: journalDays, jobs: journalDays },
    usage: usageDays,
  };
  for (const [kind, days] of Object.entries(daysOf) as [AgedRows, number][]) {
    for (let dropped = days > 0 ? 1 : 0; dropped > 0 && !signal.aborted; await pause()) {
      dropped = await retention.drop(kind, now - days * dayMs);
      swept[kind] += dropped;
    }
  }
  if (trashDays > 0) {
    for (const thing of await parts.trash.before(now - trashDays * dayMs))
      if (!signal.aborted) swept.trash += await counted(parts.trash.remove(thing), parts.onFault);
  }
  if (outputDays > 0) {
    for (const agentId of await parts.agents()) if (!signal.aborted) swept.output += await sweepOutput(parts, agentId, now - outputDays * dayMs, signal);
  }
  while (!signal.aborted && (await retention.giveBack())) await pause();
  return swept;
}

async function sweepOutput({ store, trash, files, onFault }: SweepParts, agentId: string, before: number, signal: AbortSignal): Promise<number> {
  const door = files(agentId);
  const found = await door.list(outputFolder, { limit: mostListed }).catch((error: unknown) => {
    if (error instanceof CoPawError) return []; // none there, or a command put something else in its place
    throw error;
  });
  const moved = new Set<string>();
  for (const { path, kind, changedAt } of found) {
    if (kind !== 'file' || changedAt >= before || signal.aborted) continue;
    const move = async (): Promise<void> => {
      moved.add(await door.trash(path));
      await store.taint.remove(agentId, path);
    };
    await counted(move(), onFault);
  }
  let removed = 0;
  // What is not removed now, for want of time or because a command swapped it for a folder, has its days in the trash like anything else.
  for (const thing of moved.size === 0 ? [] : await trash.named(moved)) removed += await counted(trash.removeFile(thing), onFault);
  return removed;
}

async function counted(work: Promise<void>, onFault: (error: unknown) => void): Promise<number> {
  try {
    await work;
    return 1;
  } catch (error) {
    onFault(error);
    return 0;
  }
}

/** Whatever else is to be done comes first. */
const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

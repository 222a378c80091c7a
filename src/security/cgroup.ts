// Caps that hold for root (R16): one control group per command, v2 or else the v1 pids and memory controllers.
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Caps, type CgroupLayout, findCgroupLayout, groupFiles, memoryKillsIn } from '../lib/cgroup-layout.ts';
import { systemCode } from '../lib/system-error.ts';

export interface ControlGroup {
  /** A process enters by writing its id into `cgroup.procs` of each. */
  readonly folders: readonly string[];
  /** How many processes were killed for want of memory. */
  memoryKills(): number;
  /** Ids of the processes inside. */
  members(): readonly number[];
  /** False while processes are left. */
  remove(): boolean;
}

export interface ControlGroups {
  /** Throws when the group cannot be made or a cap cannot be set. */
  create(name: string, limits: Caps): ControlGroup;
}

/** The control groups this process may make, or undefined: not root, not mounted, or read-only. */
export function findControlGroups(): ControlGroups | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const layout = findCgroupLayout(readText('/proc/self/cgroup'), readText('/proc/self/mountinfo'), readText);
  if (layout === undefined) return undefined;
  const groups: ControlGroups = { create: (name, limits) => createGroup(layout, `copaw-${process.pid}-${name}`, limits) };
  try {
    sweep(layout);
    groups.create(`probe-${randomUUID()}`, { memoryMb: 64, processes: 8 }).remove();
    return groups;
  } catch {
    return undefined;
  }
}

function createGroup(layout: CgroupLayout, name: string, limits: Caps): ControlGroup {
  const { folders, caps, swapCap, events } = groupFiles(layout, name, limits);
  const remove = (): boolean => folders.map(removeFolder).every((gone) => gone);
  try {
    for (const folder of folders) mkdirSync(folder);
    for (const [path, text] of caps) writeFileSync(path, text);
  } catch (error) {
    remove();
    throw error;
  }
  try {
    writeFileSync(...swapCap);
  } catch {
    // A kernel without swap accounting.
  }
  return {
    folders,
    memoryKills: () => memoryKillsIn(readText(events)),
    members: () => [...new Set(folders.flatMap((folder) => readText(join(folder, 'cgroup.procs')).split('\n').map(Number)))].filter((id) => id > 0),
    remove,
  };
}

/** Removes the groups of processes that are gone. */
function sweep({ parents }: CgroupLayout): void {
  for (const folder of parents.flatMap((parent) => readdirSync(parent).map((name) => join(parent, name)))) {
    const owner = /\/copaw-(\d+)-[^/]*$/.exec(folder)?.[1];
    if (owner !== undefined && readText(`/proc/${owner}/stat`) === '') removeFolder(folder);
  }
}

function removeFolder(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    return systemCode(error) === 'ENOENT';
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

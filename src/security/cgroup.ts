// Caps that hold for root (R16): one control group per command, v2 or else the v1 pids and memory controllers.
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

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

interface Caps {
  readonly memoryMb: number;
  readonly processes: number;
}

interface Layout {
  readonly version: 1 | 2;
  /** Folders new groups are made in; for v1 pids, then memory. */
  readonly parents: readonly string[];
}

/** The control groups this process may make, or undefined: not root, not mounted, or read-only. */
export function findControlGroups(): ControlGroups | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const layout = findLayout();
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

function createGroup({ version, parents }: Layout, name: string, limits: Caps): ControlGroup {
  const folders = parents.map((parent) => join(parent, name));
  const memory = folders.at(-1) ?? '';
  const bytes = String(limits.memoryMb * 2 ** 20);
  const remove = (): boolean => folders.map(removeFolder).every((gone) => gone);
  try {
    for (const folder of folders) mkdirSync(folder);
    writeFileSync(join(folders[0] ?? '', 'pids.max'), String(limits.processes));
    writeFileSync(join(memory, version === 2 ? 'memory.max' : 'memory.limit_in_bytes'), bytes);
  } catch (error) {
    remove();
    throw error;
  }
  try {
    writeFileSync(join(memory, version === 2 ? 'memory.swap.max' : 'memory.memsw.limit_in_bytes'), version === 2 ? '0' : bytes);
  } catch {
    // A kernel without swap accounting.
  }
  return {
    folders,
    memoryKills: () => Number(/^oom_kill (\d+)$/m.exec(readText(join(memory, version === 2 ? 'memory.events' : 'memory.oom_control')))?.[1] ?? 0),
    members: () => [...new Set(folders.flatMap((folder) => readText(join(folder, 'cgroup.procs')).split('\n').map(Number)))].filter((id) => id > 0),
    remove,
  };
}

function findLayout(): Layout | undefined {
  const own = readText('/proc/self/cgroup')
    .split('\n')
    .map((line) => /^\d+:([^:]*):(.*)$/.exec(line))
    .map((match) => ({ controllers: (match?.[1] ?? '').split(','), path: match?.[2] ?? '/' }));
  const mounts = readText('/proc/self/mountinfo')
    .split('\n')
    .map((line) => /^\d+ \d+ \S+ (\S+) (\S+) .* - (cgroup2?) \S+ (\S+)$/.exec(line))
    .flatMap((match) => (match ? [{ root: match[1] ?? '/', point: match[2] ?? '', type: match[3], options: (match[4] ?? '').split(',') }] : []));
  const folderOf = (controller: string): string | undefined => {
    const mount = mounts.find(({ type, options }) => (controller === '' ? type === 'cgroup2' : type === 'cgroup' && options.includes(controller)));
    const path = own.find(({ controllers }) => controllers.includes(controller))?.path;
    if (mount === undefined || path === undefined) return undefined;
    const below = relative(mount.root, path);
    return below.startsWith('..') ? mount.point : join(mount.point, below);
  };
  // v2 lets no process live beside child groups: the nearest ancestor that hands both controllers down takes them.
  const unified = mounts.find(({ type }) => type === 'cgroup2')?.point;
  for (let folder = folderOf(''); unified !== undefined && folder?.startsWith(unified); folder = dirname(folder)) {
    const handed = readText(join(folder, 'cgroup.subtree_control')).trim().split(' ');
    if (handed.includes('memory') && handed.includes('pids')) return { version: 2, parents: [folder] };
  }
  const [pids, memory] = [folderOf('pids'), folderOf('memory')];
  return pids === undefined || memory === undefined ? undefined : { version: 1, parents: [pids, memory] };
}

/** Removes the groups of processes that are gone. */
function sweep({ parents }: Layout): void {
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
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

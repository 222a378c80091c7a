// Where new control groups can be made, read from the kernel's own tables, and what is written there. Pure text work.
import { dirname, join, relative } from 'node:path';

export interface CgroupLayout {
  readonly version: 1 | 2;
  /** Folders new groups are made in; for v1 pids, then memory. */
  readonly parents: readonly string[];
}

/** `own`: /proc/self/cgroup. `mountInfo`: /proc/self/mountinfo. `readText`: a file's text, empty where there is none. */
export function findCgroupLayout(own: string, mountInfo: string, readText: (path: string) => string): CgroupLayout | undefined {
  const groups = own
    .split('\n')
    .map((line) => /^\d+:([^:]*):(.*)$/.exec(line))
    .map((match) => ({ controllers: (match?.[1] ?? '').split(','), path: match?.[2] ?? '/' }));
  const mounts = mountInfo
    .split('\n')
    .map((line) => /^\d+ \d+ \S+ (\S+) (\S+) .* - (cgroup2?) \S+ (\S+)$/.exec(line))
    .flatMap((match) => (match ? [{ root: match[1] ?? '/', point: match[2] ?? '', type: match[3], options: (match[4] ?? '').split(',') }] : []));
  const folderOf = (controller: string): string | undefined => {
    const mount = mounts.find(({ type, options }) => (controller === '' ? type === 'cgroup2' : type === 'cgroup' && options.includes(controller)));
    const path = groups.find(({ controllers }) => controllers.includes(controller))?.path;
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

export interface GroupFiles {
  /** To be made, and entered by writing a process id into `cgroup.procs` of each. */
  readonly folders: readonly string[];
  /** Paths and texts: the caps, and one that a kernel without swap accounting does not take. */
  readonly caps: readonly (readonly [path: string, text: string])[];
  readonly swapCap: readonly [path: string, text: string];
  /** For `memoryKillsIn`. */
  readonly events: string;
}

export interface Caps {
  readonly memoryMb: number;
  readonly processes: number;
}

export function groupFiles({ version, parents }: CgroupLayout, name: string, { memoryMb, processes }: Caps): GroupFiles {
  const folders = parents.map((parent) => join(parent, name));
  const memory = folders.at(-1) ?? '';
  const bytes = String(memoryMb * 2 ** 20);
  return {
    folders,
    caps: [
      [join(folders[0] ?? '', 'pids.max'), String(processes)],
      [join(memory, version === 2 ? 'memory.max' : 'memory.limit_in_bytes'), bytes],
    ],
    swapCap: version === 2 ? [join(memory, 'memory.swap.max'), '0'] : [join(memory, 'memory.memsw.limit_in_bytes'), bytes],
    events: join(memory, version === 2 ? 'memory.events' : 'memory.oom_control'),
  };
}

/** How many processes of the group were killed for want of memory. */
export function memoryKillsIn(events: string): number {
  return Number(/^oom_kill (\d+)$/m.exec(events)?.[1] ?? 0);
}

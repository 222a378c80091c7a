// Where new control groups can be made, read from the kernel's own tables. Pure text work.
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

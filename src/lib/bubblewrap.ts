// The arguments of bubblewrap as text: what a sandboxed command can see. What the host has is told; nothing is looked up here.
import { normalize } from 'node:path';
import { forwarderPort, forwarderScript } from './proxy-forwarder.ts';
import { etcFiles, systemFolders } from './sandbox-places.ts';
import { syntheticEtc } from './synthetic-etc.ts';

export interface BubblewrapText {
  /** Absolute host path; appears as /workspace, read-write. `cwd` is relative to it and already checked. */
  readonly workspace: string;
  readonly cwd: string;
  readonly argv: readonly string[];
  readonly network: boolean;
  readonly proc: boolean;
  /** Largest size of /tmp. */
  readonly scratchMb: number;
  /** Arguments that make /bin, /lib and their like what they are on the host. */
  readonly links: readonly string[];
  /** Content of /etc/resolv.conf. */
  readonly resolver: string;
  /** Host folders at the same path, to read and to change. */
  readonly readOnly: readonly string[];
  readonly writable: readonly string[];
  /** Socket of the proxy that is the only way out, and the Node that leads to it; then `network` is false. */
  readonly proxy: { readonly socket: string; readonly node: string } | undefined;
}

/** Where a command with a proxy finds what leads to it. */
const inside = { node: '/run/copaw/node', script: '/run/copaw/forward.cjs', socket: '/run/copaw/proxy' };

/** All that comes after the program name. `data[i]` must be readable, to its end, from file descriptor 3 + i. */
export function bubblewrapText(request: BubblewrapText): { readonly argv: readonly string[]; readonly data: readonly string[] } {
  const { workspace, network, proc, proxy } = request;
  const data: string[] = [];
  const texts = Object.entries({ ...syntheticEtc, '/etc/resolv.conf': request.resolver });
  const synthetic = texts.flatMap(([path, text]) => ['--perms', '0444', '--ro-bind-data', String(2 + data.push(text)), path]);
  const forwarder = proxy === undefined ? [] : ['--ro-bind', proxy.socket, inside.socket, '--ro-bind', proxy.node, inside.node];
  const script = proxy === undefined ? [] : ['--ro-bind-data', String(2 + data.push(forwarderScript)), inside.script];
  const argv = [
    ...['user', 'pid', 'ipc', 'uts', 'cgroup-try', ...(network ? [] : ['net'])].map((name) => `--unshare-${name}`),
    ...(proc ? ['--disable-userns'] : []),
    ...['--uid', '1000', '--gid', '1000', '--hostname', 'sandbox', '--cap-drop', 'ALL', '--die-with-parent', '--new-session'],
    ...request.links,
    ...[...systemFolders, ...etcFiles].flatMap((path) => ['--ro-bind-try', path, path]),
    ...synthetic,
    ...['--dev', '/dev', '--size', String(64 * 2 ** 20), '--tmpfs', '/dev/shm'],
    // As root the mapped user owns the host's kernel settings, so they are read-only; for the devices see the process door.
    ...['--remount-ro', '/dev', ...(proc ? ['--proc', '/proc', '--remount-ro', '/proc'] : [])],
    ...['--perms', '1777', '--size', String(request.scratchMb * 2 ** 20), '--tmpfs', '/tmp', '--symlink', '../tmp', '/var/tmp'],
    ...request.readOnly.flatMap((path) => ['--ro-bind', path, path]),
    ...request.writable.flatMap((path) => ['--bind', path, path]),
    ...forwarder,
    ...script,
    ...['--bind', workspace, '/workspace', '--remount-ro', '/', '--chdir', normalize(`/workspace/${request.cwd}`)],
    ...['--', ...(proxy === undefined ? [] : [inside.node, inside.script, inside.socket, String(forwarderPort)]), ...request.argv],
  ];
  return { argv, data };
}

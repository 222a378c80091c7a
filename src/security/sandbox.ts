// What a sandboxed command can see (R16): the bubblewrap arguments, and the PATH that holds inside. Starts nothing itself.
import { existsSync, lstatSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { basename, delimiter, dirname, isAbsolute, normalize } from 'node:path';
import { packageOf, pathFolders, tidyFolder, within } from '../lib/host-folders.ts';
import { syntheticEtc } from '../lib/synthetic-etc.ts';

export interface SandboxRequest {
  /** Absolute host path; appears as /workspace, read-write. `cwd` is relative to it and already checked. */
  readonly workspace: string;
  readonly cwd: string;
  readonly argv: readonly string[];
  readonly network: boolean;
  readonly proc: boolean;
  /** PATH of the host, its prefixes outside of homes bound read-only, and more folders to bind so. */
  readonly hostPath: string;
  readonly readOnly: readonly string[];
  /** Largest size of /tmp. */
  readonly scratchMb: number;
}

/** Where bubblewrap may be; never looked up in a PATH. */
const bubblewrapPlaces = ['/usr/bin/bwrap', '/bin/bwrap', '/usr/local/bin/bwrap', '/run/current-system/sw/bin/bwrap'];
const systemFolders = ['/usr', '/nix/store'];
const systemLinks = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];
const etcFiles = [
  ...['/etc/alternatives', '/etc/ssl/certs', '/etc/ssl/openssl.cnf', '/etc/pki/tls/certs', '/etc/pki/ca-trust', '/etc/crypto-policies'],
  ...['/etc/ld.so.cache', '/etc/ld.so.conf', '/etc/ld.so.conf.d', '/etc/localtime'],
];
/** Never bound from PATH or `sandbox.readOnly`: they hold secrets, live kernel state, or what the sandbox makes itself. */
const neverBound = ['/etc', '/proc', '/sys', '/dev', '/boot', '/workspace'];
const wholeNever = ['/tmp', '/var', '/run'];
const homes = ['/home', '/root'];

/** Absolute path of bubblewrap, or undefined when it is not installed. */
export function findBubblewrap(): string | undefined {
  return process.platform === 'linux' ? bubblewrapPlaces.find((path) => existsSync(path)) : undefined;
}

/** The whole argument list after the program name. `data[i]` must be readable, to its end, from file descriptor 3 + i. */
export function bubblewrapArguments(request: SandboxRequest): { readonly argv: readonly string[]; readonly data: readonly string[] } {
  const { workspace, network, proc } = request;
  const data: string[] = [];
  const resolver = network && existsSync('/etc/resolv.conf') ? readFileSync('/etc/resolv.conf', 'utf8') : '';
  const texts = Object.entries({ ...syntheticEtc, '/etc/resolv.conf': resolver });
  const synthetic = texts.flatMap(([path, text]) => ['--perms', '0444', '--ro-bind-data', String(2 + data.push(text)), path]);
  const argv = [
    ...['user', 'pid', 'ipc', 'uts', 'cgroup-try', ...(network ? [] : ['net'])].map((name) => `--unshare-${name}`),
    ...(proc ? ['--disable-userns'] : []),
    ...['--uid', '1000', '--gid', '1000', '--hostname', 'sandbox', '--cap-drop', 'ALL', '--die-with-parent', '--new-session'],
    ...systemLinks.flatMap(systemLink),
    ...[...systemFolders, ...etcFiles].flatMap((path) => ['--ro-bind-try', path, path]),
    ...synthetic,
    ...['--dev', '/dev', '--size', String(64 * 2 ** 20), '--tmpfs', '/dev/shm'],
    // As root the mapped user owns the host's kernel settings, so they are read-only; for the devices see process.ts.
    ...['--remount-ro', '/dev', ...(proc ? ['--proc', '/proc', '--remount-ro', '/proc'] : [])],
    ...['--perms', '1777', '--size', String(request.scratchMb * 2 ** 20), '--tmpfs', '/tmp', '--symlink', '../tmp', '/var/tmp'],
    ...boundFolders(request.hostPath, request.readOnly, workspace).flatMap((path) => ['--ro-bind', path, path]),
    ...['--bind', workspace, '/workspace', '--remount-ro', '/', '--chdir', normalize(`/workspace/${request.cwd}`)],
    ...['--', ...request.argv],
  ];
  return { argv, data };
}

/** The PATH a command sees inside, in the host's order, so that names mean the same files on both sides. Pass the workspace where it is known. */
export function sandboxPath(hostPath: string, readOnly: readonly string[], workspace?: string): string {
  const visible = [...systemFolders, ...systemLinks, ...boundFolders(hostPath, readOnly, workspace)];
  const kept = pathFolders(hostPath).filter((folder) => visible.some((root) => within(root, folder)));
  return kept.length === 0 ? '/usr/local/bin:/usr/bin:/bin' : [...new Set(kept)].join(delimiter);
}

/** Host folders that are bound beside the system: packages on the PATH outside of homes, and what the operator listed. */
function boundFolders(hostPath: string, readOnly: readonly string[], workspace: string | undefined): readonly string[] {
  const own = realFolder(userInfo().homedir) ?? '/root';
  const allHomes = [...homes, ...(own === '/' ? [] : [own])];
  const state = workspace === undefined ? [] : stateFolders(realFolder(workspace) ?? workspace);
  // Not around a home, a shared tree or CoPaw's own state, not inside a private tree; both as written and with links followed.
  const bindable = (folder: string, foreign: readonly string[]): boolean => {
    const both = [folder, realFolder(folder) ?? '/'];
    const around = [own, ...homes, ...wholeNever, ...state].some((path) => both.some((one) => within(one, path)));
    const inside = [...neverBound, ...foreign, ...state].some((root) => both.some((one) => within(root, one)));
    return !around && !inside && ![...systemFolders, ...systemLinks].some((root) => within(root, folder));
  };
  const fromPath = pathFolders(hostPath).map(packageOf);
  const asked = readOnly.filter(isAbsolute).map(tidyFolder);
  const all = [...fromPath.filter((folder) => bindable(folder, allHomes)), ...asked.filter((folder) => bindable(folder, []))];
  return [...new Set(all)].filter((folder) => !all.some((other) => other !== folder && within(other, folder)));
}

/** The workspace and, where it is laid out as CoPaw does, the home around it and the secrets beside that. */
function stateFolders(workspace: string): readonly string[] {
  const home = dirname(dirname(workspace));
  return basename(dirname(workspace)) === 'workspaces' && home !== '/' ? [workspace, home, `${home}.secret`] : [workspace];
}

function systemLink(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  return lstatSync(path).isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
}

function realFolder(path: string): string | undefined {
  try {
    const real = realpathSync(path);
    return statSync(real).isDirectory() ? real : undefined;
  } catch {
    return undefined;
  }
}

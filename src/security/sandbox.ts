// What a sandboxed command can see (R16): the bubblewrap arguments, and the PATH that holds inside. Starts nothing itself.
import { existsSync, lstatSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { basename, delimiter, dirname, isAbsolute } from 'node:path';
import { type BubblewrapText, bubblewrapText } from '../lib/bubblewrap.ts';
import { packageOf, pathFolders, tidyFolder, within } from '../lib/host-folders.ts';
import { ownHome } from '../lib/own-home.ts';
import { homes, neverBound, systemFolders, systemLinks, wholeNever } from '../lib/sandbox-places.ts';
import { seatbeltProfile } from '../lib/seatbelt-profile.ts';

/** Folders the operator listed beside the system: to read, and to change. */
export interface Folders {
  readonly readOnly: readonly string[];
  readonly writable: readonly string[];
}

export interface SandboxRequest extends Pick<BubblewrapText, 'workspace' | 'cwd' | 'argv' | 'network' | 'proc' | 'scratchMb'> {
  /** PATH of the host; its prefixes outside of homes are bound read-only. */
  readonly hostPath: string;
  readonly folders: Folders;
  /** Socket of the proxy that is the only way out; then `network` is false. */
  readonly proxy?: string;
}

/** Where bubblewrap may be; never looked up in a PATH. */
const bubblewrapPlaces = ['/usr/bin/bwrap', '/bin/bwrap', '/usr/local/bin/bwrap', '/run/current-system/sw/bin/bwrap'];
/** Absolute path of bubblewrap or, on macOS, of Seatbelt's program; undefined when it is not installed. */
export function findSandbox(): string | undefined {
  const places = { linux: bubblewrapPlaces, darwin: ['/usr/bin/sandbox-exec'] }[process.platform as string];
  return places?.find((path) => existsSync(path));
}

/** The whole command line after the program name, or undefined where a path of it cannot be written into a profile. */
export function seatbeltArguments({ workspace, hostPath, folders, network, argv }: Omit<SandboxRequest, 'proxy'>): readonly string[] | undefined {
  const real = (path: string): string => realFolder(path) ?? path;
  const { readOnly, writable } = boundFolders(hostPath, folders, workspace);
  const profile = seatbeltProfile({ workspace: real(workspace), readOnly: readOnly.map(real), writable: writable.map(real), network });
  return profile === undefined ? undefined : ['-p', profile, ...argv];
}

/** See `bubblewrapText`. */
export function bubblewrapArguments({ hostPath, folders, proxy, ...request }: SandboxRequest): ReturnType<typeof bubblewrapText> {
  return bubblewrapText({
    ...{ ...request, ...boundFolders(hostPath, folders, request.workspace), links: systemLinks.flatMap(systemLink) },
    resolver: request.network && existsSync('/etc/resolv.conf') ? readFileSync('/etc/resolv.conf', 'utf8') : '',
    proxy: proxy === undefined ? undefined : { socket: proxy, node: realpathSync(process.execPath) },
  });
}

/** The PATH a command sees inside, in the host's order, so that names mean the same files on both sides. Pass the workspace where it is known. */
export function sandboxPath(hostPath: string, folders: Folders, workspace?: string): string {
  const visible = [...systemFolders, ...systemLinks, ...boundFolders(hostPath, folders, workspace).readOnly];
  const kept = pathFolders(hostPath).filter((folder) => visible.some((root) => within(root, folder)));
  return kept.length === 0 ? '/usr/local/bin:/usr/bin:/bin' : [...new Set(kept)].join(delimiter);
}

/** Host folders that are bound beside the system: packages on the PATH outside of homes, and what the operator listed. The rest of a list is left out. */
export function boundFolders(hostPath: string, folders: Folders, workspace: string | undefined): Folders {
  const own = realFolder(ownHome()) ?? '/root';
  const allHomes = [...homes, ...(own === '/' ? [] : [own])];
  const state = workspace === undefined ? [] : stateFolders(realFolder(workspace) ?? workspace);
  const fromPath = pathFolders(hostPath).map(packageOf);
  // Not around a home, a shared tree or CoPaw's own state, not inside a private tree; both as written and with links followed.
  const bindable = (folder: string, foreign: readonly string[]): boolean => {
    const both = [folder, realFolder(folder) ?? '/'];
    const around = [own, ...homes, ...wholeNever, ...state].some((path) => both.some((one) => within(one, path)));
    const inside = [...neverBound, ...foreign, ...state].some((root) => both.some((one) => within(root, one)));
    return !around && !inside && ![...systemFolders, ...systemLinks].some((root) => within(root, folder));
  };
  const packages = fromPath.filter((folder) => bindable(folder, allHomes));
  // What a command may change must not be what the host runs: nothing on the PATH, and no system folder behind a link.
  const fixed = [...pathFolders(hostPath), ...packages, ...systemFolders, ...systemLinks].flatMap((path) => [path, realFolder(path) ?? path]);
  const changeable = (folder: string): boolean =>
    !fixed.some((path) => [folder, realFolder(folder) ?? '/'].some((one) => within(one, path) || within(path, one)));
  const outermost = (all: readonly string[]): string[] => [...new Set(all)].filter((one) => !all.some((other) => other !== one && within(other, one)));
  const bound = (list: readonly string[]): string[] =>
    list
      .filter(isAbsolute)
      .map(tidyFolder)
      .filter((folder) => bindable(folder, []));
  return { readOnly: outermost([...packages, ...bound(folders.readOnly)]), writable: outermost(bound(folders.writable).filter(changeable)) };
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

// The profile of macOS' Seatbelt as text, from the same request as bubblewrap's arguments. It was never run: see docs/permissions.md.
import { dirname } from 'node:path';

export interface SeatbeltRequest {
  /** Real, absolute paths. */
  readonly workspace: string;
  readonly readOnly: readonly string[];
  readonly writable: readonly string[];
  readonly network: boolean;
}

const systemFolders = ['/usr', '/bin', '/sbin', '/System', '/Library/Apple', '/private/var/db/dyld', '/private/etc/ssl', '/opt/homebrew'];
const systemFiles = ['/', '/dev', '/private', '/etc', '/tmp', '/var', '/private/etc/localtime', '/dev/random', '/dev/urandom'];
const devices = ['/dev/null', '/dev/zero', '/dev/tty'];

/** Everything that is not named is denied; the last rule that matches decides. Undefined where a path cannot be written into a profile. */
export function seatbeltProfile({ workspace, readOnly, writable, network }: SeatbeltRequest): string | undefined {
  const changeable = [workspace, ...writable];
  const paths = [...changeable, ...readOnly];
  if (paths.some((path) => !path.startsWith('/') || path === '/' || /\p{Cc}/u.test(path))) return undefined;
  const above = [...new Set(paths.flatMap(ancestors))];
  return [
    '(version 1)',
    '(deny default)',
    '(allow process-fork)',
    '(allow process-exec)',
    '(allow signal (target same-sandbox))',
    '(allow sysctl-read)',
    rule('file-read*', [...systemFolders, ...readOnly].map(subpath), systemFiles.map(literal)),
    rule('file-read-metadata', above.map(literal)),
    rule('file-read* file-write*', changeable.map(subpath), devices.map(literal)),
    ...(network
      ? ['(allow network-outbound)', '(allow system-socket)', rule('file-read*', [literal('/private/etc/resolv.conf'), literal('/private/etc/hosts')])]
      : ['(deny network*)']),
    // What git runs outside of the sandbox later stays as it is.
    rule(
      'file-write*',
      changeable.map((path) => `(regex #"^${escapeRegex(path)}/(.*/)?\\.git/(hooks|config)")`),
    ).replace('(allow', '(deny'),
    '',
  ].join('\n');
}

const rule = (what: string, ...filters: readonly (readonly string[])[]): string => `(allow ${what} ${filters.flat().join(' ')})`;
const quoted = (path: string): string => `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
const subpath = (path: string): string => `(subpath ${quoted(path)})`;
const literal = (path: string): string => `(literal ${quoted(path)})`;
/** For a regular expression between `#"` and `"`: a quote ends it, so it is written as any character. */
const escapeRegex = (path: string): string => path.replaceAll(/[\\^$.*+?()[\]{}|]/gu, '\\$&').replaceAll('"', '.');

function ancestors(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [] : [parent, ...ancestors(parent)];
}

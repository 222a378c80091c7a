// Toolchains below a person's home that a PATH names and a sandboxed command does not see: what may be proposed, never by itself done.
import { join } from 'node:path';
import { pathFolders, within } from './host-folders.ts';

/** Roots below a home that hold programs and no credentials. */
const known = [
  '\\.nvm/versions/node/[^/]+',
  '\\.pyenv',
  '\\.cargo/bin',
  '\\.rustup/toolchains/[^/]+',
  '\\.volta',
  '\\.bun/bin',
  '\\.deno/bin',
  '\\.asdf',
  '\\.local/share/mise',
  '\\.local/share/fnm',
  '\\.local/share/pnpm',
  '\\.sdkman/candidates/[^/]+/[^/]+',
  '\\.rbenv',
  '\\.goenv',
  'go/bin',
  '(?:mini|ana)conda3',
  'miniforge3',
];
const root = new RegExp(`^(?:${known.join('|')})(?=/|$)`, 'u');

/** Those of the PATH that no listed folder covers, each once. */
export function homeToolchains(hostPath: string, home: string, listed: readonly string[]): readonly string[] {
  const found = pathFolders(hostPath).flatMap((folder) => {
    const match = home !== '' && home !== '/' && within(home, folder) ? root.exec(folder.slice(home.length + 1))?.[0] : undefined;
    return match === undefined ? [] : [join(home, match)];
  });
  return [...new Set(found)].filter((folder) => !listed.some((one) => within(one, folder)));
}

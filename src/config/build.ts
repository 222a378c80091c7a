// Which CoPaw this is: the version of package.json and the commit of the checkout or, in a package, the one it was built from.
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** `root`: where package.json is. `commit` is 40 hex digits, or "unknown" where neither a checkout nor a build says. */
export function readBuild(root: URL): { readonly version: string; readonly commit: string } {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(readText(root, 'package.json') ?? ''));
  return { version, commit: checkoutCommit(root) ?? readText(root, 'dist/commit')?.trim() ?? 'unknown' };
}

function checkoutCommit(root: URL): string | undefined {
  const head = readText(root, '.git/HEAD')?.trim();
  if (head === undefined) return undefined;
  if (!head.startsWith('ref: ')) return head;
  const ref = head.slice('ref: '.length);
  const loose = readText(root, `.git/${ref}`)?.trim();
  if (loose !== undefined) return loose;
  return readText(root, '.git/packed-refs')
    ?.split('\n')
    .find((line) => line.endsWith(` ${ref}`))
    ?.slice(0, 40);
}

function readText(root: URL, path: string): string | undefined {
  try {
    return readFileSync(new URL(path, root), 'utf8');
  } catch {
    return undefined;
  }
}

// Which CoPaw this is: the version of package.json and the commit of the checkout or, in a package, the one it was built from.
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** `commit` is 40 hex digits, or "unknown" where neither a checkout nor a build says. */
export function readBuild(): { readonly version: string; readonly commit: string } {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(readText('../../package.json') ?? ''));
  return { version, commit: checkoutCommit() ?? readText('../commit')?.trim() ?? 'unknown' };
}

function checkoutCommit(): string | undefined {
  const head = readText('../../.git/HEAD')?.trim();
  if (head === undefined) return undefined;
  if (!head.startsWith('ref: ')) return head;
  const ref = head.slice('ref: '.length);
  const loose = readText(`../../.git/${ref}`)?.trim();
  if (loose !== undefined) return loose;
  return readText('../../.git/packed-refs')
    ?.split('\n')
    .find((line) => line.endsWith(` ${ref}`))
    ?.slice(0, 40);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(new URL(path, import.meta.url), 'utf8');
  } catch {
    return undefined;
  }
}

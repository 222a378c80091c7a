// What the service worker answers itself: the page where CoPaw does not, and the built files. Nothing else, never the API, never another origin.

/** page: from CoPaw, and from the cache only where CoPaw does not answer. file: from the cache. Undefined: none of the worker's business. */
export function shellAnswer(
  { method, url, mode }: Pick<Request, 'method' | 'url' | 'mode'>,
  origin: string,
  files: ReadonlySet<string>,
): 'page' | 'file' | undefined {
  if (method !== 'GET') return undefined;
  const asked = new URL(url);
  if (asked.origin !== origin || asked.search !== '') return undefined;
  if (mode === 'navigate') return asked.pathname === '/' ? 'page' : undefined;
  return files.has(asked.pathname) ? 'file' : undefined;
}

// The CLI's way to this machine's own CoPaw server. Node's global fetch, since the CLI must start fast; nothing else may use this door.
import { CoPawError } from '../core/error.ts';

/** A fetch bound to 127.0.0.1:`port` that carries the operator's token and follows no redirect. `path` starts with one slash. */
export function ownServerFetch(port: number, token: string): (path: string, init?: RequestInit) => Promise<Response> {
  const base = `http://127.0.0.1:${port}`;
  return async (path, init = {}) => {
    const url = new URL(path, base);
    if (!path.startsWith('/') || url.origin !== new URL(base).origin)
      throw new CoPawError('egress-refused', 'The token goes to this machine only.', { rule: 'R18' });
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${token}`);
    return fetch(url, { ...init, headers, redirect: 'error' });
  };
}

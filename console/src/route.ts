// Where the console is, kept in the URL's hash so that reload and back work: `#/s/<id>`, `#/s/<id>/<turn>` or `#/<page>`; `#code=…` is taken out at once.
import { useSyncExternalStore } from 'react';
import { type PageName, pageNames } from './page-names.ts';

export type Route = { readonly page: 'home' } | { readonly page: 'chat'; readonly sessionId: string; readonly turnId?: string } | { readonly page: PageName };

export function parseHash(hash: string): Route {
  const page = pageNames.find((one) => hash === pageHash(one));
  if (page !== undefined) return { page };
  const [, sessionId, turnId] = /^#\/s\/([A-Za-z0-9_-]{1,64})(?:\/([A-Za-z0-9_-]{1,200}))?$/u.exec(hash) ?? [];
  if (sessionId === undefined) return { page: 'home' };
  return { page: 'chat', sessionId, ...(turnId === undefined ? {} : { turnId }) };
}

export const homeHash = '#/';
export const chatHash = (sessionId: string): string => `#/s/${sessionId}`;
/** Where a turn is; once it is shown, the address is that of the conversation. */
export const turnHash = (sessionId: string, turnId: string): string => `${chatHash(sessionId)}/${turnId}`;
export const pageHash = (page: PageName): string => `#/${page}`;

/** The code of `#code=…`, removed from the address bar and from the history. */
export function takeCode(): string | undefined {
  const code = /^#code=([^&]+)$/u.exec(location.hash)?.[1];
  if (code !== undefined) history.replaceState(null, '', location.pathname);
  return code;
}

export function useRoute(): Route {
  return parseHash(useSyncExternalStore(onHashChange, () => location.hash));
}

export function onHashChange(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

/** Goes there; `replace` leaves no step back. */
export function go(hash: string, replace = false): void {
  if (!replace) {
    location.hash = hash;
    return;
  }
  history.replaceState(null, '', hash);
  dispatchEvent(new HashChangeEvent('hashchange'));
}

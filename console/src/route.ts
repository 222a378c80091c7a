// Where the console is, kept in the URL's hash so that reload and back work: `#/s/<id>`, `#/models`, `#/permissions`, `#/people`, `#/messages`, `#/security`; `#code=…` is taken out at once.
import { useSyncExternalStore } from 'react';

/** Pages beside the conversations. */
const pages = ['models', 'permissions', 'people', 'messages', 'security'] as const;
type Page = (typeof pages)[number];

export type Route = { readonly page: 'home' } | { readonly page: 'chat'; readonly sessionId: string } | { readonly page: Page };

export function parseHash(hash: string): Route {
  const page = pages.find((one) => hash === `#/${one}`);
  if (page !== undefined) return { page };
  const id = /^#\/s\/([A-Za-z0-9_-]{1,64})$/u.exec(hash)?.[1];
  return id === undefined ? { page: 'home' } : { page: 'chat', sessionId: id };
}

export const homeHash = '#/';
export const chatHash = (sessionId: string): string => `#/s/${sessionId}`;
export const modelsHash = '#/models';
export const permissionsHash = '#/permissions';
export const peopleHash = '#/people';
export const messagesHash = '#/messages';
export const securityHash = '#/security';

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

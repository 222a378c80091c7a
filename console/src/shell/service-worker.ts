// The service worker: keeps the built files of one version, so that the console opens while CoPaw is away. It holds no answer of the API.
import { shellAnswer } from './shell-answer.ts';

/** Put in by the build. */
declare const copawShell: { readonly version: string; readonly files: readonly string[] };

interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Asked extends Waiting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
declare const self: {
  readonly location: Location;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Waiting) => void): void;
  addEventListener(type: 'message', listener: (event: Waiting & MessageEvent<unknown>) => void): void;
  addEventListener(type: 'fetch', listener: (event: Asked) => void): void;
};

const { version, files: built } = copawShell;
const prefix = 'copaw-shell-';
const cacheName = `${prefix}${version}`;
const files = new Set(built);

self.addEventListener('install', (event) => {
  const fresh = ['/', ...files].map((path) => new Request(path, { cache: 'reload' }));
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(fresh)));
});

self.addEventListener('activate', (event) => {
  const clean = async (): Promise<void> => {
    for (const name of await caches.keys()) if (name.startsWith(prefix) && name !== cacheName) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(clean());
});

// A version that is ready waits until the person loads it.
self.addEventListener('message', (event) => {
  if (event.data === 'load') event.waitUntil(self.skipWaiting());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const answer = shellAnswer(request, self.location.origin, files);
  if (answer === 'page') event.respondWith(fetch(request).catch(() => kept('/')));
  if (answer === 'file') event.respondWith(kept(request.url).then((found) => (found.type === 'error' ? fetch(request) : found)));
});

/** As it was kept at the installation. */
async function kept(path: string): Promise<Response> {
  return (await caches.match(path, { cacheName })) ?? Response.error();
}

// The service worker: keeps the built files of one version, so that the console opens while CoPaw is away, and shows what CoPaw tells this browser. It
// holds no answer of the API.
import { pushShown, type Shown } from './push-shown.ts';
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
interface Pushed extends Waiting {
  readonly data: { text(): string } | null;
}
interface Clicked extends Waiting {
  readonly notification: Notification;
}
interface Tab {
  readonly visibilityState: DocumentVisibilityState;
  focus(): Promise<unknown>;
  postMessage(message: { readonly go: string }): void;
}
declare const self: {
  readonly location: Location;
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: { readonly type: 'window'; readonly includeUncontrolled: true }): Promise<readonly Tab[]>;
    openWindow(url: string): Promise<unknown>;
  };
  readonly registration: ServiceWorkerRegistration;
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Waiting) => void): void;
  addEventListener(type: 'message', listener: (event: Waiting & MessageEvent<unknown>) => void): void;
  addEventListener(type: 'fetch', listener: (event: Asked) => void): void;
  addEventListener(type: 'push', listener: (event: Pushed) => void): void;
  addEventListener(type: 'notificationclick', listener: (event: Clicked) => void): void;
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

self.addEventListener('push', (event) => event.waitUntil(show(pushShown(event.data?.text() ?? ''))));

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(hashOf(event.notification)));
});

const tabs = (): Promise<readonly Tab[]> => self.clients.matchAll({ type: 'window', includeUncontrolled: true });

/** Once each, and not to somebody who sees the page anyway. */
async function show({ id, tag, title, body, hash, silent, always }: Shown): Promise<void> {
  const standing = await self.registration.getNotifications({ tag });
  if (standing.some((one) => idOf(one) === id)) return;
  if (!always && (await tabs()).some(({ visibilityState }) => visibilityState === 'visible')) {
    if (silent) for (const one of standing) one.close();
    return;
  }
  // `renotify` is not in every browser, nor in the types: a new notice in the place of an old one is heard.
  const options: NotificationOptions & { readonly renotify: boolean } = { body, tag, silent, renotify: !silent, icon: '/icon-192.png', data: { id, hash } };
  await self.registration.showNotification(title, options);
}

/** In a tab that is open, a seen one first; else in a new one. */
async function open(hash: string): Promise<void> {
  const all = await tabs();
  const tab = all.find(({ visibilityState }) => visibilityState === 'visible') ?? all[0];
  if (!tab) return void (await self.clients.openWindow(`/${hash}`));
  tab.postMessage({ go: hash });
  await tab.focus();
}

const idOf = ({ data }: Notification): unknown => (data as { readonly id?: unknown } | null)?.id;
const hashOf = ({ data }: Notification): string => pushShown(JSON.stringify(data ?? {})).hash;

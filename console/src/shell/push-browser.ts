// This browser's side of push notices: whether it can, its permission, its subscription, and forgetting all of it.
import type { PushRequestBody } from '../../../src/http/contract.ts';

/** insecure: the page came over plain http from another machine. missing: this browser has no push, or not here. */
export type PushPossible = 'insecure' | 'missing' | 'denied' | 'possible';

export function pushPossible(): PushPossible {
  if (!isSecureContext) return 'insecure';
  if (!('serviceWorker' in navigator && 'PushManager' in globalThis && 'Notification' in globalThis)) return 'missing';
  return Notification.permission === 'denied' ? 'denied' : 'possible';
}

/** Asks the person where they have not said yet; false: they said no. */
export async function mayNotify(): Promise<boolean> {
  return (await Notification.requestPermission()) === 'granted';
}

/** Where this browser is reached by whoever holds this key. Rejects where its push service cannot be reached. */
export async function subscribeWith(key: string): Promise<Pick<PushRequestBody, 'endpoint' | 'p256dh' | 'auth'>> {
  const { pushManager } = await navigator.serviceWorker.ready;
  let found = await pushManager.getSubscription();
  if (found && asText(found.options.applicationServerKey) !== key) {
    await found.unsubscribe();
    found = null;
  }
  const { endpoint, keys } = (found ?? (await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: asBytes(key) }))).toJSON();
  return { endpoint: endpoint ?? '', p256dh: keys?.p256dh ?? '', auth: keys?.auth ?? '' };
}

/** Ends the subscription; with `shown`, also takes what stands on the screen away. */
export async function forgetPush(shown: boolean): Promise<void> {
  if (pushPossible() === 'insecure' || pushPossible() === 'missing') return;
  const registration = await navigator.serviceWorker.getRegistration();
  if (shown) for (const one of (await registration?.getNotifications()) ?? []) one.close();
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}

function asBytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

function asText(bytes: ArrayBuffer | null): string {
  const plain = String.fromCharCode(...new Uint8Array(bytes ?? new ArrayBuffer(0)));
  return btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

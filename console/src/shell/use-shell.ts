// The console kept for when CoPaw is away, and a newer one that is ready: loaded when the person says so, never under their hands.
import { useCallback, useEffect, useRef, useState } from 'react';
import { workerUrl } from './worker-url.ts';

/** `connected`: looks for a newer version each time CoPaw comes back, for it may have been updated. */
export function useShell(connected: boolean): { readonly ready: boolean; load(): void } {
  const [registration, setRegistration] = useState<ServiceWorkerRegistration>();
  const [ready, setReady] = useState(false);
  const asked = useRef(false);

  useEffect(() => {
    // Only a secure context has one; without it the console works all the same, but does not open while CoPaw is away.
    const workers = 'serviceWorker' in navigator ? navigator.serviceWorker : undefined;
    if (!workers) return;
    let gone = false;
    const updated = workers.controller !== null;
    const changed = (): void => {
      if (asked.current) location.reload();
      // Loaded in another tab: what this one has not loaded yet is not there any more.
      else if (updated) setReady(true);
    };
    workers.addEventListener('controllerchange', changed);
    workers.register(workerUrl.trusted(), { scope: '/', updateViaCache: 'none' }).then(
      (found) => {
        if (gone) return;
        const look = (): void => {
          if (found.waiting && workers.controller) setReady(true);
        };
        look();
        found.addEventListener('updatefound', () => found.installing?.addEventListener('statechange', look));
        setRegistration(found);
      },
      () => undefined, // storage is refused: the console works without
    );
    return () => {
      gone = true;
      workers.removeEventListener('controllerchange', changed);
    };
  }, []);

  useEffect(() => {
    if (connected) registration?.update().catch(() => undefined);
  }, [connected, registration]);

  const load = useCallback((): void => {
    asked.current = true;
    if (registration?.waiting) registration.waiting.postMessage('load');
    else location.reload();
  }, [registration]);
  return { ready, load };
}

// Notices of the worker and the open page: a click leads there, and what is seen here or settled does not stand on the screen any longer.
import { useEffect } from 'react';
import { useLiveState } from '../live/use-live.ts';
import { go, onHashChange, parseHash } from '../route.ts';

export function useNotices(): void {
  const asking = useLiveState((state) => state.asking);
  const counted = useLiveState((state) => state.status?.waiting.approvals);

  useEffect(() => {
    const workers = 'serviceWorker' in navigator ? navigator.serviceWorker : undefined;
    const clicked = ({ data }: MessageEvent<unknown>): void => {
      const hash = typeof data === 'object' && data !== null && 'go' in data && typeof data.go === 'string' ? data.go : '';
      if (parseHash(hash).page !== 'home') go(hash);
    };
    workers?.addEventListener('message', clicked);
    return () => workers?.removeEventListener('message', clicked);
  }, []);

  useEffect(() => {
    // Before all questions are here, one that is missing may be waiting.
    const complete = counted === asking.size;
    const tidy = async (): Promise<void> => {
      if (document.hidden || !('serviceWorker' in navigator)) return;
      const registration = await navigator.serviceWorker.getRegistration();
      for (const shown of (await registration?.getNotifications?.()) ?? []) {
        const { hash } = (shown.data ?? {}) as { readonly hash?: string };
        const question = /^approval-(.+)$/u.exec(shown.tag)?.[1];
        if (hash === location.hash || (complete && question !== undefined && !asking.has(question))) shown.close();
      }
    };
    const look = (): void => void tidy().catch(() => undefined); // a browser that shows none has none to take away
    look();
    document.addEventListener('visibilitychange', look);
    const off = onHashChange(look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      off();
    };
  }, [asking, counted]);
}

// What goes for the whole console for a while: the connection is lost, or a newer version is ready.
import { useLive, useLiveState } from './live/use-live.ts';
import { useText } from './settings.tsx';
import { useNotices } from './shell/use-notices.ts';
import { useShell } from './shell/use-shell.ts';

export function Banners() {
  const t = useText();
  const live = useLive();
  const connection = useLiveState((state) => state.connection);
  useNotices();
  const { ready, load } = useShell(connection === 'open');
  return (
    <>
      {connection === 'lost' && (
        <div role="status" className="banner">
          <span className="pulse" aria-hidden="true" />
          <p>
            <span>{t.reconnecting}</span> <span className="text-text">{t.frame.stillWorks}</span>
          </p>
          <button type="button" className="button-quiet button-small" onClick={() => live.reconnect()}>
            {t.frame.tryNow}
          </button>
        </div>
      )}
      {ready && (
        <div role="status" className="banner banner-news">
          <p>{t.frame.newVersion}</p>
          <button type="button" className="button-quiet button-small" onClick={load}>
            {t.frame.loadIt}
          </button>
        </div>
      )}
    </>
  );
}

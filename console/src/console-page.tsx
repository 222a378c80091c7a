// The console itself: header, conversations at the side, and one page beside them.
import { useCallback, useEffect, useState } from 'react';
import { Banners } from './banners.tsx';
import { Chat } from './chat/chat.tsx';
import { Header } from './header.tsx';
import { newId } from './live/api.ts';
import { Live } from './live/live.ts';
import { LiveContext, useLive, useLiveState } from './live/use-live.ts';
import { usePalette } from './palette/use-palette.tsx';
import { PlaceView } from './place-view.tsx';
import { Places } from './places.tsx';
import { chatHash, go, useRoute } from './route.ts';
import { SessionList } from './sessions/session-list.tsx';
import { useText } from './settings.tsx';
import { Drawer } from './ui/drawer.tsx';

export function ConsolePage({ onLoggedOut }: { readonly onLoggedOut: () => void }) {
  const [live] = useState(() => new Live(onLoggedOut));
  useEffect(() => {
    void live.start();
    return () => live.stop();
  }, [live]);
  return (
    <LiveContext value={live}>
      <Frame />
    </LiveContext>
  );
}

function Frame() {
  const t = useText();
  const live = useLive();
  const route = useRoute();
  const [drawer, setDrawer] = useState(false);
  const sessions = useLiveState((state) => state.sessions);
  const leaving = useLiveState((state) => state.leaving);
  const current = route.page === 'chat' ? route.sessionId : undefined;
  const turn = route.page === 'chat' ? route.turnId : undefined;
  const palette = usePalette(current);
  const page = route.page === 'chat' || route.page === 'home' ? undefined : route.page;

  useEffect(() => {
    if (sessions === undefined) return;
    // Where nothing else is said, the latest conversation; without any, the first one.
    if (route.page === 'home') go(chatHash(sessions.find(({ id, archived }) => !archived && !leaving.has(id))?.id ?? newId('s')), true);
    if (current !== undefined) void (turn === undefined ? live.open(current) : live.reach(current, turn).then(() => go(chatHash(current), true)));
  }, [live, route.page, current, turn, sessions, leaving]);

  // Of a tab that hears of nothing for now, the title says nothing that may be over.
  const asking = useLiveState((state) => state.asking.size > 0 && state.connection !== 'connecting');
  const title = sessions?.find((session) => session.id === current)?.title.trim();
  useEffect(() => {
    const words = asking ? t.waitsForYou : page === undefined ? title : t.pageTitles[page];
    document.title = words === undefined || words === '' ? 'CoPaw' : `${asking ? '● ' : ''}${words} · CoPaw`;
  }, [asking, page, title, t]);

  const closeDrawer = useCallback((): void => setDrawer(false), []);
  return (
    // Of a window that is lower than this, as when a page is enlarged four times, the whole page scrolls.
    <div className="flex h-[max(100dvh,24rem)] flex-col overflow-hidden">
      <button type="button" className="skip-link" onClick={() => document.getElementById('main')?.focus()}>
        {t.skip}
      </button>
      <Header onMenu={() => setDrawer(true)} onPalette={palette.open} />
      <Banners />
      <div className="flex min-h-0 flex-1">
        <aside className="hidden w-72 shrink-0 flex-col overflow-y-auto border-r border-line bg-side md:flex">
          <SessionList current={current} />
          <Places page={route.page} />
        </aside>
        <Drawer open={drawer} onClose={closeDrawer} label={t.conversations}>
          <SessionList current={current} onChosen={closeDrawer} />
          <Places page={route.page} onChosen={closeDrawer} />
        </Drawer>
        <main id="main" tabIndex={-1} className="flex min-w-0 flex-1 flex-col outline-none">
          {page && <PlaceView key={page} page={page} />}
          {current !== undefined && <Chat key={current} sessionId={current} />}
        </main>
      </div>
      {palette.parts}
    </div>
  );
}

// The conversations, the latest first, with what runs and what waits for an answer.
import type { SessionSummary } from '../../src/http/contract.ts';
import { newId } from './api.ts';
import { shortTime } from './format.ts';
import { PlusIcon } from './icons.tsx';
import { chatHash, go } from './route.ts';
import { useSettings, useText } from './settings.tsx';
import { useLive, useLiveState } from './use-live.ts';
import { readable } from './visible.ts';

export function SessionList({ current, onChosen }: { readonly current: string | undefined; readonly onChosen?: () => void }) {
  const t = useText();
  const live = useLive();
  const sessions = useLiveState((state) => state.sessions);
  const more = useLiveState((state) => state.moreSessions);
  const start = (): void => {
    go(chatHash(newId('s')));
    onChosen?.();
  };
  return (
    <>
      <div className="p-3">
        <button type="button" className="button-soft w-full" onClick={start}>
          <PlusIcon className="size-4" />
          {t.newChat}
        </button>
      </div>
      <nav className="min-h-0 flex-1 overflow-y-auto px-3 pb-4" aria-label={t.conversations}>
        {sessions === undefined ? (
          <p className="px-3 py-2 text-sm text-muted">{t.loading}</p>
        ) : sessions.length === 0 ? (
          <p className="px-3 py-2 text-sm text-muted">{t.noChats}</p>
        ) : (
          <ul className="space-y-0.5">
            {sessions.map((session) => (
              <Row key={session.id} session={session} current={session.id === current} onChosen={onChosen} />
            ))}
            {more && (
              <li className="pt-2">
                <button type="button" className="button-quiet button-small w-full" onClick={() => void live.moreSessions()}>
                  {t.moreChats}
                </button>
              </li>
            )}
          </ul>
        )}
      </nav>
    </>
  );
}

function Row({ session, current, onChosen }: { readonly session: SessionSummary; readonly current: boolean; readonly onChosen: (() => void) | undefined }) {
  const { text: t, locale } = useSettings();
  const running = useLiveState((state) => state.running.has(session.id));
  const asking = useLiveState((state) => [...state.asking.values()].includes(session.id));
  const channel = session.address.channel;
  return (
    <li>
      <a href={chatHash(session.id)} className="session" aria-current={current ? 'page' : undefined} onClick={onChosen}>
        <span className="min-w-0 flex-1">
          <span className="block truncate">{readable(session.title.trim()) || t.untitled}</span>
          <span className="block truncate text-xs text-muted">
            {asking ? (
              <span className="font-medium text-warning">{t.waitsForYou}</span>
            ) : running ? (
              <span className="text-accent">{t.running}</span>
            ) : (
              <>
                {shortTime(session.updatedAt, Date.now(), locale)}
                {channel !== 'console' && ` · ${t.from(channel)}`}
              </>
            )}
          </span>
        </span>
        {(asking || running) && <span className={asking ? 'dot bg-warning' : 'dot pulse bg-accent'} aria-hidden="true" />}
      </a>
    </li>
  );
}

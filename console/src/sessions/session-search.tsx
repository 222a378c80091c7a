// What was found in all conversations: by their titles, and by the words in them.
import { useEffect, useRef, useState } from 'react';
import type { SessionsFoundBody } from '../../../src/http/contract.ts';
import { api } from '../live/api.ts';
import { useTask } from '../live/use-task.ts';
import { chatHash, turnHash } from '../route.ts';
import { useSettings } from '../settings.tsx';
import { shortTime } from '../ui/format.ts';
import { Problem } from '../ui/problem.tsx';
import { readable } from '../ui/visible.ts';
import { sessionName } from './session-name.ts';

/** How long typing rests before it is searched. */
const restMs = 250;
const pageSize = 20;

export function SessionSearch({ text, onChosen }: { readonly text: string; readonly onChosen: (() => void) | undefined }) {
  const { text: words, locale } = useSettings();
  const t = words.sessions;
  const { problem, run } = useTask();
  const [found, setFound] = useState<{ readonly text: string; readonly body: SessionsFoundBody }>();
  const newest = useRef('');

  useEffect(() => {
    newest.current = text;
    const timer = setTimeout(() => {
      void run(async () => {
        const body = await api.searchSessions(text);
        if (newest.current === text) setFound({ text, body });
      });
    }, restMs);
    return () => clearTimeout(timer);
  }, [text, run]);

  const more = (): void =>
    void run(async () => {
      const next = found && (await api.searchSessions(text, found.body.hits.at(-1)?.seq));
      if (next && newest.current === text) setFound({ text, body: { ...found.body, hits: [...found.body.hits, ...next.hits] } });
    });
  if (problem !== '') return <Problem text={problem} className="px-3 py-2 text-sm" />;
  const { titled = [], hits = [] } = found?.body ?? {};
  const count = titled.length + hits.length;
  return (
    <>
      <p role="status" className="px-3 py-2 text-sm text-muted">
        {found?.text === text ? (count === 0 ? t.nothing : t.found(count)) : t.searching}
      </p>
      {titled.length > 0 && <h2 className="label px-3">{t.byTitle}</h2>}
      <ul className="space-y-0.5">
        {titled.map(({ id, title, updatedAt }) => (
          <li key={id}>
            <a href={chatHash(id)} className="session" onClick={onChosen}>
              <span className="min-w-0 flex-1">
                <span className="block truncate">{readable(title)}</span>
                <span className="block text-xs text-muted">{shortTime(updatedAt, Date.now(), locale)}</span>
              </span>
            </a>
          </li>
        ))}
      </ul>
      {hits.length > 0 && <h2 className="label mt-2 px-3">{t.byWords}</h2>}
      <ul className="space-y-0.5">
        {hits.map(({ sessionId, title, seq, turnId, at, role, excerpt }) => (
          <li key={seq}>
            <a href={turnHash(sessionId, turnId)} className="session" onClick={onChosen}>
              <span className="min-w-0 flex-1">
                <span className="line-clamp-3 break-words">
                  <span className="text-muted">{role === 'user' ? t.you : 'CoPaw'}: </span>
                  {readable(excerpt)}
                </span>
                <span className="block truncate text-xs text-muted">
                  {shortTime(at, Date.now(), locale)} · {sessionName(title, words.untitled)}
                </span>
              </span>
            </a>
          </li>
        ))}
      </ul>
      {hits.length > 0 && hits.length % pageSize === 0 && (
        <button type="button" className="button-quiet button-small mt-2 w-full" onClick={more}>
          {t.moreHits}
        </button>
      )}
    </>
  );
}

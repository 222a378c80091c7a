// The conversations: pinned ones first, then the latest, with what runs and what waits for an answer; a search over all of them, and the archive.
import { useEffect, useRef, useState } from 'react';
import type { SessionSummary } from '../../../src/http/contract.ts';
import { api, newId, problemOf } from '../live/api.ts';
import { useLive, useLiveState } from '../live/use-live.ts';
import { useTask } from '../live/use-task.ts';
import { chatHash, go, homeHash } from '../route.ts';
import { useText } from '../settings.tsx';
import { focusComposer } from '../ui/focus.ts';
import { CloseIcon, PlusIcon, SearchIcon } from '../ui/icons.tsx';
import { Problem } from '../ui/problem.tsx';
import { sessionName } from './session-name.ts';
import { type RowProps, SessionRow } from './session-row.tsx';
import { SessionSearch } from './session-search.tsx';

/** What was done last, and how it is taken back. */
interface Done {
  readonly says: string;
  readonly undo?: () => void;
}

export function SessionList({ current, onChosen }: { readonly current: string | undefined; readonly onChosen?: () => void }) {
  const words = useText();
  const t = words.sessions;
  const live = useLive();
  const all = useLiveState((state) => state.sessions);
  const leaving = useLiveState((state) => state.leaving);
  const more = useLiveState((state) => state.moreSessions);
  const [search, setSearch] = useState('');
  const [archive, setArchive] = useState(false);
  const [opened, setOpened] = useState<string>();
  const [done, setDone] = useState<Done>();
  const [refused, setRefused] = useState<{ readonly session: SessionSummary; readonly problem: string }>();
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(undefined), 8_000);
    return () => clearTimeout(timer);
  }, [done]);

  const start = (): void => {
    go(chatHash(newId('s')));
    onChosen?.();
  };
  const name = (session: SessionSummary): string => sessionName(session.title, words.untitled);
  const row = (session: SessionSummary) => {
    const props: RowProps = {
      ...{ session, current: session.id === current, onChosen, open: opened === session.id },
      onOpen: (open) => setOpened(open ? session.id : undefined),
      onArchived: () => setDone({ says: t.wasArchived(name(session)), undo: () => void live.change(session.id, { archived: false }) }),
      onRemoved: () => {
        setRefused(undefined);
        setOpened(undefined);
        live.removeSoon(session.id, (error) => setRefused({ session, problem: problemOf(error, words) }));
        setDone({ says: t.wasRemoved(name(session)), undo: () => live.keep(session.id) });
        if (session.id === current) go(homeHash);
        focusComposer(); // its row goes
      },
    };
    return <SessionRow key={session.id} {...props} />;
  };
  const shown = (all ?? []).filter(({ id, archived = false }) => archived === archive && !leaving.has(id));
  const pinned = archive ? [] : shown.filter((session) => session.pinned);
  const others = archive ? shown : shown.filter((session) => !session.pinned);
  return (
    <>
      <div className="space-y-2 p-3">
        <button type="button" className="button-soft w-full" onClick={start}>
          <PlusIcon className="size-4" />
          {words.newChat}
        </button>
        <Search text={search} onText={setSearch} />
      </div>
      <nav className="min-h-40 flex-1 overflow-y-auto px-3 pb-4" aria-label={words.conversations}>
        {search.trim() !== '' ? (
          <SessionSearch text={search.trim()} onChosen={onChosen} />
        ) : all === undefined ? (
          <p className="px-3 py-2 text-sm text-muted">{words.loading}</p>
        ) : (
          <>
            {archive && <h2 className="label px-3">{t.archived}</h2>}
            {shown.length === 0 && <p className="px-3 py-2 text-sm text-muted">{archive ? t.noneArchived : words.noChats}</p>}
            {pinned.length > 0 && (
              <>
                <h2 className="label px-3">{t.pinned}</h2>
                <ul className="mb-3 space-y-0.5">{pinned.map(row)}</ul>
                <h2 className="label px-3">{t.others}</h2>
              </>
            )}
            <ul className="space-y-0.5">
              {others.map(row)}
              {more && (
                <li className="pt-2">
                  <button type="button" className="button-quiet button-small w-full" onClick={() => void live.moreSessions()}>
                    {words.moreChats}
                  </button>
                </li>
              )}
            </ul>
            <div className="mt-3 flex flex-wrap gap-4 px-3 text-sm text-muted">
              <button type="button" className="link-quiet" onClick={() => setArchive(!archive)}>
                {archive ? t.back : t.archived}
              </button>
              <Import onImported={(count) => setDone({ says: t.imported(count) })} />
            </div>
          </>
        )}
      </nav>
      {refused && (
        <div className="border-t border-line p-3 text-sm">
          <Problem text={refused.problem} className="mb-2" />
          <Refused session={refused.session} onOver={() => setRefused(undefined)} />
        </div>
      )}
      <div role="status">
        {done && (
          <p className="flex items-center justify-between gap-2 border-t border-line p-3 text-sm">
            <span className="line-clamp-2 min-w-0 break-words">{done.says}</span>
            {done.undo && (
              <button
                type="button"
                className="button-quiet button-small shrink-0"
                onClick={() => {
                  done.undo?.();
                  setDone(undefined);
                  focusComposer();
                }}
              >
                {t.undo}
              </button>
            )}
          </p>
        )}
      </div>
    </>
  );
}

function Search({ text, onText }: { readonly text: string; readonly onText: (text: string) => void }) {
  const { sessions: t } = useText();
  const field = useRef<HTMLInputElement>(null);
  return (
    <search className="search-field">
      <SearchIcon className="size-4 text-muted" />
      <input
        ref={field}
        type="text"
        value={text}
        placeholder={t.search}
        aria-label={t.search}
        maxLength={500}
        autoComplete="off"
        onChange={(event) => onText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || text === '') return;
          event.preventDefault();
          event.stopPropagation();
          onText('');
        }}
      />
      {text !== '' && (
        <button
          type="button"
          className="search-clear"
          aria-label={t.clearSearch}
          onClick={() => {
            onText('');
            field.current?.focus();
          }}
        >
          <CloseIcon className="size-4" />
        </button>
      )}
    </search>
  );
}

function Refused({ session, onOver }: { readonly session: SessionSummary; readonly onOver: () => void }) {
  const t = useText();
  const live = useLive();
  const { busy, problem, run } = useTask();
  const remove = (): void =>
    void run(async () => {
      await live.remove(session.id, true);
      onOver();
    });
  return (
    <>
      <span className="flex flex-wrap gap-2">
        <button type="button" className="button-quiet button-danger button-small" disabled={busy} onClick={remove}>
          {t.sessions.withReminders}
        </button>
        <button type="button" className="button-quiet button-small" onClick={onOver}>
          {t.cancel}
        </button>
      </span>
      <Problem text={problem} className="mt-2" />
    </>
  );
}

function Import({ onImported }: { readonly onImported: (count: number) => void }) {
  const { sessions: t } = useText();
  const live = useLive();
  const field = useRef<HTMLInputElement>(null);
  const { busy, problem, run } = useTask();
  const why = useRef<HTMLDivElement>(null);
  // The list ends here, often right above the edge.
  useEffect(() => {
    if (problem) why.current?.scrollIntoView({ block: 'nearest' });
  }, [problem]);
  const take = (file: File | undefined): void => {
    if (!file) return;
    void run(async () => {
      const { sessions } = await api.importSessions(file);
      await live.refresh();
      onImported(sessions.length);
    });
    if (field.current) field.current.value = '';
  };
  return (
    <>
      <button type="button" className="link-quiet" disabled={busy} onClick={() => field.current?.click()}>
        {busy ? t.importing : t.import}
      </button>
      <input ref={field} type="file" accept=".jsonl" hidden aria-label={t.import} onChange={(event) => take(event.target.files?.[0])} />
      <div ref={why} className="w-full empty:hidden">
        <Problem text={problem} className="" />
      </div>
    </>
  );
}

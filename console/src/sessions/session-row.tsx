// One conversation in the list, and what can be done with it.
import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react';
import type { SessionSummary } from '../../../src/http/contract.ts';
import { api } from '../live/api.ts';
import { useLive, useLiveState } from '../live/use-live.ts';
import { useTask } from '../live/use-task.ts';
import { chatHash } from '../route.ts';
import { useSettings, useText } from '../settings.tsx';
import { shortTime } from '../ui/format.ts';
import { MoreIcon, PinIcon } from '../ui/icons.tsx';
import { Problem } from '../ui/problem.tsx';
import { saveFile } from '../ui/save-file.ts';
import { sessionName } from './session-name.ts';

export interface RowProps {
  readonly session: SessionSummary;
  readonly current: boolean;
  readonly onChosen: (() => void) | undefined;
  /** What can be done with it is shown. */
  readonly open: boolean;
  onOpen(open: boolean): void;
  onArchived(session: SessionSummary): void;
  onRemoved(session: SessionSummary): void;
}

export function SessionRow(props: RowProps) {
  const { session, current, onChosen, open, onOpen } = props;
  const { text: t, locale } = useSettings();
  const button = useRef<HTMLButtonElement>(null);
  const running = useLiveState((state) => state.running.has(session.id));
  const asking = useLiveState((state) => [...state.asking.values()].some(({ plan }) => plan.place.sessionId === session.id));
  const channel = session.address.channel;
  const title = sessionName(session.title, t.untitled);
  const close = (): void => {
    onOpen(false);
    button.current?.focus();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !open) return;
    event.preventDefault(); // of a drawer around it
    event.stopPropagation();
    close();
  };
  return (
    <li onKeyDown={onKey}>
      <div className="flex items-center">
        <a href={chatHash(session.id)} className="session min-w-0 flex-1" aria-current={current ? 'page' : undefined} onClick={onChosen}>
          <span className="min-w-0 flex-1">
            <span className="block truncate">{title}</span>
            <span className="block truncate text-xs text-muted">
              {asking ? (
                <span className="font-medium text-warning">{t.waitsForYou}</span>
              ) : running ? (
                <span className="text-accent">{t.running}</span>
              ) : (
                <>
                  {shortTime(session.updatedAt, Date.now(), locale)}
                  {channel !== 'console' && ` · ${t.from(channel)}`}
                  {session.copiedFrom && ` · ${t.sessions.copiedMark[session.copiedFrom.kind]}`}
                </>
              )}
            </span>
          </span>
          {session.pinned && <PinIcon className="size-3.5 text-muted" />}
          {(asking || running) && <span className={asking ? 'dot bg-warning' : 'dot pulse bg-accent'} aria-hidden="true" />}
        </a>
        <button ref={button} type="button" className="button-icon" aria-expanded={open} aria-label={t.sessions.more(title)} onClick={() => onOpen(!open)}>
          <MoreIcon className="size-4" />
        </button>
      </div>
      {open && <Actions {...props} onDone={close} />}
    </li>
  );
}

function Actions({ session, onArchived, onRemoved, onDone }: RowProps & { readonly onDone: () => void }) {
  const { sessions: t } = useText();
  const live = useLive();
  const { busy, problem, run } = useTask();
  const [renaming, setRenaming] = useState(false);
  const { id, pinned = false, archived = false } = session;
  const change = (what: Parameters<typeof live.change>[1]): void =>
    void run(async () => {
      await live.change(id, what);
      onDone();
      if (what.archived) onArchived(session);
    });
  const save = (format: 'markdown' | 'jsonl'): void =>
    void run(async () => saveFile(await api.exportSession(id, format), `${id}.${format === 'jsonl' ? 'jsonl' : 'md'}`));
  const rename = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    change({ title: String(new FormData(event.currentTarget).get('title') ?? '') });
  };
  return (
    <div className="mb-2 ml-3 border-l-2 border-line py-1 pl-3">
      {renaming ? (
        <form onSubmit={rename} className="flex flex-wrap items-end gap-2">
          <label className="field w-full">
            <span>{t.title}</span>
            {/* biome-ignore lint/a11y/noAutofocus: it comes up where "Rename" was pressed */}
            <input name="title" defaultValue={session.title} maxLength={200} required autoFocus />
          </label>
          <button type="submit" className="button-primary button-small" disabled={busy}>
            {t.save}
          </button>
        </form>
      ) : (
        <div className="flex flex-wrap gap-1.5">
          <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => change({ pinned: !pinned })}>
            {pinned ? t.unpin : t.pin}
          </button>
          <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => setRenaming(true)}>
            {t.rename}
          </button>
          <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => change({ archived: !archived })}>
            {archived ? t.unarchive : t.archive}
          </button>
          <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => save('markdown')}>
            {t.exportText}
          </button>
          <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => save('jsonl')}>
            {t.exportData}
          </button>
          <button type="button" className="button-quiet button-danger button-small" disabled={busy} onClick={() => onRemoved(session)}>
            {t.remove}
          </button>
        </div>
      )}
      <Problem text={problem} className="mt-1 text-sm" />
    </div>
  );
}

// One file as a text: shown, previewed, changed where it still is what was read, with a way back. What was typed is not lost where somebody else was faster.
import { type ReactNode, useCallback, useEffect, useId, useState } from 'react';
import type { TextDraftBody, TextPageBody, TextSavedBody } from '../../../src/http/contract.ts';
import { ApiError, api } from '../live/api.ts';
import { useTask } from '../live/use-task.ts';
import { remember, remembered } from '../settings.tsx';
import { Markdown } from './markdown.tsx';
import { Problem } from './problem.tsx';
import { useTextFileWords } from './text-file-words.ts';
import { visible } from './visible.ts';

interface TextFileProps {
  readonly path: string;
  /** Whose file it is: what was typed is kept in this browser under this and the path. */
  readonly owner: string;
  /** Neither may change from one render to the next. */
  readonly load: (path: string) => Promise<TextPageBody>;
  readonly save: (draft: TextDraftBody) => Promise<TextSavedBody>;
  readonly onSaved?: () => void;
  /** What else may be done with the file, while it is not being changed. */
  readonly children?: ReactNode;
}

type Shown = Pick<TextPageBody, 'text' | 'hash' | 'fixed' | 'tainted'>;

/** Of a file that is not there yet. */
const absent: Shown = { text: '', hash: 'absent', tainted: false };

export function TextFile({ path, owner, load, save, onSaved, children }: TextFileProps) {
  const t = useTextFileWords();
  const [page, setPage] = useState<Shown>();
  const [draft, setDraft] = useState<string>();
  const [theirs, setTheirs] = useState<Shown>();
  const [preview, setPreview] = useState(false);
  const [said, setSaid] = useState('');
  const [undoId, setUndoId] = useState<string>();
  const { busy, problem, run } = useTask();
  const fresh = useCallback(
    (): Promise<Shown> =>
      load(path).catch((error: unknown) => {
        if (error instanceof ApiError && error.code === 'path-missing') return absent;
        throw error;
      }),
    [load, path],
  );
  const place = `draft.file.${owner}/${path}`;
  const type = (text: string, { hash }: Shown): void => {
    setDraft(text);
    remember(place, `${hash}\n${text}`);
  };
  const show = (next: Shown): void => {
    setPage(next);
    setDraft(undefined);
    setTheirs(undefined);
    remember(place, '');
  };
  const again = () => run(async () => show(await fresh()));
  useEffect(
    () =>
      void run(async () => {
        const now = await fresh();
        const [, hash, typed] = /^(\w+)\n(.*)$/su.exec(remembered(place)) ?? [];
        setPage(now);
        if (typed === undefined || now.fixed !== undefined) return;
        setDraft(typed);
        if (hash !== now.hash) setTheirs(now);
      }),
    [run, fresh, place],
  );
  const keep = (text: string, { hash, text: before }: Shown) =>
    run(async () => {
      setSaid('');
      try {
        const saved = await save({ path, text: withLineEnds(text, before), hash });
        setUndoId(saved.undoId);
      } catch (error) {
        if (error instanceof ApiError && error.code === 'conflict') setTheirs(await fresh());
        throw error;
      }
      setSaid(t.saved);
      show(await fresh());
      onSaved?.();
    });
  const takeBack = (change: string) =>
    run(async () => {
      const report = await api.undo({ turnId: change, force: false });
      setSaid(report.files.some(({ result }) => result === 'left') ? t.notBack : t.back);
      setUndoId(undefined);
      show(await fresh());
      onSaved?.();
    });
  if (!page) return <Problem text={problem} className="text-sm" />;
  const { text, hash, fixed, tainted } = page;
  const isNew = hash === absent.hash;
  return (
    <div className="space-y-3">
      {tainted && <p className="text-sm text-warning">{t.tainted}</p>}
      {fixed !== undefined && <p className="text-sm text-warning">{t[fixed]}</p>}
      {isNew && draft === undefined && <p className="text-sm text-muted">{t.absent}</p>}
      <Content path={path} text={text} draft={draft} preview={preview} onChange={(typed) => type(typed, theirs ?? page)} />
      <Problem text={problem} className="text-sm" />
      {theirs && draft !== undefined && (
        <div>
          <p className="mb-1 text-sm text-muted">{t.theirs}</p>
          <pre className="exact max-h-64 overflow-auto">{visible(theirs.text)}</pre>
        </div>
      )}
      <div className="flex flex-wrap items-center gap-2">
        {draft === undefined ? (
          fixed === undefined && (
            <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => setDraft(text)}>
              {isNew ? t.create : t.edit}
            </button>
          )
        ) : (
          <>
            <button type="button" className="button-primary button-small" disabled={busy} onClick={() => void keep(draft, theirs ?? page)}>
              {theirs ? t.over : t.save}
            </button>
            <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => void again()}>
              {theirs ? t.again : t.leave}
            </button>
          </>
        )}
        {(text !== '' || draft !== undefined) && (
          <button type="button" className="button-quiet button-small" aria-pressed={preview} onClick={() => setPreview(!preview)}>
            {t.preview}
          </button>
        )}
        {draft === undefined && children}
        <span className="text-sm text-muted" role="status">
          {said}
        </span>
        {undoId !== undefined && draft === undefined && (
          <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => void takeBack(undoId)}>
            {t.undoSave}
          </button>
        )}
      </div>
    </div>
  );
}

interface ContentProps {
  readonly path: string;
  readonly text: string;
  readonly draft: string | undefined;
  readonly preview: boolean;
  readonly onChange: (text: string) => void;
}

function Content({ path, text, draft, preview, onChange }: ContentProps) {
  const t = useTextFileWords();
  const id = useId();
  if (preview) return <Markdown text={draft ?? text} />;
  if (draft === undefined)
    return <pre className="max-h-[60vh] overflow-auto font-mono text-[0.8125rem] leading-relaxed whitespace-pre-wrap wrap-anywhere">{visible(text)}</pre>;
  return (
    <label className="field" htmlFor={id}>
      <span>{t.content(path)}</span>
      <textarea id={id} className="editor min-h-64" value={draft} spellCheck={false} onChange={(event) => onChange(event.target.value)} />
    </label>
  );
}

/** A browser's field has line ends of its own: those of the file stay what they were. */
export function withLineEnds(changed: string, before: string): string {
  return before.includes('\r\n') ? changed.replace(/\r?\n/gu, '\r\n') : changed;
}

// One file of memory: shown, edited where it still is what was read, forgotten, each with a way back.
import { useCallback, useEffect, useId, useState } from 'react';
import type { MemoryPageBody } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { Problem } from '../../ui/problem.tsx';
import { SureButton } from '../../ui/sure-button.tsx';
import { visible } from '../../ui/visible.ts';
import { useMemoryText } from './text.ts';

export function MemoryFileView({ path, onForgotten }: { readonly path: string; readonly onForgotten: (undoId: string | undefined) => void }) {
  const t = useMemoryText();
  const [page, setPage] = useState<MemoryPageBody>();
  const [draft, setDraft] = useState<string>();
  const [said, setSaid] = useState('');
  const [undoId, setUndoId] = useState<string>();
  const { busy, problem, run } = useTask();
  const id = useId();
  const load = useCallback(
    () =>
      run(async () => {
        setPage(await api.memoryFile(path));
        setDraft(undefined);
      }),
    [run, path],
  );
  useEffect(() => void load(), [load]);
  const save = (text: string, hash: string) =>
    run(async () => {
      setSaid('');
      const saved = await api.saveMemory({ path, text, hash });
      setUndoId(saved.undoId);
      setSaid(t.saved);
      setPage(await api.memoryFile(path));
      setDraft(undefined);
    });
  const takeBack = (change: string) =>
    run(async () => {
      const report = await api.undo({ turnId: change, force: false });
      setSaid(report.files.some(({ result }) => result === 'left') ? t.notBack : t.back);
      setUndoId(undefined);
      setPage(await api.memoryFile(path));
    });
  const forget = () => run(async () => onForgotten((await api.forgetMemory({ path, note: '*' })).undoId));
  if (!page) return <Problem text={problem} className="text-sm" />;
  const { text, hash, fixed, tainted } = page;
  return (
    <div className="space-y-3">
      {tainted && <p className="text-sm text-warning">{t.tainted}</p>}
      {fixed !== undefined && <p className="text-sm text-warning">{t[fixed]}</p>}
      {draft === undefined ? (
        <pre className="max-h-[60vh] overflow-auto font-mono text-[0.8125rem] leading-relaxed whitespace-pre-wrap wrap-anywhere">{visible(text)}</pre>
      ) : (
        <label className="field" htmlFor={id}>
          <span>{t.content(path)}</span>
          <textarea
            id={id}
            className="min-h-64 w-full rounded-xl border border-edge bg-surface px-3 py-2 font-mono text-[0.8125rem] leading-relaxed"
            value={draft}
            spellCheck={false}
            onChange={(event) => setDraft(event.target.value)}
          />
        </label>
      )}
      <Problem text={problem} className="text-sm" />
      <div className="flex flex-wrap items-center gap-2">
        <Buttons
          draft={draft}
          busy={busy}
          fixed={fixed !== undefined}
          onEdit={() => setDraft(text)}
          onSave={(changed) => void save(withLineEnds(changed, text), hash)}
          onLeave={() => void load()}
        />
        {draft === undefined && <SureButton label={t.forget} sure={t.forgetSure} disabled={busy} onSure={() => void forget()} />}
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

/** A browser's field has line ends of its own: those of the file stay what they were. */
function withLineEnds(changed: string, before: string): string {
  return before.includes('\r\n') ? changed.replace(/\r?\n/gu, '\r\n') : changed;
}

interface ButtonsOf {
  readonly draft: string | undefined;
  readonly busy: boolean;
  readonly fixed: boolean;
  readonly onEdit: () => void;
  readonly onSave: (text: string) => void;
  /** Reads the file again; what was typed is given up. */
  readonly onLeave: () => void;
}

function Buttons({ draft, busy, fixed, onEdit, onSave, onLeave }: ButtonsOf) {
  const words = useMemoryText();
  if (draft === undefined)
    return fixed ? null : (
      <button type="button" className="button-quiet button-small" disabled={busy} onClick={onEdit}>
        {words.edit}
      </button>
    );
  return (
    <>
      <button type="button" className="button-primary button-small" disabled={busy} onClick={() => onSave(draft)}>
        {words.save}
      </button>
      <button type="button" className="button-quiet button-small" disabled={busy} onClick={onLeave}>
        {words.again}
      </button>
    </>
  );
}

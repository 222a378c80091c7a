// Below a turn that changed files: taking that back, and in the same place what became of each file.
import { useState } from 'react';
import type { UndoReportBody } from '../../../src/http/contract.ts';
import { api } from '../live/api.ts';
import { useTask } from '../live/use-task.ts';
import { useText } from '../settings.tsx';
import { Problem } from '../ui/problem.tsx';
import { SureButton } from '../ui/sure-button.tsx';
import { visible } from '../ui/visible.ts';

export function UndoTurn({ turnId }: { readonly turnId: string }) {
  const { undo: t, marks } = useText();
  const { busy, problem, run } = useTask();
  const [report, setReport] = useState<UndoReportBody>();
  const ask = (id: string, force: boolean): void => void run(async () => setReport(await api.undo({ turnId: id, force })));
  const newer = report?.files.some(({ why }) => why === 'changed-since' || why === 'changed-during');
  return (
    <div className="text-sm" aria-live="polite">
      {report ? (
        <section className="space-y-2" aria-label={t.title}>
          <h3 className="label">{t.title}</h3>
          <ul className="space-y-0.5 text-muted">
            {report.files.map(({ path, result, why }) => (
              <li key={path}>
                <span className="font-mono text-[0.8125rem] break-all">{visible(path)}</span>
                {marks.colon + t.result[result]}
                {why !== undefined && marks.aside(t.why[why])}
              </li>
            ))}
          </ul>
          {report.commands && <p className="text-warning">{t.commands}</p>}
          <div className="flex flex-wrap gap-2">
            {newer && <SureButton key={report.undoId} label={t.force} sure={t.forceSure} disabled={busy} onSure={() => ask(report.turnId, true)} />}
            {report.undoId !== undefined && (
              <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => ask(report.undoId ?? '', false)}>
                {t.back}
              </button>
            )}
          </div>
        </section>
      ) : (
        <SureButton label={t.start} sure={t.sure} disabled={busy} onSure={() => ask(turnId, false)} />
      )}
      <Problem text={problem} className="mt-2" />
    </div>
  );
}

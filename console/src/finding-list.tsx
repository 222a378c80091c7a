// What a review found, the gravest first, with what to do about it.
import { useCallback, useEffect, useState } from 'react';
import type { ReviewBody } from '../../src/http/contract.ts';
import { api } from './api.ts';
import { PageSection } from './page-section.tsx';
import { useText } from './settings.tsx';
import { useTask } from './use-task.ts';
import { visible } from './visible.ts';

export function FindingList() {
  const t = useText();
  const [review, setReview] = useState<ReviewBody>();
  const { busy, problem, run } = useTask();
  const look = useCallback(async (options: { fix: boolean; keep: boolean }): Promise<void> => setReview(await api.review(options)), []);
  useEffect(() => {
    void run(() => look({ fix: false, keep: false }));
  }, [run, look]);
  const added = new Set(review?.since?.added);
  return (
    <PageSection
      id="findings"
      title={t.security.findings}
      problem={problem}
      actions={
        <>
          {review?.findings.some(({ fixable }) => fixable) === true && (
            <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => void run(() => look({ fix: true, keep: true }))}>
              {t.security.fix}
            </button>
          )}
          <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => void run(() => look({ fix: false, keep: true }))}>
            {busy ? t.security.reviewing : t.security.review}
          </button>
        </>
      }
    >
      {review === undefined && problem === '' && <p className="text-sm text-muted">{t.security.reviewing}</p>}
      {review !== undefined && review.fixed.length > 0 && (
        <p role="status" className="mb-2 text-sm text-muted">
          {t.security.fixed(review.fixed.length)}
        </p>
      )}
      {review?.findings.length === 0 && <p className="text-sm text-muted">{t.security.noFindings}</p>}
      <ul className="space-y-2">
        {review?.findings.map(({ id, severity, what, where, why, fix }) => (
          <li key={`${id} ${where}`} className="card px-5 py-3">
            <p className="flex flex-wrap items-center gap-2">
              <span className={`chip ${severity === 'critical' || severity === 'high' ? 'chip-warning' : ''}`}>{t.security.severity[severity]}</span>
              <span className="font-medium break-words">{visible(what)}</span>
              {added.has(`${id} ${where}`) && <span className="badge">{t.security.newSince}</span>}
            </p>
            <p className="mt-1 text-sm break-words text-muted">{why}</p>
            <p className="mt-1 text-sm break-words">{fix}</p>
            <p className="mt-1 font-mono text-xs break-all text-muted">
              {id} · {visible(where)}
            </p>
          </li>
        ))}
      </ul>
    </PageSection>
  );
}

// What a review found, the gravest first, with what to do about it.
import { useCallback, useEffect, useState } from 'react';
import type { ReviewBody } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { useSaid } from '../../settings.tsx';
import { PageSection } from '../../ui/page-section.tsx';
import { visible } from '../../ui/visible.ts';
import { useSecurityText } from './text.ts';

export function FindingList() {
  const words = useSecurityText();
  const told = useSaid();
  const [review, setReview] = useState<ReviewBody>();
  const { busy, problem, run } = useTask();
  const look = useCallback(async (options: { fix: boolean; keep: boolean }): Promise<void> => setReview(await api.review(options)), []);
  const load = useCallback(() => run(() => look({ fix: false, keep: false })), [run, look]);
  useEffect(() => void load(), [load]);
  const added = new Set(review?.since?.added);
  return (
    <PageSection
      id="findings"
      title={words.findings}
      problem={problem}
      again={review ? undefined : load}
      actions={
        <>
          {review?.findings.some(({ fixable }) => fixable) === true && (
            <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => void run(() => look({ fix: true, keep: true }))}>
              {words.fix}
            </button>
          )}
          <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => void run(() => look({ fix: false, keep: true }))}>
            {busy ? words.reviewing : words.review}
          </button>
        </>
      }
    >
      {review === undefined && problem === '' && <p className="text-sm text-muted">{words.reviewing}</p>}
      {review !== undefined && review.fixed.length > 0 && (
        <p role="status" className="mb-2 text-sm text-muted">
          {words.fixed(review.fixed.length)}
        </p>
      )}
      {review?.findings.length === 0 && <p className="text-sm text-muted">{words.noFindings}</p>}
      <ul className="space-y-2">
        {review?.findings.map(({ id, severity, what, where, why, fix }) => (
          <li key={`${id} ${where}`} className="card px-5 py-3">
            <p className="flex flex-wrap items-center gap-2">
              <span className={`chip ${severity === 'critical' || severity === 'high' ? 'chip-warning' : ''}`}>{words.severity[severity]}</span>
              <span className="font-medium break-words">{visible(told(what))}</span>
              {added.has(`${id} ${where}`) && <span className="badge">{words.newSince}</span>}
            </p>
            <p className="mt-1 text-sm break-words text-muted">{told(why)}</p>
            <p className="mt-1 text-sm break-words">{told(fix)}</p>
            <p className="mt-1 font-mono text-xs break-all text-muted">
              {id} · {visible(where)}
            </p>
          </li>
        ))}
      </ul>
    </PageSection>
  );
}

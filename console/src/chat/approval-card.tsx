// A question to the person (R15): the exact plan, its effects in words, warnings, and only the answers that are offered.
import { useId, useState } from 'react';
import type { ApprovalDecision } from '../../../src/http/contract.ts';
import { inWords, type Trouble } from '../live/api.ts';
import type { ApprovalItem } from '../live/chat-items.ts';
import { useLive } from '../live/use-live.ts';
import { useSaid, useSettings, useText } from '../settings.tsx';
import { Countdown } from '../ui/countdown.tsx';
import { focusComposer } from '../ui/focus.ts';
import { shortTime } from '../ui/format.ts';
import { CheckIcon, ChevronIcon, CrossIcon, ShieldIcon, WarningIcon } from '../ui/icons.tsx';
import { Problem } from '../ui/problem.tsx';
import { visible } from '../ui/visible.ts';
import { PlanView } from './plan-view.tsx';

export function ApprovalCard({ item }: { readonly item: ApprovalItem }) {
  return item.decision === undefined ? <Question item={item} /> : <Answered item={item} decision={item.decision} />;
}

function Question({ item }: { readonly item: ApprovalItem }) {
  const { text: t, locale } = useSettings();
  const told = useSaid();
  const live = useLive();
  const title = useId();
  const [sent, setSent] = useState<ApprovalDecision>();
  const [problem, setProblem] = useState<Trouble>();
  const { approval } = item;
  const answer = async (decision: ApprovalDecision): Promise<void> => {
    setSent(decision);
    setProblem(undefined);
    const failed = await live.answer(approval.id, decision);
    if (failed === undefined) return focusComposer();
    setProblem(failed);
    setSent(undefined);
  };
  const label = { once: t.allowOnce, task: t.allowTask, always: t.allowAlways } as const;
  return (
    <section aria-labelledby={title} className="approval">
      <div className="flex items-center gap-2.5">
        <ShieldIcon className="size-5 text-accent" />
        <h2 id={title} className="font-semibold">
          {t.approvalTitle}
        </h2>
      </div>
      <p className="mt-1 text-sm break-words text-muted">{visible(told(approval.reason))}</p>
      {approval.warnings.length > 0 && (
        <div className="notice-warning mt-3 flex gap-2.5 rounded-lg border px-3.5 py-2.5 text-sm">
          <WarningIcon className="mt-0.5 size-4" />
          <div className="min-w-0">
            <h3 className="font-medium">{t.approvalWarnings}</h3>
            <ul className="break-words text-text">
              {approval.warnings.map((warning) => (
                <li key={warning}>{visible(told(warning))}</li>
              ))}
            </ul>
          </div>
        </div>
      )}
      <PlanView plan={approval.plan} />
      <Problem text={problem && inWords(problem, t)} className="mt-3 text-sm" />
      <div className="mt-4 flex flex-wrap items-center gap-2">
        {approval.scopes.map((scope) => (
          <button
            key={scope}
            type="button"
            className={scope === 'once' ? 'button-primary' : 'button-quiet'}
            disabled={sent !== undefined}
            onClick={() => void answer(scope)}
          >
            {label[scope]}
          </button>
        ))}
        <button type="button" className="button-quiet button-danger" disabled={sent !== undefined} onClick={() => void answer('deny')}>
          {t.deny}
        </button>
      </div>
      <p className="mt-3 text-xs text-muted">
        {t.approvalUntil(shortTime(approval.expiresAt, Date.now(), locale))} <Countdown until={approval.expiresAt} words={t.approvalLeft} />
      </p>
    </section>
  );
}

/** Answered questions fold to a line; what was asked stays behind it. */
function Answered({ item, decision }: { readonly item: ApprovalItem; readonly decision: ApprovalDecision | 'expired' }) {
  const t = useText();
  const told = useSaid();
  const allowed = decision !== 'deny' && decision !== 'expired';
  return (
    <details className="fold">
      <summary>
        {allowed ? <CheckIcon className="size-4 text-accent" /> : <CrossIcon className="size-4 text-warning" />}
        <span>{t.approvalAnswer[decision]}</span>
        <ChevronIcon className="chevron size-4" />
      </summary>
      <div className="approval mt-2">
        <p className="text-sm break-words text-muted">{visible(told(item.approval.reason))}</p>
        <PlanView plan={item.approval.plan} />
      </div>
    </details>
  );
}

// One stranger who was given a code, and the three answers. Making an id one's own is asked twice.
import { useState } from 'react';
import type { People } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { useSettings } from '../../settings.tsx';
import { shortTime } from '../../ui/format.ts';
import { Problem } from '../../ui/problem.tsx';
import { visible } from '../../ui/visible.ts';
import { usePeopleText } from './text.ts';

export function PairingCard({ pairing, onChanged }: { readonly pairing: People['pairings'][number]; readonly onChanged: () => Promise<void> }) {
  const { text: t, locale } = useSettings();
  const words = usePeopleText();
  const [sure, setSure] = useState(false);
  const { busy, problem, run } = useTask();
  const { code, channel, account, sender, expiresAt } = pairing;
  const act = (what: () => Promise<unknown>): Promise<void> =>
    run(async () => {
      await what();
      await onChanged();
    });
  const approve = (operator: boolean) => (): void => void act(() => api.approvePairing(code, operator));
  return (
    <section className="card px-5 py-4" aria-label={visible(sender)}>
      <p className="font-semibold break-words">
        <code>{visible(sender)}</code> · {channel}/{account}
      </p>
      <p className="mt-1 text-sm text-muted">
        {words.code}{' '}
        <strong className="font-mono text-text">
          {code.slice(0, 4)}-{code.slice(4)}
        </strong>
        {t.marks.comma + words.until(shortTime(expiresAt, Date.now(), locale))}
      </p>
      {sure && <p className="mt-3 text-sm text-warning">{words.operatorSure}</p>}
      <div className="mt-3 flex flex-wrap gap-2">
        {sure ? (
          <>
            <button type="button" className="button-quiet button-danger button-small" disabled={busy} onClick={approve(true)}>
              {words.operatorYes}
            </button>
            <button type="button" className="button-quiet button-small" onClick={() => setSure(false)}>
              {t.cancel}
            </button>
          </>
        ) : (
          <>
            <button type="button" className="button-soft button-small" disabled={busy} onClick={approve(false)}>
              {words.approve}
            </button>
            <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => setSure(true)}>
              {words.approveOperator}
            </button>
            <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => void act(() => api.denyPairing(code))}>
              {words.deny}
            </button>
          </>
        )}
      </div>
      <Problem text={problem} className="mt-3 text-sm" />
    </section>
  );
}

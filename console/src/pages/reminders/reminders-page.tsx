// Reminders that wait, the next one first; each can be cancelled.
import { useCallback, useEffect, useState } from 'react';
import type { Reminders } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useLiveState } from '../../live/use-live.ts';
import { useTask } from '../../live/use-task.ts';
import { chatHash } from '../../route.ts';
import { useSettings } from '../../settings.tsx';
import { shortTime } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { SureButton } from '../../ui/sure-button.tsx';
import { visible } from '../../ui/visible.ts';
import { useRemindersText } from './text.ts';

export function RemindersPage() {
  const { text: t, locale } = useSettings();
  const words = useRemindersText();
  const [waiting, setWaiting] = useState<Reminders['reminders']>();
  const { busy, problem, run } = useTask();
  const load = useCallback(() => run(async () => setWaiting((await api.reminders()).reminders)), [run]);
  // A turn that ended may have set one, or said one.
  const sessions = useLiveState((state) => state.sessions);
  // biome-ignore lint/correctness/useExhaustiveDependencies: they are looked at again, not read
  useEffect(() => void load(), [load, sessions]);
  const cancel = (id: string) =>
    run(async () => {
      try {
        await api.cancelReminder(id);
      } finally {
        setWaiting((await api.reminders()).reminders);
      }
    });

  return (
    <Page name="reminders" text={words.text} problem={problem} again={waiting ? undefined : load}>
      {waiting === undefined && problem === '' && <p className="text-muted">{t.loading}</p>}
      {waiting?.length === 0 && <p className="text-muted">{words.nothing}</p>}
      <ul className="space-y-2">
        {waiting?.map(({ id, dueAt, text, title, sessionId }) => (
          <li key={id} className="card flex flex-wrap items-center gap-x-4 gap-y-2 px-5 py-4">
            <div className="min-w-0 flex-1 basis-60">
              <p className="wrap-anywhere font-medium">{visible(text)}</p>
              <p className="text-sm text-muted">
                {words.said(shortTime(dueAt, Date.now(), locale))}
                {' · '}
                <a className="underline" href={chatHash(sessionId)} title={words.open}>
                  {visible(title) || words.noTitle}
                </a>
              </p>
            </div>
            <SureButton label={words.cancel} sure={words.sure} disabled={busy} onSure={() => void cancel(id)} />
          </li>
        ))}
      </ul>
    </Page>
  );
}

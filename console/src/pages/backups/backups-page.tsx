// Backups: the daily ones and when the next is made, those that somebody asked for, and a form that makes one.
import { useCallback, useEffect, useState } from 'react';
import type { Backups } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { useSaid, useSettings } from '../../settings.tsx';
import { shortTime } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { PageSection } from '../../ui/page-section.tsx';
import { BackupForm } from './backup-form.tsx';
import { BackupRow } from './backup-row.tsx';
import { useBackupsText } from './text.ts';

/** How often a backup that is being made is asked about, milliseconds. */
const everyMs = 500;

export function BackupsPage() {
  const { text: t } = useSettings();
  const words = useBackupsText();
  const [view, setView] = useState<Backups>();
  const { problem, run } = useTask();
  const load = useCallback(() => run(async () => setView(await api.backups())), [run]);
  useEffect(() => void load(), [load]);
  const working = view?.work?.state === 'running';
  useEffect(() => {
    if (!working) return;
    const timer = setInterval(() => void load(), everyMs);
    return () => clearInterval(timer);
  }, [working, load]);

  const daily = view?.backups.filter(({ kind }) => kind !== 'archive') ?? [];
  const whole = view?.backups.filter(({ kind }) => kind === 'archive') ?? [];
  return (
    <Page name="backups" text={words.text} problem={problem} again={view ? undefined : load}>
      {view === undefined && problem === '' && <p className="text-muted">{t.loading}</p>}
      {view && (
        <>
          <PageSection id="whole" title={words.whole} text={words.wholeText} problem="">
            <List backups={whole} none={words.noWhole} />
            <BackupForm work={view.work} onBegun={load} />
          </PageSection>
          <PageSection id="daily" title={words.daily} text={words.dailyText} problem="">
            <Schedule schedule={view.schedule} />
            <List backups={daily} none={words.noDaily} />
          </PageSection>
        </>
      )}
    </Page>
  );
}

function List({ backups, none }: { readonly backups: Backups['backups']; readonly none: string }) {
  if (backups.length === 0) return <p className="text-sm text-muted">{none}</p>;
  return (
    <ul className="space-y-2">
      {backups.map((backup) => (
        <BackupRow key={backup.name} backup={backup} />
      ))}
    </ul>
  );
}

function Schedule({ schedule: { days, weeks, nextAt, problem } }: { readonly schedule: Backups['schedule'] }) {
  const { locale } = useSettings();
  const told = useSaid();
  const words = useBackupsText();
  const next = nextAt === undefined ? words.nextAfterChange : words.next(shortTime(nextAt, Date.now(), locale));
  return (
    <>
      {problem !== undefined && <p className="mb-2 text-sm text-danger">{words.failed(told(problem))}</p>}
      <p className={`mb-3 text-sm ${days + weeks === 0 ? 'text-warning' : ''}`}>{days + weeks === 0 ? words.off : `${next} ${words.keeps(days, weeks)}`}</p>
    </>
  );
}

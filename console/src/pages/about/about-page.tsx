// Which CoPaw this is: version, machine, data, time and memory; the report of a problem, and the licences of what is inside.
import { useCallback, useEffect, useState } from 'react';
import type { AboutBody } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { useSettings } from '../../settings.tsx';
import { age, fileSize, shortTime } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { LicenceList } from './licence-list.tsx';
import { ReportMaker } from './report-maker.tsx';
import { useAboutText } from './text.ts';

export function AboutPage() {
  const { text: t } = useSettings();
  const words = useAboutText();
  const [about, setAbout] = useState<AboutBody>();
  const { problem, run } = useTask();
  const load = useCallback(() => run(async () => setAbout(await api.about())), [run]);
  useEffect(() => void load(), [load]);
  return (
    <Page name="about" text={words.text} problem={problem} again={about ? undefined : load}>
      {about === undefined && problem === '' && <p className="mb-10 text-muted">{t.loading}</p>}
      {about && <Facts about={about} />}
      <ReportMaker />
      <LicenceList />
    </Page>
  );
}

function Facts({ about }: { readonly about: AboutBody }) {
  const {
    locale,
    text: { marks },
  } = useSettings();
  const words = useAboutText();
  const now = Date.now();
  const facts = [
    [words.version, about.version],
    [words.commit, about.commit === 'unknown' ? words.unknown : about.commit],
    [words.system, `${about.system}, Node ${about.node}`],
    [words.home, about.home],
    [words.running, shortTime(about.startedAt, now, locale) + marks.aside(age(about.startedAt, now, locale))],
    [words.memory, fileSize(about.memory)],
    [words.database, fileSize(about.database) + marks.comma + words.free(fileSize(about.free))],
  ] as const;
  return (
    <dl className="card mb-10 grid gap-x-6 gap-y-3 px-5 py-4 sm:grid-cols-[max-content_1fr]">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-sm text-muted">{name}</dt>
          <dd className="-mt-2 break-all sm:mt-0">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

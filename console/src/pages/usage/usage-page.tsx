// Tokens and cost: what it comes to, over time as a chart and a table, and by model, agent and channel.
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { UsageBody } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { useSettings } from '../../settings.tsx';
import { Choice } from '../../ui/choice.tsx';
import { shortCount } from '../../ui/format.ts';
import { ChevronIcon } from '../../ui/icons.tsx';
import { Page } from '../../ui/page.tsx';
import { PageSection } from '../../ui/page-section.tsx';
import { type Slice, type Sum, slicesOf } from './slices.ts';
import { useUsageText } from './text.ts';
import type { Measure } from './usage-chart.tsx';
import { knownCost, percentOf, UsageTable } from './usage-table.tsx';

/** What draws comes after the numbers. */
const UsageChart = lazy(async () => ({ default: (await import('./usage-chart.tsx')).UsageChart }));
const groupings = ['models', 'agents', 'channels'] as const;

export function UsagePage() {
  const { text: t } = useSettings();
  const words = useUsageText();
  const [days, setDays] = useState('7');
  const [report, setReport] = useState<UsageBody>();
  const { problem, run } = useTask();
  const asked = useRef(days);
  asked.current = days;
  const load = useCallback(
    () =>
      run(async () => {
        const found = await api.usage(days);
        if (asked.current === days) setReport(found);
      }),
    [run, days],
  );
  useEffect(() => void load(), [load]);
  return (
    <Page name="usage" text={words.text} problem={problem} again={report ? undefined : load}>
      <div className="mb-6 flex flex-wrap items-end gap-3">
        <Choice
          label={words.range}
          value={days}
          options={['1', '7', '30', ''].map((one) => [one, words.ranges[one as keyof typeof words.ranges]])}
          onChange={setDays}
        />
      </div>
      {report === undefined && problem === '' && <p className="text-muted">{t.loading}</p>}
      {report !== undefined && (tokensOf(report.total) > 0 ? <Report report={report} /> : <Nothing calls={report.total.calls} />)}
    </Page>
  );
}

function Nothing({ calls }: { readonly calls: number }) {
  const words = useUsageText();
  return (
    <>
      <p className="font-medium">{calls === 0 ? words.nothing : words.noTokens(calls)}</p>
      <p className="mt-1 text-muted">{calls === 0 ? words.nothingNext : words.noTokensNext}</p>
    </>
  );
}

const tokensOf = ({ input, output }: Sum): number => input + output;

function Report({ report }: { readonly report: UsageBody }) {
  const { text: t, locale } = useSettings();
  const words = useUsageText();
  const [measure, setMeasure] = useState<Measure>('tokens');
  const slices = useMemo(() => slicesOf(report, locale), [report, locale]);
  const timeName = report.step === 'hour' ? words.hour : words.day;
  return (
    <>
      <Totals total={report.total} />
      <PageSection
        id="over-time"
        title={words.overTime}
        problem=""
        actions={
          <Choice
            label={words.measure}
            value={measure}
            options={Object.entries(words.measures)}
            onChange={(value) => setMeasure(value === 'cost' ? 'cost' : 'tokens')}
          />
        }
      >
        <Suspense
          fallback={
            <p role="status" className="card mb-3 px-5 py-4 text-muted">
              {t.loading}
            </p>
          }
        >
          <UsageChart slices={slices} measure={measure} />
        </Suspense>
        <details className="fold">
          <summary className="mb-3">
            <ChevronIcon className="chevron size-4" />
            {words.asTable}
          </summary>
          <UsageTable name={timeName} rows={slices.toReversed()} total={report.total} />
        </details>
      </PageSection>
      {groupings.map((grouping) => (
        <PageSection key={grouping} id={grouping} title={words.by[grouping]} problem="">
          <UsageTable name={words.name[grouping]} rows={named(report[grouping], words.beside)} total={report.total} />
          {report[grouping].some(({ name }) => name === '') && <p className="mt-2 text-sm text-muted">{words.beside + t.marks.colon + words.besideText}</p>}
        </PageSection>
      ))}
    </>
  );
}

const named = (rows: readonly Slice[], nameless: string): readonly Slice[] => rows.map((row) => (row.name === '' ? { ...row, name: nameless } : row));

function Totals({ total }: { readonly total: Sum }) {
  const words = useUsageText();
  const facts = [
    { name: words.calls, value: shortCount(total.calls), more: '' },
    { name: words.input, value: shortCount(total.input), more: '' },
    { name: words.cached, value: shortCount(total.cachedInput), more: words.share(percentOf(total)) },
    { name: words.output, value: shortCount(total.output), more: '' },
    { name: words.cost, value: knownCost(total) ?? words.unknown, more: total.unpriced > 0 ? words.unpriced(total.unpriced) : '' },
  ];
  return (
    <>
      <dl className="grid grid-cols-2 gap-3 sm:grid-cols-5">
        {facts.map(({ name, value, more }) => (
          <div key={name} className="card min-w-0 px-4 py-3 last:col-span-2 sm:last:col-span-1">
            <dt className="text-sm text-muted">{name}</dt>
            <dd className="text-lg font-semibold break-words tabular-nums">{value}</dd>
            {more !== '' && <dd className="text-xs text-muted">{more}</dd>}
          </div>
        ))}
      </dl>
      <p className="mt-2 mb-8 text-sm text-muted">{total.unpriced > 0 && words.unknownNext}</p>
    </>
  );
}

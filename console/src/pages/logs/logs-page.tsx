// The log: lines by how grave they are and what is in them, newest first, and live where it is followed.
import { type FormEvent, useState } from 'react';
import type { LogPageBody } from '../../../../src/http/contract.ts';
import { useSettings } from '../../settings.tsx';
import { Choice } from '../../ui/choice.tsx';
import { exactTime } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { visible } from '../../ui/visible.ts';
import { useLogsText } from './text.ts';
import { type LogFilter, useLog } from './use-log.ts';

type LogLine = LogPageBody['entries'][number]['line'];

export function LogsPage() {
  const { text: t } = useSettings();
  const words = useLogsText();
  const [filter, setFilter] = useState<LogFilter>({ level: 'info', text: '' });
  const [follow, setFollow] = useState(false);
  const { shown, busy, problem, load, older } = useLog(filter, follow);
  const search = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('text') ?? '').trim();
    if (text !== filter.text) setFilter({ ...filter, text });
    else void load();
  };
  return (
    <Page name="logs" text={words.text} problem={problem} again={shown ? undefined : load}>
      <form className="mb-4 flex flex-wrap items-end gap-3" onSubmit={search}>
        <Choice label={words.level} value={filter.level} options={Object.entries(words.levels)} onChange={(level) => setFilter({ ...filter, level })} />
        <label className="field flex-1 basis-40">
          <span>{words.search}</span>
          <input name="text" type="search" maxLength={200} autoComplete="off" spellCheck={false} placeholder={words.searchHint} />
        </label>
        <button type="submit" className="button-quiet min-h-11">
          {words.refresh}
        </button>
        <button type="button" className="button-quiet min-h-11" aria-pressed={follow} onClick={() => setFollow(!follow)}>
          {follow && <span className="pulse dot bg-accent" aria-hidden="true" />}
          {follow ? words.following : words.follow}
        </button>
      </form>
      {shown === undefined && problem === '' && <p className="text-muted">{t.loading}</p>}
      {shown?.entries.length === 0 && <p className="text-muted">{filter.level === 'info' && filter.text === '' ? words.nothing : words.nothingFits}</p>}
      {shown !== undefined && shown.entries.length > 0 && (
        <ol className="card divide-y divide-line" aria-label={words.lines}>
          {shown.entries.map(({ place, line }) => (
            <Line key={place} line={line} />
          ))}
        </ol>
      )}
      {shown?.older !== undefined && (
        <button type="button" className="button-quiet button-small mt-3" disabled={busy && !follow} onClick={() => void older()}>
          {words.older}
        </button>
      )}
    </Page>
  );
}

const tones: Readonly<Record<LogLine['level'], string>> = { info: 'text-muted', warn: 'text-warning', error: 'text-danger' };

function Line({ line: { time, level, event, ...fields } }: { readonly line: LogLine }) {
  const { locale } = useSettings();
  const words = useLogsText();
  const members = Object.entries(fields);
  return (
    <li className="px-5 py-2 text-sm">
      <span className="flex flex-wrap items-baseline gap-x-3">
        <time className="text-muted tabular-nums" dateTime={time}>
          {exactTime(Date.parse(time), Date.now(), locale)}
        </time>
        <span className={tones[level]}>{words.badges[level]}</span>
        <span className="font-medium">{visible(event)}</span>
      </span>
      {members.length > 0 && (
        <span className="block font-mono text-xs break-all text-muted">
          {members.map(([name, value]) => `${visible(name)}=${visible(valueText(value))}`).join('  ')}
        </span>
      )}
    </li>
  );
}

/** Of an error its message; `copaw logs --json` shows where it was thrown. */
function valueText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if ('message' in value && typeof value.message === 'string') return value.message;
  return JSON.stringify(value);
}

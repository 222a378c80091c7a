// Finding in memory: passages with their place, day and source, or that nothing fits.
import { type FormEvent, useId, useState } from 'react';
import type { MemoryFindingBody } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { chatHash } from '../../route.ts';
import { useSettings } from '../../settings.tsx';
import { shortTime } from '../../ui/format.ts';
import { Problem } from '../../ui/problem.tsx';
import { visible } from '../../ui/visible.ts';
import { useMemoryText } from './text.ts';

type Hit = MemoryFindingBody['hits'][number];

export function MemorySearch({ onOpen }: { readonly onOpen: (path: string) => void }) {
  const words = useMemoryText();
  const [found, setFound] = useState<MemoryFindingBody>();
  const { busy, problem, run } = useTask();
  const id = useId();
  const search = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const query = String(new FormData(event.currentTarget).get('query') ?? '').trim();
    if (query !== '') void run(async () => setFound(await api.memorySearch(query)));
  };
  const { days, corrected = {} } = found?.read ?? {};
  return (
    <search className="mb-8 block">
      <form className="mb-3 flex items-end gap-3" onSubmit={search}>
        <label className="field flex-1" htmlFor={id}>
          <span>{words.query}</span>
          <input id={id} name="query" type="search" autoComplete="off" />
        </label>
        <button type="submit" className="button-quiet min-h-11" disabled={busy}>
          {words.find}
        </button>
      </form>
      <Problem text={problem} className="mb-3 text-sm" />
      <div aria-live="polite">
        {days !== undefined && <p className="text-sm text-muted">{words.looked(days[0], days[1])}</p>}
        {Object.entries(corrected).map(([from, to]) => (
          <p key={from} className="text-sm text-muted">
            {words.corrected(visible(from), visible(to))}
          </p>
        ))}
        {found?.hits.length === 0 && <p className="text-muted">{words.nothingFits}</p>}
      </div>
      <ul className="mt-2 space-y-2">
        {found?.hits.map((hit) => (
          <li key={`${hit.path}:${hit.lines[0]}-${hit.lines[1]} ${hit.text}`} className="card px-5 py-3">
            <p className="whitespace-pre-wrap wrap-anywhere">{visible(hit.text)}</p>
            <About hit={hit} onOpen={onOpen} />
          </li>
        ))}
      </ul>
    </search>
  );
}

function About({ hit, onOpen }: { readonly hit: Hit; readonly onOpen: (path: string) => void }) {
  const { locale } = useSettings();
  const words = useMemoryText();
  const { path, lines, headings = [], day, superseded, source } = hit;
  return (
    <p className="mt-1 flex flex-wrap gap-x-3 text-sm text-muted">
      <button type="button" className="link-quiet break-all" onClick={() => onOpen(path)}>
        {visible(path)}:{lines[0]}–{lines[1]}
      </button>
      {headings.length > 0 && <span>{visible(headings.join(' › '))}</span>}
      {day !== undefined && <span>{day}</span>}
      {superseded !== undefined && <span className="text-warning">{words.replaced(superseded)}</span>}
      {source !== undefined && (
        <span>
          {words.by[source.by]} {shortTime(source.at, Date.now(), locale)}
          {source.sessionId !== undefined && (
            <>
              {' · '}
              <a className="link-quiet" href={chatHash(source.sessionId)}>
                {words.conversation}
              </a>
            </>
          )}
        </span>
      )}
    </p>
  );
}

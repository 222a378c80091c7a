// What was done, approved and refused, newest first, by what it is about, how it came out and whose it was; each leads to its conversation.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ActivityBody, PermissionTable } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { chatHash } from '../../route.ts';
import { useSettings, useWords } from '../../settings.tsx';
import { Choice } from '../../ui/choice.tsx';
import { agentLabel, exactTime } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { visible } from '../../ui/visible.ts';
import { ChainCheck } from './chain-check.tsx';
import { kinds } from './kinds.ts';
import { useActivityText } from './text.ts';

type ActivityRecord = ActivityBody['records'][number];
const pageSize = '50';
const everything = { subject: '', outcome: '', agent: '' };

export function ActivityPage() {
  const { text: t } = useSettings();
  const words = useActivityText();
  const [filter, setFilter] = useState(everything);
  const [agents, setAgents] = useState<PermissionTable['agents']>([]);
  const [records, setRecords] = useState<readonly ActivityRecord[]>();
  const [older, setOlder] = useState<number>();
  const { busy, problem, run } = useTask();
  const asked = useRef(filter);
  asked.current = filter;
  const load = useCallback(
    (before?: number) =>
      run(async () => {
        const page = await api.activity({ ...filter, limit: pageSize, before: before === undefined ? '' : String(before) });
        if (asked.current !== filter) return;
        setRecords((known = []) => (before === undefined ? page.records : [...known, ...page.records]));
        setOlder(page.older);
      }),
    [run, filter],
  );
  useEffect(() => {
    setRecords(undefined);
    void load();
  }, [load]);
  useEffect(() => void run(async () => setAgents((await api.permissions({})).agents)), [run]);
  const choose = (name: keyof typeof everything, label: string, options: readonly (readonly [string, string])[]) => (
    <Choice label={label} value={filter[name]} options={[['', words.anything], ...options]} onChange={(value) => setFilter({ ...filter, [name]: value })} />
  );

  return (
    <Page name="activity" text={words.text} problem={problem} again={records ? undefined : () => load()}>
      <div className="mb-4 flex flex-wrap items-end gap-3">
        {choose('subject', words.subject, Object.entries(words.subjects))}
        {choose('outcome', words.outcome, Object.entries(words.outcomes))}
        {agents.length > 1 &&
          choose(
            'agent',
            words.agent,
            agents.map((agent) => [agent.id, visible(agentLabel(agent))]),
          )}
        <button type="button" className="button-quiet min-h-11" disabled={busy} onClick={() => void load()}>
          {words.refresh}
        </button>
      </div>
      {records === undefined && problem === '' && <p className="text-muted">{t.loading}</p>}
      {records?.length === 0 && <p className="text-muted">{Object.values(filter).join('') === '' ? words.nothing : words.nothingFits}</p>}
      {records !== undefined && records.length > 0 && (
        <ol className="card divide-y divide-line">
          {records.map((record) => (
            <Row key={record.seq} record={record} />
          ))}
        </ol>
      )}
      {older !== undefined && (
        <button type="button" className="button-quiet button-small mt-3" disabled={busy} onClick={() => void load(older)}>
          {words.older}
        </button>
      )}
      <ChainCheck />
    </Page>
  );
}

function Row({ record: { at, kind, outcome, detail, agentId, sessionId } }: { readonly record: ActivityRecord }) {
  const { locale } = useSettings();
  const words = useActivityText();
  const named = useWords(kinds);
  return (
    <li className="px-5 py-2.5 text-sm">
      <span className="flex flex-wrap items-baseline gap-x-3">
        <span className="text-muted tabular-nums">{exactTime(at, Date.now(), locale)}</span>
        <span className="font-medium">{Object.hasOwn(named, kind) ? named[kind] : kind}</span>
        {typeof detail.tool === 'string' && <span className="font-mono text-xs">{visible(detail.tool)}</span>}
        <span className={outcome === 'refused' ? 'text-warning' : 'text-muted'}>{words.outcomes[outcome]}</span>
        {agentId !== undefined && <span className="text-muted">{visible(agentId)}</span>}
        {sessionId !== undefined && (
          <a className="link-quiet ml-auto" href={chatHash(sessionId)}>
            {words.conversation}
          </a>
        )}
      </span>
      <span className="block font-mono text-xs break-all text-muted">
        {[kind, ...Object.entries(detail).map(([name, value]) => `${name}=${visible(String(value))}`)].join('  ')}
      </span>
    </li>
  );
}

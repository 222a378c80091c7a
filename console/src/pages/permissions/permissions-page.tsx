// What is allowed to whom and why, as the judge itself says it; rules, standing grants, and where strangers' words are.
import { useCallback, useEffect, useState } from 'react';
import type { Grants, PermissionPreview, PermissionTable, TaintReport } from '../../../../src/http/contract.ts';
import { api, problemOf } from '../../live/api.ts';
import { useSaid, useText } from '../../settings.tsx';
import { Choice } from '../../ui/choice.tsx';
import { agentLabel } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { visible } from '../../ui/visible.ts';
import { GrantList, TaintList } from './permission-lists.tsx';
import { PermissionRows } from './permission-rows.tsx';
import { RuleEditor } from './rule-editor.tsx';
import { usePermissionsText } from './text.ts';

const origins = ['operator', 'direct', 'group', 'unattended'] as const;
type Origin = (typeof origins)[number];

interface Shown {
  readonly table: PermissionTable;
  readonly preview: PermissionPreview;
  readonly grants: Grants['grants'];
  readonly taint: TaintReport;
}

export function PermissionsPage() {
  const t = useText();
  const words = usePermissionsText();
  const told = useSaid();
  const [origin, setOrigin] = useState<Origin>('operator');
  const [agent, setAgent] = useState('');
  const [channel, setChannel] = useState('');
  const [tool, setTool] = useState('');
  const [tainted, setTainted] = useState(false);
  const [shown, setShown] = useState<Shown>();
  const [problem, setProblem] = useState('');

  const load = useCallback(async (): Promise<void> => {
    const query = { agent, channel: channel.trim(), tool };
    try {
      const [table, preview, { grants }, taint] = await Promise.all([
        api.permissions(query),
        api.permissionPreview({ ...query, origin, tainted: String(tainted) }),
        api.grants(),
        api.taint(),
      ]);
      setShown({ table, preview, grants, taint });
      setProblem('');
    } catch (error) {
      setProblem(problemOf(error, t));
    }
  }, [agent, channel, tool, origin, tainted, t]);
  useEffect(() => {
    void load();
  }, [load]);

  const act = async (change: () => Promise<unknown>): Promise<void> => {
    try {
      await change();
      await load();
    } catch (error) {
      setProblem(problemOf(error, t));
    }
  };

  return (
    <Page name="permissions" text={words.text} problem={problem} again={shown ? undefined : load}>
      {shown === undefined && problem === '' && <p className="text-muted">{t.loading}</p>}
      {shown && (
        <>
          <p className={`mb-4 text-sm ${['none', 'off'].includes(shown.table.sandbox.kind) ? 'text-warning' : 'text-muted'}`}>
            {words.sandbox(shown.table.sandbox.kind, shown.table.sandbox.reason && told(shown.table.sandbox.reason))}
          </p>
          <div className="card mb-6 grid gap-4 px-5 py-4 sm:grid-cols-2">
            <Choice
              label={words.sender}
              value={origin}
              options={origins.map((one) => [one, words.origins[one]])}
              onChange={(one) => setOrigin(origins.find((known) => known === one) ?? 'operator')}
            />
            <Choice
              label={words.agent}
              value={shown.table.agentId}
              options={shown.table.agents.map((one) => [one.id, visible(agentLabel(one))])}
              onChange={setAgent}
            />
            <label className="field">
              <span>{words.channel}</span>
              <input value={channel} placeholder="" autoComplete="off" spellCheck={false} onChange={(event) => setChannel(event.target.value)} />
              <small>{words.channelHint}</small>
            </label>
            <Choice
              label={words.tool}
              value={tool}
              options={[['', words.anyTool], ...shown.table.tools.map((one): [string, string] => [one, one])]}
              onChange={setTool}
            />
            <label className="flex min-h-11 items-center gap-2.5 sm:col-span-2">
              <input type="checkbox" className="size-4 accent-accent" checked={tainted} onChange={(event) => setTainted(event.target.checked)} />
              {words.tainted}
            </label>
          </div>
          <PermissionRows rows={shown.preview.rows} />
          <RuleEditor table={shown.table} act={act} />
          <GrantList grants={shown.grants} act={act} />
          <TaintList taint={shown.taint} act={act} />
        </>
      )}
    </Page>
  );
}

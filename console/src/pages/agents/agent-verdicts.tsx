// What an agent would be allowed, by who asks: the rows of the page of permissions, for this agent.
import { useCallback, useEffect, useState } from 'react';
import type { PermissionPreview, PermissionTable } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { pageHash } from '../../route.ts';
import { Choice } from '../../ui/choice.tsx';
import { ChevronIcon } from '../../ui/icons.tsx';
import { Unloaded } from '../../ui/unloaded.tsx';
import { PermissionRows } from '../permissions/permission-rows.tsx';
import { usePermissionsText } from '../permissions/text.ts';
import { useAgentsText } from './text.ts';

export function AgentVerdicts({ agentId }: { readonly agentId: string }) {
  const words = useAgentsText();
  const [open, setOpen] = useState(false);
  return (
    <section className="tool">
      <button type="button" className="tool-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        <ChevronIcon className="chevron size-4 text-muted" />
        <span className="font-medium">{words.may}</span>
      </button>
      {open && (
        <div className="border-t border-line px-5 py-4">
          <Verdicts agentId={agentId} />
        </div>
      )}
    </section>
  );
}

const origins = ['operator', 'direct', 'group', 'unattended'] as const;

function Verdicts({ agentId }: { readonly agentId: string }) {
  const words = useAgentsText();
  const permissions = usePermissionsText();
  const [origin, setOrigin] = useState<string>('operator');
  const [tool, setTool] = useState('');
  const [tools, setTools] = useState<PermissionTable['tools']>([]);
  const [rows, setRows] = useState<PermissionPreview['rows']>();
  const { problem, run } = useTask();
  const load = useCallback(
    () =>
      run(async () => {
        const query = { agent: agentId, tool };
        const [table, preview] = await Promise.all([api.permissions(query), api.permissionPreview({ ...query, origin })]);
        setTools(table.tools);
        setRows(preview.rows);
      }),
    [run, agentId, tool, origin],
  );
  useEffect(() => void load(), [load]);
  return (
    <>
      <p className="mb-3 text-sm text-muted">
        {words.mayText}{' '}
        <a className="link-quiet" href={pageHash('permissions')}>
          {words.toPermissions}
        </a>
      </p>
      <Unloaded problem={problem} again={rows ? undefined : load} className="mb-3 text-sm" />
      <div className="mb-3 grid gap-4 sm:grid-cols-2">
        <Choice label={words.sender} value={origin} options={origins.map((one) => [one, permissions.origins[one]])} onChange={setOrigin} />
        <Choice label={words.tool} value={tool} options={[['', words.anyTool], ...tools.map((one): [string, string] => [one, one])]} onChange={setTool} />
      </div>
      {rows && <PermissionRows rows={rows} />}
    </>
  );
}

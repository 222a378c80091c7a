// Standing grants and marks, each with the way to take it back.
import type { Grants, TaintReport } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useText } from '../../settings.tsx';
import { visible } from '../../ui/visible.ts';
import { usePermissionsText } from './text.ts';

type Act = (change: () => Promise<unknown>) => Promise<void>;

export function GrantList({ grants, act }: { readonly grants: Grants['grants']; readonly act: Act }) {
  const t = usePermissionsText();
  return (
    <section className="mb-8" aria-labelledby="grants">
      <h2 id="grants" className="mb-1 text-lg font-semibold">
        {t.grants}
      </h2>
      <p className="mb-3 text-sm text-muted">{grants.length === 0 ? t.noGrants : t.grantsText}</p>
      <ul className="space-y-2">
        {grants.map(({ id, agentId, scope, template }) => (
          <Line key={id} label={t.revoke} onClick={() => void act(() => api.revokeGrant(id))}>
            <code className="break-all">{visible(template)}</code>{' '}
            <span className="text-muted">
              · {agentId}
              {scope === 'task' && ` · ${t.task}`}
            </span>
          </Line>
        ))}
      </ul>
    </section>
  );
}

export function TaintList({ taint, act }: { readonly taint: TaintReport; readonly act: Act }) {
  const t = usePermissionsText();
  const { untitled } = useText();
  const none = taint.sessions.length + taint.files.length === 0;
  return (
    <section aria-labelledby="taint">
      <h2 id="taint" className="mb-1 text-lg font-semibold">
        {t.taint}
      </h2>
      <p className="mb-3 text-sm text-muted">{none ? t.noTaint : t.taintText}</p>
      <ul className="space-y-2">
        {taint.sessions.map(({ id, title }) => (
          <Line key={id} label={t.clear} onClick={() => void act(() => api.clearTaint({ session: id }))}>
            {visible(title.trim()) || untitled}
          </Line>
        ))}
        {taint.files.map(({ agentId, path }) => (
          <Line key={`${agentId}/${path}`} label={t.clear} onClick={() => void act(() => api.clearTaint({ agent: agentId, path }))}>
            <code className="break-all">{visible(path)}</code> <span className="text-muted">· {path.startsWith('./') ? t.openMark : agentId}</span>
          </Line>
        ))}
      </ul>
    </section>
  );
}

function Line({ label, onClick, children }: { readonly label: string; readonly onClick: () => void; readonly children: React.ReactNode }) {
  return (
    <li className="card flex flex-wrap items-center gap-3 px-5 py-2">
      <span className="min-w-0 flex-1 text-sm break-words">{children}</span>
      <button type="button" className="button-quiet button-small" onClick={onClick}>
        {label}
      </button>
    </li>
  );
}

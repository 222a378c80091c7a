// The newest records of the audit log, and whether its chain holds.
import { useCallback, useEffect, useState } from 'react';
import type { AuditRecords, AuditVerdictBody } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { useSettings } from '../../settings.tsx';
import { shortTime } from '../../ui/format.ts';
import { PageSection } from '../../ui/page-section.tsx';
import { visible } from '../../ui/visible.ts';
import { useSecurityText } from './text.ts';

const pageSize = 50;
const most = 1_000;

export function AuditList() {
  const { text: t, locale } = useSettings();
  const words = useSecurityText();
  const [records, setRecords] = useState<AuditRecords['records']>();
  const [limit, setLimit] = useState(pageSize);
  const [verdict, setVerdict] = useState<AuditVerdictBody>();
  const { busy, problem, run } = useTask();
  const load = useCallback(async (): Promise<void> => setRecords((await api.audit(limit)).records.toReversed()), [limit]);
  useEffect(() => {
    void run(load);
  }, [run, load]);
  return (
    <PageSection
      id="audit"
      title={words.audit}
      text={words.auditText}
      problem={problem}
      actions={
        <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => void run(async () => setVerdict(await api.verifyAudit()))}>
          {words.verify}
        </button>
      }
    >
      {verdict && (
        <p role="status" className={`mb-3 text-sm ${verdict.ok ? 'text-muted' : 'text-danger'}`}>
          {verdict.ok ? words.chainHolds(verdict.records) : words.chainBroken(verdict.brokenAt ?? 0)}
        </p>
      )}
      {records === undefined && problem === '' && <p className="text-sm text-muted">{t.loading}</p>}
      {records?.length === 0 && <p className="text-sm text-muted">{words.noRecords}</p>}
      {records !== undefined && records.length > 0 && (
        <ol className="card divide-y divide-line">
          {records.map(({ seq, at, kind, detail }) => (
            <li key={seq} className="px-5 py-2 text-sm">
              <span className="flex flex-wrap gap-x-3">
                <span className="text-muted">{shortTime(at, Date.now(), locale)}</span>
                <span className="font-medium">{kind}</span>
              </span>
              <span className="block font-mono text-xs break-all text-muted">
                {Object.entries(detail)
                  .map(([name, value]) => `${name}=${visible(String(value))}`)
                  .join('  ')}
              </span>
            </li>
          ))}
        </ol>
      )}
      {records?.length === limit && limit < most && (
        <button type="button" className="button-quiet button-small mt-3" disabled={busy} onClick={() => setLimit(Math.min(most, limit * 4))}>
          {words.earlier}
        </button>
      )}
    </PageSection>
  );
}

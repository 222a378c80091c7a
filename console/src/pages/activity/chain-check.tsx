// Whether the chain of the records holds.
import { useState } from 'react';
import type { AuditVerdictBody } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { PageSection } from '../../ui/page-section.tsx';
import { useActivityText } from './text.ts';

export function ChainCheck() {
  const words = useActivityText();
  const [verdict, setVerdict] = useState<AuditVerdictBody>();
  const { busy, problem, run } = useTask();
  return (
    <div className="mt-10">
      <PageSection
        id="chain"
        title={words.chain}
        text={words.chainText}
        problem={problem}
        actions={
          <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => void run(async () => setVerdict(await api.verifyAudit()))}>
            {words.verify}
          </button>
        }
      >
        {verdict && (
          <p role="status" className={`text-sm ${verdict.ok ? 'text-muted' : 'text-danger'}`}>
            {verdict.ok ? words.chainHolds(verdict.records) : words.chainBroken(verdict.brokenAt ?? 0)}
          </p>
        )}
      </PageSection>
    </div>
  );
}

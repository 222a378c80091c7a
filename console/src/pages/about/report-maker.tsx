// The report of a problem: what is in it is said before it is made, it can be read whole, and it stays here until it is downloaded.
import { useState } from 'react';
import type { ReportBody } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { useText } from '../../settings.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { PageSection } from '../../ui/page-section.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { visible } from '../../ui/visible.ts';
import { useAboutText } from './text.ts';

export function ReportMaker() {
  const words = useAboutText();
  const { marks } = useText();
  const [report, setReport] = useState<ReportBody>();
  const { busy, problem, run } = useTask();
  return (
    <PageSection id="report" title={words.report} text={words.reportText} problem={problem}>
      {report === undefined && (
        <button type="button" className="button-quiet" disabled={busy} onClick={() => void run(async () => setReport(await api.report()))}>
          {busy ? words.making : words.make}
        </button>
      )}
      {report && (
        <>
          <section aria-label={words.reportName}>
            <CodeBlock text={visible(report.markdown)} language="markdown" />
          </section>
          {report.missing.length > 0 && <p className="mt-3 text-sm text-muted">{words.missing(report.missing.join(marks.list))}</p>}
          <button
            type="button"
            className="button-primary mt-3"
            onClick={() => saveFile(new Blob([report.markdown], { type: 'text/markdown' }), 'copaw-report.md')}
          >
            {words.download}
          </button>
        </>
      )}
    </PageSection>
  );
}

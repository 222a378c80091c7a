// What a test of a model showed, capability by capability: the test takes the way every answer takes.
import type { ModelTest } from '../../../../src/http/contract.ts';
import { useSaid } from '../../settings.tsx';
import { CheckIcon, CrossIcon } from '../../ui/icons.tsx';
import { useModelsText } from './text.ts';

export function TestReport({ test }: { readonly test: ModelTest }) {
  const told = useSaid();
  const words = useModelsText();
  return (
    <div role="status" className="mt-3 rounded-lg bg-sunken px-4 py-3 text-sm">
      <p className={test.ok ? 'font-medium text-accent' : 'font-medium text-danger'}>{test.ok ? words.testOk : words.testBad}</p>
      <ul className="mt-2 space-y-1.5">
        {test.reports.map((report) => (
          <li key={report.capability} className="flex gap-2">
            {report.ok ? <CheckIcon className="mt-0.5 size-4 text-accent" /> : <CrossIcon className="mt-0.5 size-4 text-danger" />}
            <span className="min-w-0 break-words">
              {words.capability[report.capability]}
              {report.detail !== '' && <span className="text-muted"> · {told(report.detail)}</span>}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

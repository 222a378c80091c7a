// One configured provider: its models, how its key is held, and what may be done with it.
import { useEffect, useRef, useState } from 'react';
import type { ModelTest, ProviderSummary } from '../../../../src/http/contract.ts';
import { api, problemOf } from '../../live/api.ts';
import { useLiveState } from '../../live/use-live.ts';
import { useTask } from '../../live/use-task.ts';
import { useText } from '../../settings.tsx';
import { Problem } from '../../ui/problem.tsx';
import { SureButton } from '../../ui/sure-button.tsx';
import { TestReport } from './test-report.tsx';
import { useModelsText } from './text.ts';

/** The model that was added last, and how many were before it: the same one may be added again, with another address. */
export interface Fresh {
  readonly ref: string;
  readonly count: number;
}

/** Whether the model answers at all; not before a test has shown it. */
export type OnTested = (ref: string, answers: boolean) => void;

export function ProviderCard({
  provider,
  fresh,
  onChanged,
  onTested,
}: {
  readonly provider: ProviderSummary;
  readonly fresh: Fresh | undefined;
  readonly onChanged: () => Promise<void>;
  readonly onTested: OnTested;
}) {
  const t = useText();
  const words = useModelsText();
  const { busy, problem, run } = useTask();
  const act = (what: () => Promise<unknown>): Promise<void> =>
    run(async () => {
      await what();
      await onChanged();
    });
  return (
    <section className="card px-5 py-4" aria-label={provider.id}>
      <div className="flex flex-wrap items-start gap-x-3 gap-y-1">
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold break-words">{provider.id}</h2>
          <p className="text-sm break-words text-muted">
            {[kindName(provider.kind, words.kinds), provider.baseUrl, words.keyHeld(provider.key)].filter((part) => part !== undefined).join(' · ')}
          </p>
        </div>
        <SureButton label={t.remove} sure={t.removeConfirm} disabled={busy} onSure={() => void act(() => api.removeModel(provider.id))} />
      </div>
      <Problem text={problem} className="mt-2 text-sm" />
      <ul className="mt-3 divide-y divide-line border-t border-line">
        {provider.models.map((model) => (
          <ModelRow
            key={model}
            reference={`${provider.id}/${model}`}
            name={model}
            testNow={fresh?.ref === `${provider.id}/${model}` ? fresh.count : 0}
            busy={busy}
            onDefault={() => void act(() => api.setDefault(`${provider.id}/${model}`))}
            onTested={onTested}
          />
        ))}
      </ul>
    </section>
  );
}

function ModelRow({
  reference,
  name,
  testNow,
  busy,
  onDefault,
  onTested,
}: {
  readonly reference: string;
  readonly name: string;
  /** Tested once for each number from 1 on. */
  readonly testNow: number;
  readonly busy: boolean;
  readonly onDefault: () => void;
  readonly onTested: OnTested;
}) {
  const t = useText();
  const words = useModelsText();
  const isDefault = useLiveState((state) => state.status?.model === reference);
  const [test, setTest] = useState<ModelTest>();
  const [testing, setTesting] = useState(false);
  const [problem, setProblem] = useState('');
  const begun = useRef(0);
  const row = useRef<HTMLLIElement>(null);
  const run = async (): Promise<void> => {
    setTesting(true);
    setProblem('');
    try {
      const done = await api.testModel(reference);
      setTest(done);
      onTested(
        reference,
        done.reports.some(({ capability, ok }) => capability === 'connect' && ok),
      );
    } catch (error) {
      onTested(reference, false);
      setTest(undefined);
      setProblem(problemOf(error, t));
    } finally {
      setTesting(false);
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the model was just added
  useEffect(() => {
    if (testNow === begun.current) return;
    begun.current = testNow;
    if (testNow === 0) return;
    row.current?.scrollIntoView({ block: 'center' });
    onTested(reference, false);
    void run();
  }, [testNow]);
  return (
    <li ref={row} className="py-3 last:pb-0">
      <div className="flex flex-wrap items-center gap-2">
        <span className="min-w-0 flex-1 font-mono text-sm break-all">{name}</span>
        {isDefault ? (
          <span className="badge">{words.isDefault}</span>
        ) : (
          <button type="button" className="button-quiet button-small" disabled={busy} onClick={onDefault}>
            {words.makeDefault}
          </button>
        )}
        <button type="button" className="button-quiet button-small" disabled={testing} onClick={() => void run()}>
          {testing ? words.testing : words.test}
        </button>
      </div>
      <Problem text={problem} className="mt-2 text-sm" />
      {test && <TestReport test={test} />}
    </li>
  );
}

function kindName(kind: string, kinds: Readonly<Record<string, string>>): string {
  return kinds[kind] ?? kind;
}

// Which model answers: what is configured, what was found on this machine, and a form for the rest. The first steps of a new CoPaw show the same.
import { useCallback, useEffect, useState } from 'react';
import type { ProviderSummary } from '../../../../src/http/contract.ts';
import { api, problemOf } from '../../live/api.ts';
import { useLive } from '../../live/use-live.ts';
import { useText } from '../../settings.tsx';
import { Page } from '../../ui/page.tsx';
import { Unloaded } from '../../ui/unloaded.tsx';
import { AddProvider, type Offer } from './add-provider.tsx';
import { FoundModels } from './found-models.tsx';
import { type Fresh, type OnTested, ProviderCard } from './provider-card.tsx';
import { useModelsText } from './text.ts';

export function ModelsPage() {
  const words = useModelsText();
  return (
    <Page name="models" text={words.text}>
      <ConnectModel />
    </Page>
  );
}

export function ConnectModel({ onTested }: { readonly onTested?: OnTested }) {
  const t = useText();
  const words = useModelsText();
  const live = useLive();
  const [providers, setProviders] = useState<readonly ProviderSummary[]>();
  const [problem, setProblem] = useState('');
  const [offer, setOffer] = useState<Offer>();
  /** The model that was just added; its card tests it at once. */
  const [fresh, setFresh] = useState<Fresh>();
  /** What was typed stays until it has proved right. */
  const [form, setForm] = useState(0);

  const load = useCallback(async (): Promise<void> => {
    try {
      setProviders((await api.models()).providers);
      setProblem('');
    } catch (error) {
      setProblem(problemOf(error, t));
    }
    // The header names the model that answers.
    await live.refresh();
  }, [live, t]);
  useEffect(() => {
    void load();
  }, [load]);

  const tested: OnTested = (ref, answers) => {
    onTested?.(ref, answers);
    if (!answers || ref !== fresh?.ref) return;
    setOffer(undefined);
    setForm(fresh.count);
  };
  return (
    <>
      <Unloaded problem={problem} again={providers ? undefined : load} className="mb-4" />
      {providers?.length === 0 && <p className="card mb-4 px-5 py-4 text-muted">{words.none}</p>}
      {providers === undefined && problem === '' && <p className="text-muted">{t.loading}</p>}
      <ul className="space-y-3">
        {providers?.map((provider) => (
          <li key={provider.id}>
            <ProviderCard provider={provider} fresh={fresh} onChanged={load} onTested={tested} />
          </li>
        ))}
      </ul>
      <FoundModels onUse={setOffer} />
      <AddProvider
        key={`${form} ${offer?.id ?? ''}`}
        offer={offer}
        first={providers?.length === 0}
        onAdded={async (ref) => {
          setFresh((before) => ({ ref, count: (before?.count ?? 0) + 1 }));
          await load();
        }}
      />
    </>
  );
}

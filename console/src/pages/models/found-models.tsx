// Keys in known environment variables and local model servers. Nothing of it is used before somebody says so.
import { useCallback, useEffect, useState } from 'react';
import { api, problemOf } from '../../live/api.ts';
import { useText } from '../../settings.tsx';
import { Problem } from '../../ui/problem.tsx';
import type { Offer } from './add-provider.tsx';
import { useModelsText } from './text.ts';

export function FoundModels({ onUse }: { readonly onUse: (offer: Offer) => void }) {
  const t = useText();
  const words = useModelsText();
  const [offers, setOffers] = useState<readonly Offer[]>();
  const [problem, setProblem] = useState('');
  const look = useCallback(async (): Promise<void> => {
    setOffers(undefined);
    setProblem('');
    try {
      setOffers((await api.detected()).offers);
    } catch (error) {
      setOffers([]);
      setProblem(problemOf(error, t));
    }
  }, [t]);
  useEffect(() => {
    void look();
  }, [look]);
  return (
    <section className="mt-10" aria-labelledby="found">
      <div className="mb-3 flex items-center justify-between gap-3">
        <h2 id="found" className="text-lg font-semibold tracking-tight">
          {words.found}
        </h2>
        <button type="button" className="button-quiet button-small" disabled={offers === undefined} onClick={() => void look()}>
          {words.lookAgain}
        </button>
      </div>
      {offers === undefined && <p className="text-sm text-muted">{t.loading}</p>}
      <Problem text={problem} className="text-sm" />
      {offers?.length === 0 && problem === '' && <p className="text-sm text-muted">{words.foundNone}</p>}
      <ul className="space-y-2">
        {offers?.map((offer) => (
          <li key={`${offer.id}/${offer.model}`} className="card flex flex-wrap items-center gap-3 px-5 py-3">
            <span className="min-w-0 flex-1">
              <span className="block font-medium break-words">
                {offer.id} · {offer.model}
              </span>
              <span className="block text-sm break-words text-muted">{offer.found}</span>
            </span>
            <button type="button" className="button-quiet button-small" onClick={() => onUse(offer)}>
              {words.use}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

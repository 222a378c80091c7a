// Above a conversation: the model that answers in it, and the others that are set up.
import { useEffect, useId, useState } from 'react';
import { api, problemOf } from '../live/api.ts';
import { useLive, useLiveState } from '../live/use-live.ts';
import { useText } from '../settings.tsx';
import { ChipIcon } from '../ui/icons.tsx';
import { Problem } from '../ui/problem.tsx';

export function ModelPicker({ sessionId }: { readonly sessionId: string }) {
  const words = useText();
  const t = words.model;
  const live = useLive();
  const usual = useLiveState((state) => state.status?.model ?? '');
  const chosen = useLiveState((state) => state.sessions?.find(({ id }) => id === sessionId)?.model ?? state.picked.get(sessionId) ?? '');
  const [refs, setRefs] = useState<readonly string[]>();
  const [problem, setProblem] = useState<string>();
  const id = useId();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is set up may have changed when another model became the default
  useEffect(() => {
    let current = true;
    api.models().then(
      ({ providers }) => current && setRefs(providers.flatMap((provider) => provider.models.map((model) => `${provider.id}/${model}`))),
      () => undefined, // then what is chosen stays
    );
    return () => {
      current = false;
    };
  }, [usual, sessionId]);
  if (usual === '' || refs === undefined || (refs.length === 0 && chosen === '')) return null;
  const pick = async (ref: string): Promise<void> => {
    setProblem(undefined);
    try {
      await live.pick(sessionId, ref === '' ? null : ref);
    } catch (error) {
      setProblem(`${t.notChosen} ${problemOf(error, words)}`);
    }
  };
  return (
    <span className="flex min-w-0 max-w-full items-center gap-1.5">
      <ChipIcon className="size-4" />
      <label htmlFor={id} className="sr-only">
        {t.label}
      </label>
      <select id={id} className="model-picker" value={chosen} title={t.label} onChange={(event) => void pick(event.target.value)}>
        <option value="">{t.usual(usual)}</option>
        {refs.map((ref) => (
          <option key={ref} value={ref}>
            {ref}
          </option>
        ))}
        {chosen !== '' && !refs.includes(chosen) && <option value={chosen}>{t.gone(chosen)}</option>}
      </select>
      <Problem text={problem} className="text-xs" />
    </span>
  );
}

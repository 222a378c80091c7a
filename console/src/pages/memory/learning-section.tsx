// What an agent learns by itself: the switches with their cost, and the proposals for MEMORY.md.
import { useCallback, useEffect, useState } from 'react';
import type { Dreams, LearningStates } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { useSettings } from '../../settings.tsx';
import { dollars, shortCount } from '../../ui/format.ts';
import { SureButton } from '../../ui/sure-button.tsx';
import { Unloaded } from '../../ui/unloaded.tsx';
import { visible } from '../../ui/visible.ts';
import { DreamRow } from './dream-row.tsx';
import { useLearningText } from './text-learning.ts';

type Agent = LearningStates['agents'][number];

/** `onChanged`: MEMORY.md is another one now. */
export function LearningSection({ agentId, onChanged }: { readonly agentId: string; readonly onChanged: () => void }) {
  const words = useLearningText();
  const [agent, setAgent] = useState<Agent>();
  const [dreams, setDreams] = useState<Dreams['dreams']>();
  const [nothing, setNothing] = useState(false);
  const [asking, setAsking] = useState(false);
  const { busy, problem, run } = useTask();
  const load = useCallback(async (): Promise<void> => {
    const [states, found] = await Promise.all([api.learning(), api.dreams(agentId)]);
    setAgent(states.agents.find((one) => one.agentId === agentId));
    setDreams(found.dreams);
  }, [agentId]);
  useEffect(() => void run(load), [run, load]);

  const set = (change: { facts?: boolean; dreams?: boolean }) =>
    run(async () => {
      await api.setLearning(agentId, change);
      await load();
    });
  const now = async (): Promise<void> => {
    setNothing(false);
    setAsking(true);
    await run(async () => {
      setNothing((await api.dreamNow(agentId)).dream === undefined);
      await load();
    });
    setAsking(false);
  };

  return (
    <section aria-labelledby="learning" className="mb-8">
      <h2 id="learning" className="mb-1 text-lg font-semibold">
        {words.title}
      </h2>
      <p className="mb-3 text-sm text-muted">{words.text}</p>
      <Unloaded problem={problem} again={agent ? undefined : () => run(load)} className="mb-3" />
      {agent && (
        <ul className="mb-4 space-y-2">
          {(['facts', 'dreams'] as const).map((kind) => (
            <li key={kind} className="card flex flex-wrap items-center gap-x-4 gap-y-2 px-5 py-4">
              <div className="min-w-0 flex-1 basis-60">
                <p className="font-medium">
                  {words[kind]} · <span className={agent[kind] ? 'text-accent' : 'text-muted'}>{agent[kind] ? words.isOn : words.isOff}</span>
                </p>
                <p className="text-sm text-muted">{words[`${kind}Text`]}</p>
                <p className="text-sm">
                  <Cost cost={agent.estimate[kind]} /> <span className="wrap-anywhere text-muted">{words.with(visible(agent.model))}</span>
                </p>
              </div>
              {agent[kind] ? (
                <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => void set({ [kind]: false })}>
                  {words.off}
                </button>
              ) : (
                <SureButton label={words.on} sure={words.onSure} disabled={busy} onSure={() => void set({ [kind]: true })} />
              )}
            </li>
          ))}
        </ul>
      )}
      {agent && agent.spent.calls > 0 && (
        <p className="mb-4 text-sm text-muted">{words.spent(shortCount(agent.spent.tokens), moneyOf(agent.spent.cost, words.money, words.noPrice))}</p>
      )}
      <div className="mb-2 flex flex-wrap items-center justify-between gap-3">
        <h3 className="font-semibold">{words.proposals}</h3>
        <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => void now()}>
          {words.now}
        </button>
      </div>
      <div role="status" className="text-sm text-muted">
        {asking && <p>{words.asking}</p>}
        {nothing && <p>{words.nothingNew}</p>}
      </div>
      {dreams?.length === 0 && !nothing && !asking && <p className="text-sm text-muted">{words.none}</p>}
      <ul className="space-y-2">
        {dreams?.map((dream) => (
          <li key={dream.id} className="tool">
            <DreamRow
              dream={dream}
              onChanged={() => {
                void run(load);
                onChanged();
              }}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Cost({ cost: { calls, tokens, cost } }: { readonly cost: Agent['spent'] }) {
  const { locale } = useSettings();
  const words = useLearningText();
  const count = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(calls);
  return words.cost(count, shortCount(tokens), moneyOf(cost, words.money, words.noPrice));
}

function moneyOf(cost: number | undefined, money: (sum: string) => string, unknown: string): string {
  if (cost === undefined) return unknown;
  const sum = dollars(cost);
  return sum === undefined ? '' : money(sum);
}

// What an agent learns by itself: the switches with their cost, and the proposals for MEMORY.md.
import { useCallback, useEffect, useState } from 'react';
import type { Dreams, LearningStates } from '../../src/http/contract.ts';
import { api } from './api.ts';
import { DreamRow } from './dream-row.tsx';
import { dollars, shortCount } from './format.ts';
import { Problem } from './problem.tsx';
import { useSettings } from './settings.tsx';
import { SureButton } from './sure-button.tsx';
import { useTask } from './use-task.ts';
import { visible } from './visible.ts';

type Agent = LearningStates['agents'][number];

/** `onChanged`: MEMORY.md is another one now. */
export function LearningSection({ agentId, onChanged }: { readonly agentId: string; readonly onChanged: () => void }) {
  const { text: t } = useSettings();
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
        {t.learning.title}
      </h2>
      <p className="mb-3 text-sm text-muted">{t.learning.text}</p>
      <Problem text={problem} className="mb-3" />
      {agent && (
        <ul className="mb-4 space-y-2">
          {(['facts', 'dreams'] as const).map((kind) => (
            <li key={kind} className="card flex flex-wrap items-center gap-x-4 gap-y-2 px-5 py-4">
              <div className="min-w-0 flex-1 basis-60">
                <p className="font-medium">
                  {t.learning[kind]} · <span className={agent[kind] ? 'text-accent' : 'text-muted'}>{agent[kind] ? t.learning.isOn : t.learning.isOff}</span>
                </p>
                <p className="text-sm text-muted">{t.learning[`${kind}Text`]}</p>
                <p className="text-sm">
                  <Cost cost={agent.estimate[kind]} /> <span className="wrap-anywhere text-muted">{t.learning.with(visible(agent.model))}</span>
                </p>
              </div>
              {agent[kind] ? (
                <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => void set({ [kind]: false })}>
                  {t.learning.off}
                </button>
              ) : (
                <SureButton label={t.learning.on} sure={t.learning.onSure} disabled={busy} onSure={() => void set({ [kind]: true })} />
              )}
            </li>
          ))}
        </ul>
      )}
      {agent && agent.spent.calls > 0 && (
        <p className="mb-4 text-sm text-muted">
          {t.learning.spent(shortCount(agent.spent.tokens), moneyOf(agent.spent.cost, t.learning.money, t.learning.noPrice))}
        </p>
      )}
      <div className="mb-2 flex flex-wrap items-center justify-between gap-3">
        <h3 className="font-semibold">{t.learning.proposals}</h3>
        <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => void now()}>
          {t.learning.now}
        </button>
      </div>
      <div role="status" className="text-sm text-muted">
        {asking && <p>{t.learning.asking}</p>}
        {nothing && <p>{t.learning.nothingNew}</p>}
      </div>
      {dreams?.length === 0 && !nothing && !asking && <p className="text-sm text-muted">{t.learning.none}</p>}
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
  const { text: t, locale } = useSettings();
  const count = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(calls);
  return t.learning.cost(count, shortCount(tokens), moneyOf(cost, t.learning.money, t.learning.noPrice));
}

function moneyOf(cost: number | undefined, money: (sum: string) => string, unknown: string): string {
  if (cost === undefined) return unknown;
  const sum = dollars(cost);
  return sum === undefined ? '' : money(sum);
}

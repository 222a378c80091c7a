// The agents: one card each, with name and model, persona, verdicts and sandbox.
import { useCallback, useEffect, useState } from 'react';
import type { Agents } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useLive } from '../../live/use-live.ts';
import { useTask } from '../../live/use-task.ts';
import { useText } from '../../settings.tsx';
import { Page } from '../../ui/page.tsx';
import { AgentCard } from './agent-card.tsx';
import { useAgentsText } from './text.ts';

export function AgentsPage() {
  const t = useText();
  const words = useAgentsText();
  const live = useLive();
  const [found, setFound] = useState<Agents>();
  const { problem, run } = useTask();
  const load = useCallback(() => run(async () => setFound(await api.agents())), [run]);
  useEffect(() => void load(), [load]);
  const changed = async (): Promise<void> => {
    // The header names the model that answers.
    await Promise.all([load(), live.refresh()]);
  };
  return (
    <Page name="agents" text={words.text} problem={problem} again={found ? undefined : load}>
      {found === undefined && problem === '' && <p className="text-muted">{t.loading}</p>}
      <ul className="space-y-6">
        {found?.agents.map((agent) => (
          <li key={agent.id}>
            <AgentCard agent={agent} models={found.models} onChanged={changed} />
          </li>
        ))}
      </ul>
    </Page>
  );
}

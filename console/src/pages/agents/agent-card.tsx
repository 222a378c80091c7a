// One agent: its name and model, and what belongs to it.
import { type FormEvent, useId, useState } from 'react';
import type { AgentChange, Agents } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { useSaid } from '../../settings.tsx';
import { Choice } from '../../ui/choice.tsx';
import { agentLabel } from '../../ui/format.ts';
import { Problem } from '../../ui/problem.tsx';
import { visible } from '../../ui/visible.ts';
import { AgentSandbox } from './agent-sandbox.tsx';
import { AgentVerdicts } from './agent-verdicts.tsx';
import { PersonaFiles } from './persona-files.tsx';
import { useAgentsText } from './text.ts';

interface AgentCardProps {
  readonly agent: Agents['agents'][number];
  readonly models: Agents['models'];
  readonly onChanged: () => Promise<void>;
}

export function AgentCard({ agent, models, onChanged }: AgentCardProps) {
  const words = useAgentsText();
  const told = useSaid();
  const hint = useId();
  const [name, setName] = useState(agent.name);
  const [said, setSaid] = useState('');
  const { busy, problem, run } = useTask();
  const { id, isDefault, model, modelProblem, ownModel } = agent;
  const change = (what: AgentChange) =>
    run(async () => {
      setSaid('');
      await api.changeAgent(id, what);
      await onChanged();
      setSaid(words.saved);
    });
  const rename = (event: FormEvent): void => {
    event.preventDefault();
    void change({ name: name.trim() });
  };
  // What is chosen may be gone from the list: it is shown all the same.
  const known = ownModel === undefined || models.includes(ownModel) ? models : [ownModel, ...models];
  return (
    <section className="card px-5 py-4" aria-label={agentLabel(agent)}>
      <h2 className="mb-3 flex flex-wrap items-center gap-2 text-lg font-semibold break-words">
        {visible(agentLabel(agent))}
        {isDefault && <span className="badge">{words.answers}</span>}
      </h2>
      <div className="mb-6 grid gap-4 sm:grid-cols-2">
        <form onSubmit={rename}>
          <label className="field">
            <span>{words.name}</span>
            <input
              value={name}
              maxLength={80}
              required
              autoComplete="off"
              spellCheck={false}
              aria-describedby={hint}
              onChange={(event) => setName(event.target.value)}
            />
          </label>
          <small id={hint} className="mt-1 block text-[0.8125rem] text-muted">
            {words.nameHint}
          </small>
          {name.trim() !== agent.name && name.trim() !== '' && (
            <button type="submit" className="button-primary button-small mt-2" disabled={busy}>
              {words.saveName}
            </button>
          )}
        </form>
        <div>
          <Choice
            label={words.model}
            value={ownModel ?? ''}
            options={[['', words.defaultModel(ownModel === undefined ? model : undefined)], ...known.map((ref): [string, string] => [ref, ref])]}
            onChange={(ref) => void change({ model: ref === '' ? null : ref })}
          />
          {modelProblem !== undefined && <p className="mt-1 text-sm text-warning">{visible(told(modelProblem))}</p>}
        </div>
        <p role="status" className="text-sm text-muted sm:col-span-2">
          {said}
        </p>
        <Problem text={problem} className="text-sm sm:col-span-2" />
      </div>
      <PersonaFiles agent={agent} onChanged={onChanged} />
      <AgentSandbox sandbox={agent.sandbox} />
      <AgentVerdicts agentId={id} />
    </section>
  );
}

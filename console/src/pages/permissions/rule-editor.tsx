// The rules of config.json: what stands, a rule more, a rule less. They are written whole, through the server's config door.
import { type FormEvent, useState } from 'react';
import type { PermissionTable, PolicyRule } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useText } from '../../settings.tsx';
import { Choice } from '../../ui/choice.tsx';
import { agentLabel } from '../../ui/format.ts';
import { visible } from '../../ui/visible.ts';
import { type PermissionsText, usePermissionsText } from './text.ts';

export function RuleEditor({ table, act }: { readonly table: PermissionTable; readonly act: (change: () => Promise<unknown>) => Promise<void> }) {
  const t = usePermissionsText();
  const { marks } = useText();
  const [scope, setScope] = useState('all');
  const [effect, setEffect] = useState('');
  const [origin, setOrigin] = useState('');
  const [tool, setTool] = useState('');
  const [channel, setChannel] = useState('');
  const [verdict, setVerdict] = useState<'ask' | 'deny'>('ask');
  const own = table.agents.find(({ id }) => id === table.agentId);
  const name = own ? visible(agentLabel(own)) : table.agentId;
  const ofAgent = (at: string): boolean => at.startsWith('agents.');
  const write = (forAgent: boolean, change: (rules: readonly PolicyRule[]) => readonly PolicyRule[]): Promise<void> => {
    const rules = table.rules.filter(({ at }) => ofAgent(at) === forAgent).map(({ rule }) => rule);
    return act(() => api.setRules({ rules: change(rules), ...(forAgent ? { agent: table.agentId } : {}) }));
  };
  const add = (event: FormEvent): void => {
    event.preventDefault();
    const origins = ['operator', 'direct', 'group', 'unattended'] as const;
    const from = origins.find((one) => one === origin);
    const rule: PolicyRule = {
      ...(effect === '' ? {} : { effect }),
      ...(from === undefined ? {} : { origin: from }),
      ...(tool === '' ? {} : { tool }),
      ...(channel.trim() === '' ? {} : { channel: channel.trim() }),
      verdict,
    };
    void write(scope === 'agent', (rules) => [...rules, rule]);
  };
  return (
    <section className="mb-8" aria-labelledby="rules">
      <h2 id="rules" className="mb-1 text-lg font-semibold">
        {t.rules}
      </h2>
      <p className="mb-3 text-sm text-muted">{t.rulesText}</p>
      {table.rules.length === 0 && <p className="mb-3 text-sm text-muted">{t.noRules}</p>}
      <ul className="mb-4 space-y-2">
        {table.rules.map(({ at, rule }) => (
          <li key={at} className="card flex flex-wrap items-center gap-3 px-5 py-2">
            <span className="min-w-0 flex-1 text-sm break-words">
              <strong>{t.verdicts[rule.verdict]}</strong> · {describe(rule, t).join(marks.comma) || t.everything} ·{' '}
              <span className="text-muted">{ofAgent(at) ? name : t.forAll}</span>
            </span>
            <button
              type="button"
              className="button-quiet button-small"
              onClick={() => void write(ofAgent(at), (rules) => rules.filter((_, index) => !at.endsWith(`.${index}`)))}
            >
              {t.remove}
            </button>
          </li>
        ))}
      </ul>
      <form className="card grid gap-4 px-5 py-4 sm:grid-cols-2" onSubmit={add}>
        <Choice
          label={t.scope}
          value={scope}
          options={[
            ['all', t.forAll],
            ['agent', name],
          ]}
          onChange={setScope}
        />
        <Choice
          label={t.verdict}
          value={verdict}
          options={[
            ['ask', t.verdicts.ask],
            ['deny', t.verdicts.deny],
          ]}
          onChange={(one) => setVerdict(one === 'deny' ? 'deny' : 'ask')}
        />
        <Choice label={t.effect} value={effect} options={[['', t.anyEffect], ...Object.entries(t.effects)]} onChange={setEffect} />
        <Choice label={t.sender} value={origin} options={[['', t.anyOrigin], ...Object.entries(t.origins)]} onChange={setOrigin} />
        <Choice label={t.tool} value={tool} options={[['', t.anyTool], ...table.tools.map((one): [string, string] => [one, one])]} onChange={setTool} />
        <label className="field">
          <span>{t.channel}</span>
          <input value={channel} autoComplete="off" spellCheck={false} onChange={(event) => setChannel(event.target.value)} />
        </label>
        <button type="submit" className="button-primary justify-self-start">
          {t.addRule}
        </button>
      </form>
    </section>
  );
}

/** Each condition by its name on this page. */
function describe({ verdict: _, ...conditions }: PolicyRule, t: PermissionsText): readonly string[] {
  const names = { effect: t.effect, origin: t.sender, tool: t.tool, channel: t.channel, account: t.account };
  const values: Readonly<Record<string, string>> = { ...t.effects, ...t.origins };
  return Object.entries(conditions).map(([name, value]) => {
    const there = name === 'effect' || name === 'origin' ? values[String(value)] : undefined;
    return `${Object.hasOwn(names, name) ? names[name as keyof typeof names] : name} ${there ?? visible(String(value))}`;
  });
}

// What a person should know before they say yes to a plan. It warns and never allows.
import { isListedNetwork, isSandboxed, type Plan } from '../core/policy.ts';
import { processOrigin } from '../core/secret.ts';
import { hasHiddenCharacters } from '../lib/visible-text.ts';

export function planWarnings(plan: Plan): readonly string[] {
  const runs = plan.effects.filter((effect) => effect.kind === 'run');
  const warnings: string[] = [];
  if (hasHiddenCharacters([plan.args, plan.effects])) warnings.push('It holds characters that cannot be seen; they are shown as \\u{…}.');
  if (runs.some((effect) => !isSandboxed(effect, plan))) warnings.push('It runs outside a sandbox, with the rights of the user CoPaw runs as.');
  const { network } = plan.place;
  if (network !== undefined && runs.some((effect) => isListedNetwork(effect, plan)))
    warnings.push(`It can reach these hosts, and nothing else: ${[...network.hosts, ...network.privateHosts].join(', ') || 'none'}.`);
  else if (runs.some((effect) => effect.network)) warnings.push('It can reach the network.');
  const lent = plan.effects.filter((effect) => effect.kind === 'secret' && effect.origin === processOrigin);
  if (lent.length > 0 && runs.some((effect) => effect.network))
    warnings.push('It gets a secret and can reach the network: it could send the secret anywhere it reaches.');
  return warnings;
}

// What a person should know before they say yes to a plan. It warns and never allows.
import { isSandboxed, type Plan } from '../core/policy.ts';
import { hasHiddenCharacters } from '../lib/visible-text.ts';

export function planWarnings(plan: Plan): readonly string[] {
  const runs = plan.effects.filter((effect) => effect.kind === 'run');
  const warnings: string[] = [];
  if (hasHiddenCharacters([plan.args, plan.effects])) warnings.push('It holds characters that cannot be seen; they are shown as \\u{…}.');
  if (runs.some((effect) => !isSandboxed(effect, plan))) warnings.push('It runs outside a sandbox, with the rights of the user CoPaw runs as.');
  if (runs.some((effect) => effect.network)) warnings.push('It can reach the network.');
  return warnings;
}

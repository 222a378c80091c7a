// What a standing yes can cover, as canonical text (R15): an exact argv, a host, or one call of one turn. Never a program that runs other programs.
import { type Grant, type GrantScope, isListedNetwork, type Plan } from '../core/policy.ts';
import { processOrigin } from '../core/secret.ts';
import { templatable } from '../core/templatable.ts';
import type { Effect } from '../core/tool.ts';
import { canonical, sha256 } from '../lib/canonical-json.ts';

/** The template that may hold "always" for this effect, or undefined where there is none. A yes for listed hosts ends when the list changes, and one for files of the workspace when they do. */
export function lastingTemplate(effect: Effect, place: Plan['place'], executables: Plan['executables']): string | undefined {
  if (effect.kind === 'net' && effect.method !== 'POST') return hostTemplate(new URL(effect.url).hostname);
  if (effect.kind === 'secret' && effect.origin !== processOrigin) return `secret ${effect.ref} for ${effect.origin}`;
  if (effect.kind !== 'run' || effect.argv === undefined || effect.command !== undefined || !templatable(effect.argv)) return undefined;
  const network = isListedNetwork(effect, { place }) ? canonical(place.network) : effect.network;
  const files = executables.length > 1 ? ` files ${sha256(canonical(executables))}` : '';
  return `argv ${JSON.stringify(effect.argv)} cwd ${JSON.stringify(effect.cwd)} network ${network}${effect.sandboxed && place.sandbox ? '' : ' unsandboxed'}${files}`;
}

export function hostTemplate(hostname: string): string {
  return `host ${hostname}`;
}

/** This very call, for the rest of its turn. */
export function taskTemplate(tool: string, args: unknown): string {
  return `task ${sha256(canonical([tool, args]))}`;
}

/** The templates a yes of this scope makes; none: the scope is not to be had. `asking`: the effects the table asks about. */
export function templatesFor(scope: GrantScope, plan: Pick<Plan, 'tool' | 'args' | 'place' | 'executables'>, asking: readonly Effect[]): readonly string[] {
  if (scope === 'once') return [];
  const lasting = asking.map((effect) => lastingTemplate(effect, plan.place, plan.executables)).filter((template) => template !== undefined);
  if (asking.length > 0 && lasting.length === asking.length) return [...new Set(lasting)];
  return scope === 'task' ? [taskTemplate(plan.tool, plan.args)] : [];
}

/** Whether a grant counts in this turn. */
export function holds(grant: Grant, turnId: string): boolean {
  return grant.scope === 'always' || grant.turnId === turnId;
}

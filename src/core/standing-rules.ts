// Rules of config.json as they stand for one agent, and which calls each is about.
import type { Config, PolicyRule } from './config.ts';
import type { PolicyRequest } from './policy.ts';
import { columnsOf, type EffectRow } from './verdict-table.ts';

/** A rule and where it stands: "rules.0", "agents.main.rules.2". */
export interface StandingRule {
  readonly at: string;
  readonly rule: PolicyRule;
}

/** What a rule may speak of. */
interface Spoken extends Pick<PolicyRequest, 'origin'> {
  readonly tool: Pick<PolicyRequest['tool'], 'name'>;
  readonly place: Pick<PolicyRequest['place'], 'address'>;
}

/** First those of every agent, then its own. */
export function standingRules({ rules, agents }: Pick<Config, 'rules' | 'agents'>, agentId: string): readonly StandingRule[] {
  const placed = (list: readonly PolicyRule[], at: string): StandingRule[] => list.map((rule, index) => ({ at: `${at}.${index}`, rule }));
  return [...placed(rules, 'rules'), ...placed(agents[agentId]?.rules ?? [], `agents.${agentId}.rules`)];
}

/** Whether a rule speaks of this call and, where it names an effect, of this row. A condition it does not name holds always. */
export function speaksOf(rule: PolicyRule, { origin, tool, place }: Spoken, row?: EffectRow): boolean {
  const { channel, account } = place.address;
  const here =
    columnsOf(origin, place.address).includes(rule.origin ?? origin) && (rule.channel ?? channel) === channel && (rule.account ?? account) === account;
  // Who names network altogether means the listed kind too.
  const effect = rule.effect === undefined || rule.effect === row || (rule.effect === 'run-network' && row === 'run-listed-network');
  return here && effect && (rule.tool ?? tool.name) === tool.name;
}

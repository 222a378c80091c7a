// Hard caps in tokens and money, checked before every model call, so that nothing can run away.
import type { ErrorCode } from '../core/error.ts';
import type { Usage } from '../core/model.ts';
import { dollars } from '../lib/dollars.ts';
import type { AgentParts } from './parts.ts';

export interface Overspent {
  readonly code: Extract<ErrorCode, 'budget-turn' | 'budget-day'>;
  readonly text: string;
  readonly next: string;
}

/** Undefined while there is budget left. */
export async function overspent(parts: Pick<AgentParts, 'settings' | 'spending' | 'clock'>, agentId: string, used: Usage): Promise<Overspent | undefined> {
  const { turnTokens, dayTokens, dayCost, timezone } = parts.settings(agentId);
  if (used.input + used.output >= turnTokens) {
    return {
      code: 'budget-turn',
      text: `This turn used ${used.input + used.output} tokens; the limit is ${turnTokens}.`,
      next: 'Send another message to go on, or raise limits.turnTokens.',
    };
  }
  const { tokens, cost } = await parts.spending.today(parts.clock.now(), timezone);
  if (tokens >= dayTokens)
    return { code: 'budget-day', text: `Today used ${tokens} tokens; the limit is ${dayTokens}.`, next: 'Wait until tomorrow, or raise limits.dayTokens.' };
  if (cost >= dayCost)
    return {
      code: 'budget-day',
      text: `Today cost ${dollars(cost)}; the limit is ${dollars(dayCost)}.`,
      next: 'Wait until tomorrow, or raise limits.dayCost.',
    };
  return undefined;
}

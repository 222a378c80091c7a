// What was counted since the start: taken from each batch as it is committed, so that nobody has to count twice or ask the store.
import type { Batch } from '../core/store.ts';
import type { ToolOutcome, TurnOutcome } from '../core/turn-event.ts';

export interface Counters {
  modelCalls: number;
  tokens: { input: number; cachedInput: number; output: number; reasoning: number };
  /** US dollars, of calls whose price is known. */
  cost: number;
  readonly tools: Record<ToolOutcome, number>;
  readonly turns: Record<TurnOutcome, number>;
}

export function createCounters(): { readonly counters: Counters; count(batch: Batch): void } {
  const counters: Counters = {
    modelCalls: 0,
    tokens: { input: 0, cachedInput: 0, output: 0, reasoning: 0 },
    cost: 0,
    tools: { ok: 0, failed: 0, denied: 0, cancelled: 0, unknown: 0 },
    turns: { answered: 0, cancelled: 0, refused: 0, interrupted: 0, failed: 0 },
  };
  return {
    counters,
    count({ usage = [], entries = [], turnEnd }) {
      for (const { usage: used, cost = 0 } of usage) {
        counters.modelCalls++;
        counters.tokens.input += used.input;
        counters.tokens.cachedInput += used.cachedInput;
        counters.tokens.output += used.output;
        counters.tokens.reasoning += used.reasoning;
        counters.cost += cost;
      }
      for (const { event } of entries) if (event.type === 'tool-end') counters.tools[event.outcome]++;
      if (turnEnd) counters.turns[turnEnd.outcome]++;
    },
  };
}

// One model call beside the turns: a text for a text. Counted like any other, and never made where the day's budget is used up.
import { CoPawError } from '../core/error.ts';
import { costOf, noUsage, type ReadyModel } from '../core/model.ts';
import type { Store } from '../core/store.ts';
import type { Clock } from '../lib/clock.ts';
import { askModel } from './ask-model.ts';
import { overspent } from './budget.ts';
import type { AgentParts } from './parts.ts';

export interface SideParts extends Pick<AgentParts, 'settings' | 'spending' | 'redact' | 'log'> {
  readonly store: Pick<Store, 'commit'>;
  readonly clock: Clock;
}

export interface SideCall {
  /** Stands in the usage rows in place of a turn. */
  readonly id: string;
  readonly agentId: string;
  /** Empty where it belongs to none. */
  readonly sessionId: string;
  readonly system: string;
  readonly text: string;
  readonly maxOutputTokens: number;
}

/** What the model said. Rejects with `budget-day`, with the code of the model's failure, or with the signal's reason. */
export async function callAside(parts: SideParts, model: ReadyModel, call: SideCall, signal: AbortSignal): Promise<string> {
  const over = await overspent(parts, call.agentId, noUsage);
  if (over) throw new CoPawError(over.code, over.text, { next: over.next });
  const { system, maxOutputTokens } = call;
  const { text, usage, failure } = await askModel(model, { system: parts.redact(system), text: parts.redact(call.text), maxOutputTokens }, signal);
  const cost = costOf(usage, model.info.price);
  parts.spending.add(usage, cost);
  const row = { turnId: call.id, sessionId: call.sessionId, agentId: call.agentId, model: model.ref, usage, at: parts.clock.now() };
  if (usage.input + usage.output > 0) await parts.store.commit({ usage: [{ ...row, ...(cost === undefined ? {} : { cost }) }] });
  signal.throwIfAborted();
  if (failure) {
    parts.log('warn', 'model-failed', { turnId: call.id, model: model.ref, code: failure.code });
    throw new CoPawError(failure.code, failure.message, failure.next === undefined ? {} : { next: failure.next });
  }
  return text;
}

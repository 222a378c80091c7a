// One model call beside the turns: a text for a text. Counted like any other, and never made where the day's budget is used up.
import { CoPawError } from '../core/error.ts';
import { costOf, noUsage, type ReadyModel, type Usage } from '../core/model.ts';
import type { Store } from '../core/store.ts';
import type { Clock } from '../lib/clock.ts';
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
  let text = '';
  let usage: Usage = noUsage;
  let failure: CoPawError | undefined = new CoPawError('model-answer', 'The model ended its answer without saying so.');
  const { system, maxOutputTokens } = call;
  const request = {
    model: model.info.id,
    system: parts.redact(system),
    messages: [{ role: 'user' as const, text: parts.redact(call.text) }],
    tools: [],
    maxOutputTokens,
  };
  for await (const event of model.provider.stream(request, signal)) {
    if (event.type === 'text-delta') text += event.text;
    else if (event.type === 'retry') text = '';
    else if (event.type === 'finish') {
      usage = event.usage;
      failure = undefined;
    } else if (event.type === 'error') {
      usage = event.usage ?? noUsage;
      const { code, message, next } = event.failure;
      failure = new CoPawError(code, message, next === undefined ? {} : { next });
    }
  }
  const cost = costOf(usage, model.info.price);
  parts.spending.add(usage, cost);
  const row = { turnId: call.id, sessionId: call.sessionId, agentId: call.agentId, model: model.ref, usage, at: parts.clock.now() };
  if (usage.input + usage.output > 0) await parts.store.commit({ usage: [{ ...row, ...(cost === undefined ? {} : { cost }) }] });
  signal.throwIfAborted();
  if (failure) {
    parts.log('warn', 'model-failed', { turnId: call.id, model: model.ref, code: failure.code });
    throw failure;
  }
  return text;
}

/** The outermost JSON object of an answer that may be wrapped in words or a code fence; undefined where there is none. */
export function jsonIn(answer: string): unknown {
  const [from, to] = [answer.indexOf('{'), answer.lastIndexOf('}')];
  if (from === -1 || to < from) return undefined;
  try {
    return JSON.parse(answer.slice(from, to + 1));
  } catch {
    return undefined; // no JSON, whatever it looks like
  }
}

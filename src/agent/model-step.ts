// One model call of the loop: stream → live events → one assistant message, with retries that void the draft.
import type { ModelFailure, ModelRequest, ReadyModel, ToolCall, Usage } from '../core/model.ts';
import { noUsage } from '../core/model.ts';
import type { TurnIo } from './parts.ts';

export interface ModelStep {
  readonly text: string;
  readonly thinking: string;
  readonly toolCalls: readonly ToolCall[];
  readonly usage: Usage;
  readonly echo?: unknown;
  /** Why it stopped; `undefined` when `failure` is set. */
  readonly reason?: 'stop' | 'tool-calls' | 'length' | 'filter';
  readonly failure?: ModelFailure;
}

/** `onFailure` hears of each failed try, also of those that are made again. */
export async function callModel(
  model: ReadyModel,
  request: ModelRequest,
  step: number,
  io: TurnIo,
  onFailure: (failure: ModelFailure) => void,
): Promise<ModelStep> {
  let text = '';
  let thinking = '';
  let toolCalls: ToolCall[] = [];
  for await (const event of model.provider.stream(request, io.signal)) {
    switch (event.type) {
      case 'text-delta':
        text += event.text;
        io.pass({ type: 'text-delta', step, text: event.text });
        break;
      case 'thinking-delta':
        thinking += event.text;
        io.pass({ type: 'thinking-delta', step, text: event.text });
        break;
      case 'tool-call':
        toolCalls.push(event.call);
        break;
      case 'retry':
        text = '';
        thinking = '';
        toolCalls = [];
        onFailure(event.failure);
        io.pass({ type: 'draft-reset', step });
        await io.commit('model-retried', [
          { type: 'notice', level: 'info', code: 'retry', text: `${event.failure.message} Trying again in ${Math.ceil(event.waitMs / 1000)} s.` },
        ]);
        break;
      case 'finish':
        return { text, thinking, toolCalls, usage: event.usage, reason: event.reason, ...(event.echo === undefined ? {} : { echo: event.echo }) };
      case 'error':
        onFailure(event.failure);
        return { text, thinking, toolCalls: [], usage: event.usage ?? noUsage, failure: event.failure };
    }
  }
  return {
    text,
    thinking,
    toolCalls: [],
    usage: noUsage,
    failure: { code: 'model-answer', message: 'The model ended its answer without saying so.', retryable: true },
  };
}

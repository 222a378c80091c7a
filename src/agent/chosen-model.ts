// Which model answers in a conversation: the one it was given, or the agent's where that one is gone.
import { toCoPawError } from '../core/error.ts';
import type { ReadyModel } from '../core/model.ts';
import type { DurableEvent } from '../core/turn-event.ts';
import type { AgentParts } from './parts.ts';

/** `gone`: what people are told where the chosen model is not set up any more. Throws `model-missing` where the agent has none either. */
export async function chosenModel(
  parts: Pick<AgentParts, 'model'> & { readonly store: Pick<AgentParts['store'], 'sessions'> },
  { agentId, sessionId }: { readonly agentId: string; readonly sessionId: string },
): Promise<{ readonly model: ReadyModel; readonly gone?: DurableEvent }> {
  const chosen = (await parts.store.sessions.get(sessionId))?.model;
  try {
    return { model: parts.model(agentId, chosen) };
  } catch (error) {
    if (chosen === undefined || toCoPawError(error).code !== 'model-missing') throw error;
    const model = parts.model(agentId);
    return { model, gone: goneNotice(chosen, model.ref) };
  }
}

function goneNotice(chosen: string, answers: string): DurableEvent {
  return {
    type: 'notice',
    level: 'warning',
    code: 'model-gone',
    text: `The model of this conversation, ${chosen}, is not set up any more; ${answers} answers.`,
    next: 'Choose another one, or "/model default".',
  };
}

// Learning of a running CoPaw over HTTP.
import type { LearningAdmin } from '../core/learning.ts';
import { dreamAnswer, dreams, learningState, learningStates, newDream } from './learning-schema.ts';
import { createAsk, type RemoteRequest } from './remote-ask.ts';

export function createRemoteLearning(request: RemoteRequest): LearningAdmin {
  const ask = createAsk(request);
  const one = (id: string, verb = ''): string => `/api/dreams/${encodeURIComponent(id)}${verb}`;
  const settle = (verb: string) => async (id: string) => (await ask(dreamAnswer, one(id, `/${verb}`), 'POST')).dream;
  return {
    state: async () => (await ask(learningStates, '/api/learning')).agents,
    set: (agentId, change) => ask(learningState, `/api/learning/${encodeURIComponent(agentId)}`, 'POST', change),
    dreams: async (agentId) => (await ask(dreams, `/api/dreams${agentId === undefined ? '' : `?agent=${encodeURIComponent(agentId)}`}`)).dreams,
    dream: async (id) => (await ask(dreamAnswer, one(id))).dream,
    dreamNow: async (agentId) => (await ask(newDream, `/api/learning/${encodeURIComponent(agentId)}/dream`, 'POST')).dream,
    apply: settle('apply'),
    discard: settle('discard'),
    revert: settle('revert'),
  };
}

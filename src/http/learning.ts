// What agents learn by themselves: on or off, what it costs, and the answer to each proposal.
import { z } from 'zod';
import type { LearningAdmin } from '../core/learning.ts';
import { dreamAnswer, dreams, learningChange, learningState, learningStates, newDream } from './learning-schema.ts';
import type { HttpParts } from './parts.ts';
import { actorOf, type Call, route } from './route.ts';

type AnyCall = Pick<Call<unknown, unknown>, 'caller' | 'request'>;
const admin = ({ learning }: HttpParts, call: AnyCall): Promise<LearningAdmin> => learning(actorOf(call));

export const learningRoutes = [
  route({
    method: 'GET',
    path: '/api/learning',
    summary: 'What each agent learns by itself, and what that costs',
    response: learningStates,
    handle: async (parts: HttpParts, call) => ({ agents: await (await admin(parts, call)).state() }),
  }),
  route({
    method: 'POST',
    path: '/api/learning/{agent}',
    summary: 'Switches it on or off',
    body: learningChange,
    response: learningState,
    handle: async (parts: HttpParts, call) => (await admin(parts, call)).set(call.param('agent'), call.body),
  }),
  route({
    method: 'POST',
    path: '/api/learning/{agent}/dream',
    summary: 'Asks the model now for a tidier MEMORY.md; no proposal where there is nothing to tidy',
    response: newDream,
    handle: async (parts: HttpParts, call) => {
      const dream = await (await admin(parts, call)).dreamNow(call.param('agent'));
      return dream ? { dream } : {};
    },
  }),
  route({
    method: 'GET',
    path: '/api/dreams',
    summary: 'Proposals for MEMORY.md, the newest first',
    query: z.object({ agent: z.string().exactOptional() }),
    response: dreams,
    handle: async (parts: HttpParts, call) => ({ dreams: await (await admin(parts, call)).dreams(call.query.agent) }),
  }),
  route({
    method: 'GET',
    path: '/api/dreams/{id}',
    summary: 'One of them whole',
    response: dreamAnswer,
    handle: async (parts: HttpParts, call) => ({ dream: await (await admin(parts, call)).dream(call.param('id')) }),
  }),
  ...(['apply', 'discard', 'revert'] as const).map((verb) =>
    route({
      method: 'POST',
      path: `/api/dreams/{id}/${verb}`,
      summary: { apply: 'MEMORY.md becomes what is proposed', discard: 'It is not wanted', revert: 'MEMORY.md becomes what it was before' }[verb],
      response: dreamAnswer,
      handle: async (parts: HttpParts, call) => ({ dream: await (await admin(parts, call))[verb](call.param('id')) }),
    }),
  ),
];

// Models: what is configured, what was found, add, choose, test, remove.
import { detected, done, models as modelList, modelRef, modelTest, newProvider, provider } from './contract.ts';
import type { HttpParts } from './parts.ts';
import { actorOf, route } from './route.ts';

export const modelRoutes = [
  route({
    method: 'GET',
    path: '/api/models',
    summary: 'Configured providers and their models',
    response: modelList,
    handle: async ({ models }: HttpParts, call) => ({ providers: await models(actorOf(call)).list() }),
  }),
  route({
    method: 'GET',
    path: '/api/models/detected',
    summary: 'Keys in known environment variables and local model servers; nothing is used unasked',
    response: detected,
    handle: async ({ models }: HttpParts, call) => detected.parse({ offers: await models(actorOf(call)).detect(call.signal) }),
  }),
  route({
    method: 'POST',
    path: '/api/models',
    summary: 'Adds or replaces a provider',
    body: newProvider,
    response: provider,
    handle: async ({ models }: HttpParts, call) => ({ provider: await models(actorOf(call)).add(call.body) }),
  }),
  route({
    method: 'POST',
    path: '/api/models/test',
    summary: 'Calls a model the way the agent does and reports each capability',
    body: modelRef,
    response: modelTest,
    handle: ({ models }: HttpParts, call) => models(actorOf(call)).test(call.body.ref, call.signal),
  }),
  route({
    method: 'PUT',
    path: '/api/models/default',
    summary: 'Makes a model the default',
    body: modelRef,
    response: done,
    handle: async ({ models }: HttpParts, call) => {
      await models(actorOf(call)).setDefault(call.body.ref);
      return { done: true } as const;
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/models/{id}',
    summary: 'Removes a provider and its key',
    response: done,
    handle: async ({ models }: HttpParts, call) => {
      await models(actorOf(call)).remove(call.param('id'));
      return { done: true } as const;
    },
  }),
];

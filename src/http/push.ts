// What this browser is told while nobody looks at the console here: each device says it for itself.
import { done } from './contract.ts';
import type { HttpParts } from './parts.ts';
import { pushKey, pushRequest, pushState } from './push-schema.ts';
import { actorOf, callerOf, route } from './route.ts';

const finished = { done: true as const };

export const pushRoutes = [
  route({
    method: 'GET',
    path: '/api/push',
    summary: 'What the asking device is told while nobody looks',
    response: pushState,
    handle: ({ push }: HttpParts, call) => push.state(callerOf(call).deviceId),
  }),
  route({
    method: 'POST',
    path: '/api/push/key',
    summary: 'The public key that a browser binds its endpoint to; made where there is none',
    response: pushKey,
    handle: async ({ push }: HttpParts) => ({ key: await push.key() }),
  }),
  route({
    method: 'PUT',
    path: '/api/push',
    summary: 'From here on the asking device is told, through the push service of its browser',
    body: pushRequest,
    response: done,
    handle: async ({ push }: HttpParts, call) => {
      const { endpoint, p256dh, auth, ...choice } = call.body;
      await push.put(callerOf(call).deviceId, { endpoint, p256dh, auth }, choice, actorOf(call));
      return finished;
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/push',
    summary: 'The asking device is told nothing from here on',
    response: done,
    handle: async ({ push }: HttpParts, call) => {
      await push.remove(callerOf(call).deviceId, actorOf(call));
      return finished;
    },
  }),
  route({
    method: 'POST',
    path: '/api/push/test',
    summary: 'Tells the asking device so, once; an error says why it did not go out',
    response: done,
    handle: async ({ push }: HttpParts, call) => {
      await push.test(callerOf(call).deviceId);
      return finished;
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/devices/{id}/push',
    summary: 'Another device is told nothing from here on',
    response: done,
    handle: async ({ security }: HttpParts, call) => {
      await (await security(actorOf(call))).stopPush(call.param('id'));
      return finished;
    },
  }),
];

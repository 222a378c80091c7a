// Who may talk to CoPaw: the lists, who asked to be let in, whom the door turned away (R9).
import type { HttpParts } from './parts.ts';
import { pairingAnswer, pairingApproval, people as peopleView } from './people-schema.ts';
import { actorOf, route } from './route.ts';

export const peopleRoutes = [
  route({
    method: 'GET',
    path: '/api/people',
    summary: 'Who is let in on each channel, who asked to be, and who was turned away',
    response: peopleView,
    handle: async ({ people }: HttpParts, call) => (await people(actorOf(call))).view(),
  }),
  route({
    method: 'POST',
    path: '/api/pairings/{code}/approve',
    summary: 'Lets in whoever was given this code',
    body: pairingApproval,
    response: pairingAnswer,
    handle: async ({ people }: HttpParts, call) => ({ pairing: await (await people(actorOf(call))).approve(call.param('code'), call.body.operator) }),
  }),
  route({
    method: 'POST',
    path: '/api/pairings/{code}/deny',
    summary: 'Refuses whoever was given this code, and stays silent',
    response: pairingAnswer,
    handle: async ({ people }: HttpParts, call) => ({ pairing: await (await people(actorOf(call))).deny(call.param('code')) }),
  }),
];

// Approvals: what waits for a person, and the person's answer.
import { answerRequest, approval, approvals as approvalList } from './contract.ts';
import type { HttpParts } from './parts.ts';
import { actorOf, route } from './route.ts';

export const approvalRoutes = [
  route({
    method: 'GET',
    path: '/api/approvals',
    summary: 'Approvals that wait for an answer',
    response: approvalList,
    handle: async ({ operator }: HttpParts) => ({ approvals: await operator.approvals() }),
  }),
  route({
    method: 'POST',
    path: '/api/approvals/{id}',
    summary: 'Answers an approval',
    body: answerRequest,
    response: approval,
    handle: ({ operator }: HttpParts, call) => operator.answer(call.param('id'), call.body.decision, actorOf(call)),
  }),
];

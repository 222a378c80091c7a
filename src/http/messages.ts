// The life of messages: what arrived, what became of it, what went out, and another try.
import { done } from './contract.ts';
import { arrivedAnswer, arrivedMessages, inboxPage, messageLife, outboxPage, partAnswer, partRetry, sentParts, settling } from './messages-schema.ts';
import type { HttpParts } from './parts.ts';
import { actorOf, route } from './route.ts';

export const messageRoutes = [
  route({
    method: 'GET',
    path: '/api/inbox',
    summary: 'Messages that arrived, newest first',
    query: inboxPage,
    response: arrivedMessages,
    handle: async ({ messages }: HttpParts, call) => ({ messages: await (await messages(actorOf(call))).inbox(call.query) }),
  }),
  route({
    method: 'GET',
    path: '/api/inbox/{key}',
    summary: 'The life of one message, from its arrival to the receipt of the answer',
    response: messageLife,
    handle: async ({ messages }: HttpParts, call) => (await messages(actorOf(call))).message(call.param('key')),
  }),
  route({
    method: 'POST',
    path: '/api/inbox/{key}/retry',
    summary: 'Gives a message whose turn came to nothing a new turn, if its sender is still let in',
    response: arrivedAnswer,
    handle: async ({ messages }: HttpParts, call) => ({ message: await (await messages(actorOf(call))).retryMessage(call.param('key')) }),
  }),
  route({
    method: 'PUT',
    path: '/api/inbox/{key}/settled',
    summary: 'Whether a message that came to nothing is let be, and waits no more',
    body: settling,
    response: done,
    handle: async ({ messages }: HttpParts, call) => {
      await (await messages(actorOf(call))).settleMessage(call.param('key'), call.body.settled);
      return { done: true as const };
    },
  }),
  route({
    method: 'GET',
    path: '/api/outbox',
    summary: 'Parts of answers, newest first',
    query: outboxPage,
    response: sentParts,
    handle: async ({ messages }: HttpParts, call) => ({ parts: await (await messages(actorOf(call))).outbox(call.query) }),
  }),
  route({
    method: 'GET',
    path: '/api/outbox/{answer}',
    summary: 'The life of the messages that this answer belongs to',
    response: messageLife,
    handle: async ({ messages }: HttpParts, call) => (await messages(actorOf(call))).answer(call.param('answer')),
  }),
  route({
    method: 'PUT',
    path: '/api/outbox/{answer}/settled',
    summary: 'Whether an answer that did not go out whole is let be, and waits no more',
    body: settling,
    response: done,
    handle: async ({ messages }: HttpParts, call) => {
      await (await messages(actorOf(call))).settleAnswer(call.param('answer'), call.body.settled);
      return { done: true as const };
    },
  }),
  route({
    method: 'POST',
    path: '/api/outbox/{answer}/{part}/retry',
    summary: 'Sends a part again that was given up or may have been sent',
    body: partRetry,
    response: partAnswer,
    handle: async ({ messages }: HttpParts, call) => {
      const part = /^\d{1,9}$/u.test(call.param('part')) ? Number(call.param('part')) : -1;
      return { part: await (await messages(actorOf(call))).retryPart(call.param('answer'), part, call.body.evenIfSent) };
    },
  }),
];

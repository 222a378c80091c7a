// Conversations: list, read, write into, stop.
import { CoPawError } from '../core/error.ts';
import { accepted, history, messageRequest, page, sessions as sessionList, sessionPage, stopped } from './contract.ts';
import { eventStream, withoutEcho } from './event-stream.ts';
import type { HttpParts } from './parts.ts';
import { callerOf, route, surfaceOf } from './route.ts';

export const sessionRoutes = [
  route({
    method: 'GET',
    path: '/api/sessions',
    summary: 'Sessions, the latest first',
    query: sessionPage,
    response: sessionList,
    handle: async ({ operator }: HttpParts, { query }) => ({ sessions: await operator.sessions(query) }),
  }),
  route({
    method: 'GET',
    path: '/api/sessions/{id}/messages',
    summary: 'The newest events of a session, oldest first',
    query: page,
    response: history,
    handle: async ({ operator }: HttpParts, { query, param }) => {
      const { session, events } = await operator.history(param('id'), query);
      return { session, events: events.map(withoutEcho) };
    },
  }),
  route({
    method: 'POST',
    path: '/api/sessions/{id}/messages',
    summary: 'Sends a message; a session id not seen before begins a session',
    body: messageRequest,
    response: accepted,
    status: 202,
    streams: 'asked',
    handle: async ({ operator, clock }: HttpParts, call) => {
      callerOf(call);
      const answer = await operator.submit({ channel: surfaceOf(call.request), sessionId: call.param('id'), ...call.body });
      if (!call.request.headers.get('accept')?.includes('text/event-stream')) return answer;
      if (answer.turnId === '')
        throw new CoPawError('conflict', 'This message was accepted before and its turn has not begun.', { next: 'Follow GET /api/events.' });
      return eventStream((signal) => operator.events({ turnId: answer.turnId, after: '0' }, signal), clock, call.signal);
    },
  }),
  route({
    method: 'POST',
    path: '/api/sessions/{id}/stop',
    summary: 'Ends the running turn of a session',
    response: stopped,
    handle: async ({ operator }: HttpParts, { param }) => ({ stopped: await operator.stop(param('id')) }),
  }),
];

// The live stream of everything that happens, or of one session or turn.
import { eventFilter, placedEvent } from './contract.ts';
import { eventStream } from './event-stream.ts';
import type { HttpParts } from './parts.ts';
import { route } from './route.ts';

export const eventRoutes = [
  route({
    method: 'GET',
    path: '/api/events',
    summary: 'Events as they happen, resumed after the last id seen',
    query: eventFilter,
    response: placedEvent,
    streams: 'always',
    handle: ({ operator, clock }: HttpParts, { query, request, signal: reader }) => {
      const seen = eventFilter.shape.after.safeParse(request.headers.get('last-event-id') || undefined).data ?? query.after;
      const filter = {
        ...(query.session === undefined ? {} : { sessionId: query.session }),
        ...(query.turn === undefined ? {} : { turnId: query.turn }),
        ...(seen === undefined ? {} : { after: seen }),
      };
      return eventStream((signal) => operator.events(filter, signal), clock, reader);
    },
  }),
];

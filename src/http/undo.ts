// What turns did to files: the list, and taking it back.
import type { HttpParts } from './parts.ts';
import { actorOf, route } from './route.ts';
import { changedTurns, changedTurnsQuery, undoReport, undoRequest } from './undo-schema.ts';

export const undoRoutes = [
  route({
    method: 'GET',
    path: '/api/undo',
    summary: 'Turns and undos that changed files, the latest first',
    query: changedTurnsQuery,
    response: changedTurns,
    handle: async ({ undo }: HttpParts, call) => {
      const { session, limit } = call.query;
      return { turns: await (await undo(actorOf(call))).recent({ limit, ...(session === undefined ? {} : { sessionId: session }) }) };
    },
  }),
  route({
    method: 'POST',
    path: '/api/undo',
    summary: 'Gives files what they held before a turn',
    body: undoRequest,
    response: undoReport,
    handle: async ({ undo }: HttpParts, call) => {
      const { turnId, force, dryRun } = call.body;
      return (await undo(actorOf(call))).undo(turnId, { force, dryRun });
    },
  }),
];

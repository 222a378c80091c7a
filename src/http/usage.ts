// Tokens and cost of the calls of models.
import type { HttpParts } from './parts.ts';
import { route } from './route.ts';
import { usageQuery, usageReport } from './usage-schema.ts';

export const usageRoutes = [
  route({
    method: 'GET',
    path: '/api/usage',
    summary: 'Tokens and cost over time, by agent, model and channel',
    query: usageQuery,
    response: usageReport,
    handle: async ({ usage }: HttpParts, { query }) => (await usage()).report(query.days),
  }),
];

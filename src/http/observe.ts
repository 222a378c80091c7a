// What a running CoPaw says of itself: whether it can receive and answer, its numbers, its log, what happened, and which one it is.
import { z } from 'zod';
import { expositionType } from '../lib/exposition.ts';
import { ready as readyBody } from './contract.ts';
import { about as aboutBody, activityPage, activityQuery, licences, logPage, logQuery, vulnerabilityReport } from './observe-schema.ts';
import type { HttpParts } from './parts.ts';
import { actorOf, route } from './route.ts';

export const observeRoutes = [
  route({
    method: 'GET',
    path: '/api/ready',
    summary: 'Whether CoPaw can receive and answer; 503 where it cannot, and no reason',
    public: true,
    response: readyBody,
    handle: async ({ ready }: HttpParts) => readyAnswer(await ready()),
  }),
  route({
    method: 'GET',
    path: '/metrics',
    summary: 'Numbers in the Prometheus text format',
    response: z.string(),
    media: 'text/plain',
    handle: async ({ metrics }: HttpParts) => new Response(await metrics(), { headers: { 'content-type': expositionType, 'cache-control': 'no-store' } }),
  }),
  route({
    method: 'GET',
    path: '/api/logs',
    summary: 'Lines of the log, newest first',
    query: logQuery,
    response: logPage,
    handle: ({ logs }: HttpParts, { query, signal }) => logs.page(query, signal),
  }),
  route({
    method: 'GET',
    path: '/api/activity',
    summary: 'Records of the audit log, newest first, with the conversation each belongs to',
    query: activityQuery,
    response: activityPage,
    handle: async ({ security }: HttpParts, call) => (await security(actorOf(call))).activity(call.query),
  }),
  route({
    method: 'GET',
    path: '/api/about',
    summary: 'Version, commit, machine, where the data is, memory',
    response: aboutBody,
    handle: ({ about }: HttpParts) => about.about(),
  }),
  route({
    method: 'GET',
    path: '/api/about/licences',
    summary: 'Licences of the packages that are part of CoPaw',
    response: licences,
    handle: async ({ about }: HttpParts) => ({ packages: await about.licences() }),
  }),
  route({
    method: 'GET',
    path: '/api/about/report',
    summary: 'A report of a vulnerability, begun: what CoPaw knows of itself is filled in, secrets and paths of the home are taken out',
    response: vulnerabilityReport,
    handle: ({ about }: HttpParts) => about.report(),
  }),
];

/** Anybody may ask, so it says nothing but yes or no. */
export function readyAnswer(ready: boolean): Response {
  return Response.json({ ready }, { status: ready ? 200 : 503 });
}

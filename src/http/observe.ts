// For whoever watches the process: whether it can receive and answer, and its numbers.
import { z } from 'zod';
import { expositionType } from '../lib/exposition.ts';
import { ready as readyBody } from './contract.ts';
import type { HttpParts } from './parts.ts';
import { route } from './route.ts';

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
];

/** Anybody may ask, so it says nothing but yes or no. */
export function readyAnswer(ready: boolean): Response {
  return Response.json({ ready }, { status: ready ? 200 : 503 });
}

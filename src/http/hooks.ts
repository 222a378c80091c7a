// Where platforms call: no credential of the operator, a signature that the channel checks instead. What no account takes is not there.
import { z } from 'zod';
import { CoPawError } from '../core/error.ts';
import type { HttpParts } from './parts.ts';
import { route } from './route.ts';

export const hookRoutes = [
  route({
    method: 'POST',
    path: '/hooks/{channel}/{account}',
    public: true,
    summary: 'A request of a chat platform to a channel account, signed as that platform signs',
    response: z.unknown(),
    async handle({ webhook }: HttpParts, { param, request }) {
      const body = new Uint8Array(await request.arrayBuffer());
      const query = Object.fromEntries(new URL(request.url).searchParams);
      const answer = await webhook(param('channel'), param('account'), { header: (name) => request.headers.get(name) ?? undefined, query, body });
      if (!answer) throw new CoPawError('not-found', 'There is nothing here.');
      return answer.json === undefined ? new Response(null, { status: answer.status }) : Response.json(answer.json, { status: answer.status });
    },
  }),
];

// Ways in: health for anyone, a login code exchanged for a cookie, and more codes and tokens for who is already in.
import { z } from 'zod';
import { cookieName } from '../core/cookie.ts';
import { health, loginCode, loginRequest, loginResponse, status, tokenRequest, tokenResponse } from './contract.ts';
import type { HttpParts } from './parts.ts';
import { actorOf, callerOf, route } from './route.ts';

const cookieSeconds = 400 * 24 * 60 * 60; // as long as browsers keep one; revocation is on the server

export const loginRoutes = [
  route({
    method: 'GET',
    path: '/api/health',
    summary: 'Whether CoPaw answers, and whether it waits for the notice',
    public: true,
    response: health,
    handle: ({ version }: HttpParts) => ({ status: 'ok' as const, version: version.version, setup: false }),
  }),
  route({
    method: 'POST',
    path: '/api/login',
    summary: 'Exchanges a single-use code for a cookie and the key that goes with it',
    public: true,
    body: loginRequest,
    response: loginResponse,
    handle: async ({ auth }: HttpParts, { body, request }) => {
      const { cookie: value, key, device } = await auth.exchange(body.code, body.device ?? 'Browser');
      const cookie = `${cookieName(request.headers.get('host') ?? undefined)}=${encodeURIComponent(value)}; Path=/; Max-Age=${cookieSeconds}; HttpOnly; SameSite=Strict`;
      return Response.json({ device: { id: device.id, name: device.name }, key }, { headers: { 'set-cookie': cookie } });
    },
  }),
  route({
    method: 'POST',
    path: '/api/login-code',
    summary: 'A fresh single-use login code',
    response: loginCode,
    handle: ({ auth }: HttpParts, call) => {
      callerOf(call);
      return auth.newLoginCode();
    },
  }),
  route({
    method: 'POST',
    path: '/api/tokens',
    summary: 'A named device token for a client of the API; it is shown once',
    body: tokenRequest,
    response: tokenResponse,
    handle: async ({ security }: HttpParts, call) => (await security(actorOf(call))).addDevice(call.body.name),
  }),
  route({
    method: 'GET',
    path: '/api/status',
    summary: 'Model, sandbox, open work, what was used today',
    query: z.strictObject({ seen: z.literal('true').exactOptional().describe('Somebody looks at a page of the asking device: it need not be told.') }),
    response: status,
    handle: ({ operator, push }: HttpParts, call) => {
      if (call.query.seen !== undefined) push.seen(callerOf(call).deviceId);
      return operator.status();
    },
  }),
];

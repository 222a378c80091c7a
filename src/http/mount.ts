// An application from a route table: every request passes the same doors in the same order, whatever the route.
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Caller } from '../core/brand.ts';
import type { AuthRequest, Refusal } from '../core/caller.ts';
import { CoPawError } from '../core/error.ts';
import type { HttpApp, StaticFile } from './parts.ts';
import { errorResponse, refused, secured, thrownResponse, withoutSecrets } from './responses.ts';
import type { Route } from './route.ts';
import { serveStatic } from './static.ts';

const mostBody = 1024 * 1024;

export interface Doors {
  checkHost(request: AuthRequest): Refusal | undefined;
  authenticate(request: AuthRequest): Promise<Caller | Refusal>;
  /** Aborts when the caller's device is revoked. */
  until(caller: Caller): AbortSignal;
  redact(text: string): string;
  readonly staticFile: StaticFile;
  readonly onFault?: (error: unknown) => void;
}

/** Host allowlist, body limit, then each row: auth, body, validation, handler. What is not in the table is refused. */
export function mount<Parts>(table: readonly Route<Parts>[], parts: Parts, doors: Doors): HttpApp {
  const app = new Hono();
  app.use('*', async (context, next) => {
    const wrong = doors.checkHost(asked(context));
    return wrong ? refused(wrong) : next();
  });
  const limited = bodyLimit({ maxSize: mostBody, onError: () => errorResponse(new CoPawError('too-large', 'A request body may have 1 MiB.')) });
  const long = new Set(table.flatMap(({ longBody, method, path }) => (longBody === undefined ? [] : [`${method} ${path}`])));
  app.use('*', (context, next) => (long.has(`${context.req.method} ${context.req.path}`) ? next() : limited(context, next)));
  for (const row of table) {
    app.on(row.method, row.path.replaceAll(/\{(\w+)\}/gu, ':$1'), async (context, next) => {
      if (context.req.method !== row.method) return next(); // HEAD is not served: a stream nobody reads would never end
      const caller = row.public === true ? undefined : await doors.authenticate(asked(context));
      if (caller && 'refused' in caller) return refused(caller);
      const body = row.body ? await readJson(context) : undefined;
      const answer = await row.handle(parts, {
        request: context.req.raw,
        caller,
        signal: caller ? AbortSignal.any([context.req.raw.signal, doors.until(caller)]) : context.req.raw.signal,
        query: context.req.query(),
        body,
        param: (name) => context.req.param(name) ?? '',
      });
      return answer instanceof Response ? answer : Response.json(answer, { status: row.status ?? 200 });
    });
  }
  const none = async (context: Context): Promise<Response> => {
    const caller = await doors.authenticate(asked(context));
    if ('refused' in caller) return refused(caller);
    return errorResponse(new CoPawError('not-found', `There is no route ${context.req.method} ${context.req.path}.`, { next: 'See GET /api/openapi.json.' }));
  };
  for (const path of ['/api/*', '/metrics']) app.all(path, none);
  app.get('*', (context) => serveStatic(context.req.path, doors.staticFile));
  app.notFound((context) => errorResponse(new CoPawError('not-found', `There is no route ${context.req.method} ${context.req.path}.`)));
  app.onError((error) => thrownResponse(error, doors.onFault));
  return { fetch: async (request) => secured(await withoutSecrets(await app.fetch(request), doors.redact), new URL(request.url).pathname) };
}

function asked(context: Context): AuthRequest {
  return { method: context.req.method, path: context.req.path, headers: (name) => context.req.header(name) };
}

/** Only application/json is read: a form of a foreign page cannot send it without asking first. */
async function readJson(context: Context): Promise<unknown> {
  const type = context.req.header('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/iu.test(type)) throw new CoPawError('invalid', 'The body must be JSON with content-type application/json.');
  try {
    return await context.req.json();
  } catch (error) {
    if (error instanceof SyntaxError) throw new CoPawError('invalid', 'The body is not valid JSON.', { cause: error });
    throw error;
  }
}

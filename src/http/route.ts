// One row of the route table: what a route is called, what goes in and out, and who may call it. Validation, auth and OpenAPI are made from it.
import { type output, type ZodObject, type ZodType, z } from 'zod';
import type { Caller } from '../core/brand.ts';
import { CoPawError } from '../core/error.ts';

export interface Call<Query, Body> {
  readonly request: Request;
  /** Undefined only on public routes. */
  readonly caller: Caller | undefined;
  /** Aborts when the client goes or its device is revoked. */
  readonly signal: AbortSignal;
  readonly query: Query;
  readonly body: Body;
  /** A parameter of the path. */
  param(name: string): string;
}

export interface RouteSpec<Parts, Query extends ZodObject, Body extends ZodType, Answer extends ZodType> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With parameters as `{name}`. */
  readonly path: string;
  readonly summary: string;
  /** Needs no credential. The exact set of these is held by a test. */
  readonly public?: boolean;
  readonly query?: Query;
  /** Schema of the JSON body; a route without one ignores what is sent. */
  readonly body?: Body;
  /** The handler reads the body itself, as a stream of any length; what it holds. */
  readonly longBody?: string;
  readonly response: Answer;
  /** Status of a plain answer; default 200. */
  readonly status?: 200 | 202;
  /** The route answers with server-sent events: always, or when the Accept header asks for it. */
  readonly streams?: 'always' | 'asked';
  /** What it answers with where that is not JSON; only told, the handler sends it. */
  readonly media?: string;
  /** A Response goes out as it is; anything else as JSON. */
  handle(parts: Parts, call: Call<output<Query>, output<Body>>): Promise<Response | Unchanged<output<Answer>>> | Response | Unchanged<output<Answer>>;
}

/** The same data, which nobody may change: what the rest of CoPaw hands out. */
type Unchanged<T> = T extends object ? { readonly [Key in keyof T]: Unchanged<T[Key]> } : T;

/** A row with its types forgotten: `handle` validates first. */
export type Route<Parts> = Omit<RouteSpec<Parts, ZodObject, ZodType, ZodType>, 'handle'> & {
  handle(parts: Parts, call: Call<unknown, unknown>): unknown;
};

export function route<Parts, Query extends ZodObject, Body extends ZodType, Answer extends ZodType>(spec: RouteSpec<Parts, Query, Body, Answer>): Route<Parts> {
  const { query = z.object({}), body = z.undefined() } = spec;
  return {
    ...spec,
    handle: (parts, call) =>
      spec.handle(parts, {
        ...call,
        query: check(query, call.query, 'query') as output<Query>,
        body: check(body, call.body, 'body') as output<Body>,
      }),
  };
}

/** The caller of a route that is not public. */
export function callerOf(call: Pick<Call<unknown, unknown>, 'caller'>): Caller {
  if (!call.caller) throw new CoPawError('unauthenticated', 'This needs a credential.', { rule: 'R6' });
  return call.caller;
}

/** Which surface a submission or an answer came from: a browser's cookie, the CLI, or any other bearer of a token. */
export function surfaceOf(request: Request): 'console' | 'cli' | 'api' {
  if (!request.headers.has('authorization')) return 'console';
  return request.headers.get('x-copaw-surface') === 'cli' ? 'cli' : 'api';
}

/** Who does something, for the audit: surface and device. */
export function actorOf(call: Pick<Call<unknown, unknown>, 'caller' | 'request'>): string {
  return `${surfaceOf(call.request)}:${callerOf(call).deviceId}`;
}

function check(schema: ZodType, value: unknown, what: string): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || what}: ${issue.message}`).join('; ');
  throw new CoPawError('invalid', `The request's ${what} is not valid. ${problems}`);
}

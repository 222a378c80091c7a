// One request to the running server and its answer, parsed; a refusal becomes the error it was there.
import type { output, ZodType } from 'zod';
import { CoPawError } from '../core/error.ts';
import { errorBody } from './contract.ts';

/** Sends one request to the server; `path` begins with "/api/". It adds the credential; rejects when nobody answers. */
export type RemoteRequest = (path: string, init?: RequestInit) => Promise<Response>;

export function createAsk(request: RemoteRequest) {
  return async <S extends ZodType>(schema: S, path: string, method = 'GET', body?: unknown): Promise<output<S>> => {
    const headers = { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const response = await request(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    if (!response.ok) throw await toError(response);
    return schema.parse(await response.json());
  };
}

/** What stands behind "?"; what is undefined is not asked for. */
export function searchOf(values: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) if (value !== undefined) search.set(key, String(value));
  return search.toString();
}

export async function toError(response: Response): Promise<CoPawError> {
  const body = errorBody.safeParse(await response.json().catch(() => undefined)); // not JSON: not our server's words
  if (!body.success) return new CoPawError('internal', `The server answered ${response.status}.`);
  const { code, message, next, rule } = body.data.error;
  return new CoPawError(code, message, { ...(next === undefined ? {} : { next }), ...(rule === undefined ? {} : { rule }) });
}

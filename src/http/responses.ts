// What every response has in common: the security headers, and errors in one shape.
import type { Refusal } from '../core/caller.ts';
import { CoPawError, errorCatalogue, machineError } from '../core/error.ts';
import type { ErrorBody } from './contract.ts';

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  'media-src blob:',
  "connect-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "frame-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types copaw',
].join('; ');

/** Puts the security headers on a response; nothing under /api may be stored by a cache. */
export function secured(response: Response, path: string): Response {
  const { headers } = response;
  // What hands out something stricter says so itself.
  if (!headers.has('content-security-policy')) headers.set('content-security-policy', contentSecurityPolicy);
  headers.set('x-content-type-options', 'nosniff');
  headers.set('referrer-policy', 'no-referrer');
  if (!headers.has('x-frame-options')) headers.set('x-frame-options', 'DENY');
  if (path.startsWith('/api')) headers.set('cache-control', 'no-store');
  return response;
}

export function refused({ refused: code, rule, reason }: Refusal): Response {
  return errorResponse(new CoPawError(code, reason, { rule, ...(code === 'unauthenticated' ? { next: 'Run `copaw open` for a fresh link.' } : {}) }));
}

/** An error may quote what it was given: known secrets are taken out of its body. */
export async function withoutSecrets(response: Response, redact: (text: string) => string): Promise<Response> {
  if (response.status < 400 || response.body === null) return response;
  return new Response(redact(await response.text()), { status: response.status, headers: response.headers });
}

export function errorResponse(error: CoPawError): Response {
  const body: ErrorBody = {
    error: {
      code: error.code,
      message: error.message,
      ...(error.next === undefined ? {} : { next: error.next }),
      ...(error.rule === undefined ? {} : { rule: error.rule }),
    },
  };
  return Response.json(body, { status: errorCatalogue[error.code].status });
}

/** What the caller learns of a thrown value. Faults of CoPaw itself are reported and not told. */
export function thrownResponse(thrown: unknown, onFault?: (error: unknown) => void): Response {
  const told = thrown instanceof CoPawError ? thrown : machineError(thrown);
  if (told) return errorResponse(told);
  if (thrown instanceof Error && thrown.name === 'AbortError') return errorResponse(new CoPawError('cancelled', 'The request was cancelled.'));
  onFault?.(thrown);
  return errorResponse(new CoPawError('internal', 'Something went wrong inside CoPaw.', { next: 'The log says more.' }));
}

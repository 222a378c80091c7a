// What the authenticate door is asked, and how it says no.
import type { ErrorCode } from './error.ts';

/** `path` is without the query. */
export interface AuthRequest {
  readonly method: string;
  readonly path: string;
  /** By name in any case; undefined where the header is absent. */
  headers(name: string): string | undefined;
}

/** A refusal of a door: a value, never thrown. `reason` is for people and never says which part of a credential was wrong. */
export interface Refusal {
  readonly refused: ErrorCode;
  readonly rule: string;
  readonly reason: string;
}

const loopback: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];
const reading: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Says why a request did not come to a name of ours, or came from another origin. `hosts`: names beside loopback. */
export function strangeHost({ headers }: AuthRequest, hosts: readonly string[]): string | undefined {
  const host = headers('host')?.toLowerCase() ?? '';
  const named = host.replace(/:\d{1,5}$/, '');
  if (![...loopback, ...hosts].some((name) => name !== '' && (name.toLowerCase() === host || name.toLowerCase() === named)))
    return 'This host name is not on the list. Add it to server.hosts in config.json.';
  const origin = headers('origin')?.toLowerCase();
  // The port counts: another server on this machine is another origin.
  return origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}` ? 'This request comes from another site.' : undefined;
}

/** A cookie goes along with whatever the browser sends: says why this request is not one of our own page's. */
export function crossSite(request: AuthRequest): string | undefined {
  const changes = !reading.has(request.method.toUpperCase()) || request.headers('upgrade') !== undefined;
  if (changes && request.headers('origin') === undefined) return 'A request that changes something must say where it comes from.';
  const site = request.headers('sec-fetch-site');
  if (site === undefined || site === 'same-origin' || (site === 'none' && !changes)) return undefined;
  return 'This request comes from another site.';
}

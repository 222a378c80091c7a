// The caller door (R6, R8): every request needs the operator's credential, on loopback too. Hashes only; forwarded headers are never read.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Caller } from '../core/brand.ts';
import type { ErrorCode } from '../core/error.ts';
import type { Device, Store } from '../core/store.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import type { AuditDoor } from './audit.ts';
import { createLoginCodes, hashToken } from './login-codes.ts';
import { escapeForDisplay } from './plan.ts';

export interface AuthRequest {
  readonly method: string;
  readonly path: string;
  /** A header by lower-case name. */
  readonly headers: (name: string) => string | undefined;
}

export interface Refusal {
  readonly refused: ErrorCode;
  /** Boundary rule, for example "R6". */
  readonly rule: string;
  /** For people; never says which part of a credential was wrong. */
  readonly reason: string;
}

export interface AuthParts {
  readonly devices: Store['devices'];
  /** Random token of this run, the CLI's way in; undefined while not serving. */
  readonly runToken: () => string | undefined;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Host names beside loopback that the console may be reached by. */
  readonly hosts: () => readonly string[];
  readonly audit: AuditDoor;
}

export interface Authenticate {
  /** The caller, when Host, Origin and credential are right. */
  authenticate(request: AuthRequest): Promise<Caller | Refusal>;
  /** Host and Origin alone, for the public paths; undefined when they are right. */
  checkHost(request: AuthRequest): Refusal | undefined;
  /** For the URL fragment `copaw open` shows. Single use, 60 seconds. */
  newLoginCode(): { code: string; expiresAt: number };
  /** A code for a device token. Throws `unauthenticated`, or `busy` after ten wrong codes in a minute. */
  exchange(code: string, deviceName: string): Promise<{ token: string; device: Device }>;
  /** One more named device token; revokes none. */
  mintToken(name: string): Promise<{ token: string; device: Device }>;
}

const loopback: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];
const reading: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const touchMs = 60_000;
/** Refused requests written down in one minute; a flood must not fill the disk. */
const mostRecords = 30;

export function createAuthenticate(parts: AuthParts): Authenticate {
  const { devices, clock, ids, audit } = parts;
  const codes = createLoginCodes(clock);
  let minute = 0;
  let records = 0;

  const refuse = (request: AuthRequest, refusal: Refusal): Refusal => {
    const now = Math.floor(clock.now() / 60_000);
    if (now !== minute) [minute, records] = [now, 0];
    // The refusal stands whether or not it can be written down.
    if (records++ < mostRecords) audit.append('caller-refused', { rule: refusal.rule, method: request.method, path: request.path }).catch(() => undefined);
    return refusal;
  };

  const checkHost = (request: AuthRequest): Refusal | undefined => {
    const host = request.headers('host')?.toLowerCase();
    if (host === undefined || ![...loopback, ...parts.hosts().map((name) => name.toLowerCase())].some((name) => name === host || name === withoutPort(host)))
      return refuse(request, { refused: 'forbidden', rule: 'R6', reason: 'This host name is not on the list. Add it to server.hosts in config.json.' });
    const origin = request.headers('origin');
    if (origin !== undefined && !isOwn(origin, host))
      return refuse(request, { refused: 'forbidden', rule: 'R6', reason: 'This request comes from another site.' });
    return undefined;
  };

  const callerOf = async (token: string): Promise<Caller | undefined> => {
    const hash = hashToken(token);
    const run = parts.runToken();
    if (run !== undefined && run !== '' && same(hash, hashToken(run))) return { kind: 'run', deviceId: 'run', name: 'cli' } as Caller;
    const device = await devices.byHash(hash);
    if (!device || !same(hash, device.tokenHash)) return undefined;
    const now = clock.now();
    if (now - device.seenAt >= touchMs) await devices.touch(device.id, now);
    return { kind: 'device', deviceId: device.id, name: device.name } as Caller;
  };

  const mintToken = async (name: string): Promise<{ token: string; device: Device }> => {
    const token = `copaw_${randomBytes(32).toString('base64url')}`;
    const now = clock.now();
    const shown = escapeForDisplay(name.replace(/\s+/g, ' ').trim()).slice(0, 80) || 'device';
    const device: Device = { id: ids('dev'), name: shown, tokenHash: hashToken(token), createdAt: now, seenAt: now };
    await audit.append('device-add', { id: device.id, name: device.name });
    await devices.add(device);
    return { token, device };
  };

  return {
    checkHost,
    mintToken,
    newLoginCode: () => codes.create(),
    async authenticate(request) {
      const foreign = checkHost(request);
      if (foreign) return foreign;
      const authorization = request.headers('authorization');
      if (authorization === undefined) {
        const site = crossSite(request);
        if (site !== undefined) return refuse(request, { refused: 'forbidden', rule: 'R6', reason: site });
      }
      const token = authorization === undefined ? cookieOf(request) : /^Bearer ([\x21-\x7e]{1,200})$/i.exec(authorization)?.[1];
      const caller = token === undefined ? undefined : await callerOf(token);
      return caller ?? refuse(request, { refused: 'unauthenticated', rule: 'R6', reason: 'Log in first: run copaw open.' });
    },
    async exchange(code, deviceName) {
      try {
        codes.redeem(code);
      } catch (error) {
        await audit.append('login-refused', { rule: 'R8' });
        throw error;
      }
      return mintToken(deviceName);
    },
  };
}

/** A cookie goes along with whatever the browser sends: says why this request is not one of our own page's. */
function crossSite(request: AuthRequest): string | undefined {
  const changes = !reading.has(request.method.toUpperCase()) || request.headers('upgrade') !== undefined;
  if (changes && request.headers('origin') === undefined) return 'A request that changes something must say where it comes from.';
  const site = request.headers('sec-fetch-site');
  if (site === undefined || site === 'same-origin' || (site === 'none' && !changes)) return undefined;
  return 'This request comes from another site.';
}

/** `host` is the Host header: the port counts, so another local server is another origin. */
function isOwn(origin: string, host: string): boolean {
  return origin.toLowerCase() === `http://${host}` || origin.toLowerCase() === `https://${host}`;
}

function withoutPort(host: string): string {
  return host.replace(/:\d{1,5}$/, '');
}

function cookieOf(request: AuthRequest): string | undefined {
  for (const pair of (request.headers('cookie') ?? '').split(';')) {
    const [name = '', ...value] = pair.split('=');
    if (name.trim() === 'copaw') return value.join('=').trim() || undefined;
  }
  return undefined;
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

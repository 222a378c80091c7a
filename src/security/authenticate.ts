// The caller door (R6, R8): every request needs the operator's credential, on loopback too. Hashes only; forwarded headers are never read.
import { randomBytes } from 'node:crypto';
import type { AuditDoor } from '../core/audit.ts';
import type { Caller } from '../core/brand.ts';
import { type AuthRequest, crossSite, type Refusal, strangeHost } from '../core/caller.ts';
import { browserToken, pairOf } from '../core/cookie.ts';
import { CoPawError } from '../core/error.ts';
import type { Device, Store } from '../core/store.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import { createMinuteBudget } from '../lib/minute-budget.ts';
import { createOneTimeCodes, hashToken } from '../lib/one-time-codes.ts';
import { sameText } from '../lib/same-text.ts';
import { escapeForDisplay } from '../lib/visible-text.ts';

/** `runToken`: this run's random token, the CLI's way in. `hosts`: names beside loopback that the console may be reached by. */
interface AuthParts {
  readonly devices: Store['devices'];
  readonly runToken: () => string | undefined;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly hosts: () => readonly string[];
  readonly audit: AuditDoor;
}

const touchMs = 60_000;
/** Refused requests written down in one minute; a flood must not fill the disk. */
const mostRecords = 30;

export function createAuthenticate(parts: AuthParts) {
  const { devices, clock, ids, audit } = parts;
  const codes = createOneTimeCodes(clock, 60_000);
  const mayRecord = createMinuteBudget(clock, mostRecords);

  const refuse = (request: AuthRequest, refusal: Refusal): Refusal => {
    // The refusal stands whether or not it can be written down.
    if (mayRecord()) audit.append('caller-refused', { rule: refusal.rule, method: request.method, path: request.path }).catch(() => undefined);
    return refusal;
  };

  const checkHost = (request: AuthRequest): Refusal | undefined => {
    const reason = strangeHost(request, parts.hosts());
    return reason === undefined ? undefined : refuse(request, { refused: 'forbidden', rule: 'R6', reason });
  };

  const callerOf = async (token: string): Promise<Caller | undefined> => {
    const hash = hashToken(token);
    const run = parts.runToken();
    if (run !== undefined && sameText(hash, hashToken(run))) return { kind: 'run', deviceId: 'run', name: 'cli' } as Caller;
    const device = await devices.byHash(hash);
    if (!device || !sameText(hash, device.tokenHash)) return undefined;
    const now = clock.now();
    if (now - device.seenAt >= touchMs) await devices.touch(device.id, now);
    return { kind: 'device', deviceId: device.id, name: device.name } as Caller;
  };

  const random = (): string => randomBytes(32).toString('base64url');
  const addDevice = async (name: string, by: string, token: string): Promise<Device> => {
    const now = clock.now();
    const shown = escapeForDisplay(name.replace(/\s+/g, ' ').trim()).slice(0, 80) || 'device';
    const device: Device = { id: ids('dev'), name: shown, tokenHash: hashToken(token), createdAt: now, seenAt: now };
    await audit.append('device-add', { id: device.id, name: device.name, by });
    await devices.add(device);
    return device;
  };

  /** What a device has open, by its id; ids are never used again. */
  const open = new Map<string, AbortController>();
  const lifeOf = (id: string): AbortController => {
    const life = open.get(id) ?? new AbortController();
    open.set(id, life);
    return life;
  };

  return {
    /** Aborts when the caller's device is revoked. */
    until: ({ deviceId }: Caller): AbortSignal => lifeOf(deviceId).signal,
    /** False where there is no such device. What it has open ends at once. */
    async revoke(id: string, by: string): Promise<boolean> {
      await audit.append('device-revoke', { id, by });
      const gone = await devices.remove(id);
      if (gone) lifeOf(id).abort();
      return gone;
    },
    /** Host and Origin alone, for the public paths; undefined when they are right. */
    checkHost,
    /** One more named device token, a bearer; revokes none. */
    async mintToken(name: string, by: string): Promise<{ token: string; device: Device }> {
      const token = `copaw_${random()}`;
      return { token, device: await addDevice(name, by, token) };
    },
    /** For the URL fragment that `copaw open` shows. */
    newLoginCode: codes.create,
    /** The caller, when Host, Origin and credential are right. */
    async authenticate(request: AuthRequest): Promise<Caller | Refusal> {
      const foreign = checkHost(request);
      if (foreign) return foreign;
      const authorization = request.headers('authorization');
      if (authorization === undefined) {
        const site = crossSite(request);
        if (site !== undefined) return refuse(request, { refused: 'forbidden', rule: 'R6', reason: site });
      }
      const token = authorization === undefined ? browserToken(request.headers) : /^Bearer ([\x21-\x7e]{1,200})$/i.exec(authorization)?.[1];
      const caller = token === undefined ? undefined : await callerOf(token);
      return caller ?? refuse(request, { refused: 'unauthenticated', rule: 'R6', reason: 'Log in first: run copaw open.' });
    },
    /** A code for the two halves of a browser's credential. Throws `unauthenticated` for a wrong, used or expired one, `busy` after ten of those in a minute. */
    async exchange(code: string, deviceName: string): Promise<{ cookie: string; key: string; device: Device }> {
      const redeemed = codes.redeem(code);
      if (redeemed === 'limited') throw new CoPawError('busy', 'Too many wrong login codes.', { next: 'Wait a minute, then run: copaw open', rule: 'R6' });
      const [cookie, key] = [`copawc_${random()}`, random()];
      if (redeemed === 'ok') return { cookie, key, device: await addDevice(deviceName, 'login', pairOf(cookie, key)) };
      await audit.append('login-refused', { rule: 'R8' });
      throw new CoPawError('unauthenticated', 'This login code is wrong, was used, or is older than a minute.', { next: 'Run: copaw open', rule: 'R8' });
    },
  };
}

// The caller door, tried the way a hostile page, a rebound name and a guesser would.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pairOf } from '../core/cookie.ts';
import type { Device, Store } from '../core/store.ts';
import { hashToken } from '../lib/one-time-codes.ts';
import { createCountingIds } from '../testing/counting-ids.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createAuthenticate } from './authenticate.ts';

const own = 'localhost:8088';

function setUp(runToken?: string) {
  const rows: Device[] = [];
  const audited: { kind: string; detail: object }[] = [];
  const touched: number[] = [];
  const clock = createFakeClock();
  const devices: Store['devices'] = {
    add: async (device) => void rows.push(device),
    byHash: async (hash) => rows.find((row) => row.tokenHash === hash),
    list: async () => rows,
    touch: async (id, seenAt) => {
      touched.push(seenAt);
      rows.forEach((row, at) => void (row.id === id && rows.splice(at, 1, { ...row, seenAt })));
    },
    remove: async () => rows.splice(0).length > 0,
  };
  const door = createAuthenticate({
    devices,
    runToken: () => runToken,
    clock,
    ids: createCountingIds(),
    hosts: () => ['paw.home', 'tunnel.example:8443'],
    audit: { append: async (kind, detail) => void audited.push({ kind, detail }), verify: async () => ({ ok: true, records: 0 }) },
  });
  const call = (method: string, headers: Readonly<Record<string, string>>) =>
    door.authenticate({ method, path: '/api/status', headers: (name) => ({ host: own, ...headers })[name] });
  return { door, call, rows, audited, touched, clock };
}

/** A browser that logged in. */
const browser = (door: ReturnType<typeof setUp>['door']) => door.exchange(door.newLoginCode().code, 'Browser');

describe('credentials', () => {
  test('a device token works as bearer, the run token too, until revoked', async () => {
    const { door, call, rows } = setUp('run-token');
    const { token, device } = await door.mintToken('  My\n phone\u202e ', 'cli');
    expect(device).toMatchObject({ name: 'My phone\\u{202e}' });
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(await call('GET', { authorization: `Bearer ${token}` })).toEqual({ kind: 'device', deviceId: device.id, name: device.name });
    expect(await call('POST', { authorization: 'Bearer run-token' })).toMatchObject({ kind: 'run' });
    rows.splice(0);
    expect(await call('GET', { authorization: `Bearer ${token}` })).toMatchObject({ refused: 'unauthenticated', rule: 'R6' });
  });

  test('a browser logs in with both halves, until revoked', async () => {
    const { door, call, rows } = setUp();
    const { cookie, key, device } = await browser(door);
    expect([cookie, key]).toEqual([expect.stringMatching(/^copawc_[\w-]{43}$/), expect.stringMatching(/^[\w-]{43}$/)]);
    const both = { cookie: `other=1; copaw-8088=${cookie}; copaw-8089=2`, 'x-copaw-key': key };
    expect(await call('GET', both)).toEqual({ kind: 'device', deviceId: device.id, name: 'Browser' });
    for (const half of [cookie, key]) expect(JSON.stringify(rows)).not.toContain(half);
    rows.splice(0);
    expect(await call('GET', both)).toMatchObject({ refused: 'unauthenticated' });
  });

  test('attack: a cookie that another server on this machine was sent is no credential', async () => {
    const { door, call } = setUp('run-token');
    const [{ cookie, key }, other] = [await browser(door), await browser(door)];
    const { token } = await door.mintToken('phone', 'cli');
    const page = { origin: `http://${own}`, 'sec-fetch-site': 'same-origin' };
    const pair = pairOf(cookie, key);
    const tries: Readonly<Record<string, string>>[] = [
      { authorization: `Bearer ${cookie}` },
      { authorization: `Bearer ${key}` },
      { authorization: `Bearer ${pair}` },
      { authorization: `Bearer ${cookie}.${key}` },
      { authorization: `Bearer ${cookie}`, 'x-copaw-key': key },
      { cookie: `copaw-8088=${cookie}` },
      { cookie: `copaw-8088=${pair}` },
      { 'x-copaw-key': key },
      { 'x-copaw-key': pair },
      ...['', ' ', 'undefined', cookie, other.key, `${key}x`, hashToken(pair)].map((wrong) => ({ cookie: `copaw-8088=${cookie}`, 'x-copaw-key': wrong })),
      { cookie: `copaw-8088=${cookie}; copaw-8088.key=${key}` },
      { cookie: `copaw-8088=${other.cookie}`, 'x-copaw-key': key },
      // Bearer tokens are no cookies.
      { cookie: `copaw-8088=${token}` },
      { cookie: `copaw-8088=${token}`, 'x-copaw-key': key },
      { cookie: 'copaw-8088=run-token', 'x-copaw-key': 'x' },
    ];
    for (const headers of tries)
      for (const method of ['GET', 'POST'])
        expect(await call(method, { ...page, ...headers }), JSON.stringify(headers)).toMatchObject({ refused: 'unauthenticated', rule: 'R6' });
  });

  test('attack: what a device has open outlives its revocation; others, and the run, keep what they have', async () => {
    const { door, call, audited } = setUp('run-token');
    const caller = async (token: string) => {
      const found = await call('GET', { authorization: `Bearer ${token}` });
      if ('refused' in found) throw new Error('refused');
      return found;
    };
    const { token, device } = await door.mintToken('phone', 'cli');
    const phone = await caller(token);
    const run = await caller('run-token');
    const [open, again, other] = [door.until(phone), door.until(phone), door.until(run)];
    expect(await door.revoke(device.id, 'cli')).toBe(true);
    expect([open.aborted, again.aborted, other.aborted]).toEqual([true, true, false]);
    // A request that was let in just before opens its stream just after.
    expect(door.until(phone).aborted).toBe(true);
    expect(await door.revoke('run', 'cli')).toBe(false);
    expect(other.aborted).toBe(false);
    expect(audited).toContainEqual({ kind: 'device-revoke', detail: { id: device.id, by: 'cli' } });
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ['none, on loopback', {}],
    ['none, claiming to be forwarded from loopback', { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1', forwarded: 'for=127.0.0.1' }],
    ['an empty bearer, while no run token is set', { authorization: 'Bearer ' }],
    ['the word undefined', { authorization: 'Bearer undefined' }],
    ['another scheme', { authorization: 'Basic run-token' }],
    ['the cookie of another CoPaw on this machine', { cookie: 'copaw-8089=run-token', 'x-copaw-key': 'run-token' }],
    ['a cookie without a port', { cookie: 'copaw=run-token', 'x-copaw-key': 'run-token' }],
    ['an empty cookie', { cookie: 'copaw-8088=', 'x-copaw-key': 'run-token' }],
    ['a wrong bearer does not fall back to a cookie', { authorization: 'Bearer wrong', cookie: 'copaw-8088=run-token' }],
  ])('refused: %s', async (_name, headers) => {
    for (const run of [undefined, '', 'run-token']) expect(await setUp(run).call('GET', headers)).toMatchObject({ refused: 'unauthenticated' });
  });

  test('any text is refused as a token, without a throw', async () => {
    const { call } = setUp('run-token');
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        fc.pre(text.trim() !== 'run-token');
        expect(await call('GET', { authorization: `Bearer ${text}` })).toHaveProperty('refused');
        expect(await call('GET', { cookie: text, 'x-copaw-key': text })).toHaveProperty('refused');
      }),
    );
  });

  test('a device is touched at most once a minute', async () => {
    const { door, call, touched, clock } = setUp();
    const { token } = await door.mintToken('a', 'cli');
    const request = () => call('GET', { authorization: `Bearer ${token}` });
    await request();
    await clock.advance(60_000);
    await request();
    await request();
    expect(touched).toEqual([clock.now()]);
  });

  test('a flood of refusals does not fill the audit log', async () => {
    const { call, audited, clock } = setUp();
    for (let count = 0; count < 100; count++) await call('GET', {});
    expect(audited).toHaveLength(30);
    await clock.advance(60_000);
    await call('GET', {});
    expect(audited).toHaveLength(31);
    expect(audited[0]).toEqual({ kind: 'caller-refused', detail: { rule: 'R6', method: 'GET', path: '/api/status' } });
  });
});

describe('where a request comes from', () => {
  test.each([
    'evil.example',
    'localhost.evil.example:8088',
    'localhost.',
    '127.0.0.1.evil.example',
    '',
    '[::1]x',
    'localhost:8088:1',
    'tunnel.example',
    '127.1',
  ])('DNS rebinding: Host %j is refused, with a good credential too', async (host) => {
    const { call } = setUp('run-token');
    expect(await call('GET', { host, authorization: 'Bearer run-token' })).toMatchObject({ refused: 'forbidden', rule: 'R6' });
  });

  test.each(['localhost', 'LOCALHOST:9', '127.0.0.1:8088', '[::1]:8088', 'paw.home', 'Paw.Home:443', 'tunnel.example:8443'])(
    'Host %j is ours',
    async (host) => {
      expect(await setUp('run-token').call('GET', { host, authorization: 'Bearer run-token' })).toMatchObject({ kind: 'run' });
    },
  );

  test('a missing Host is refused', () => {
    expect(setUp().door.checkHost({ method: 'GET', path: '/', headers: () => undefined })).toMatchObject({ refused: 'forbidden' });
  });

  test.each(['https://evil.example', 'null', 'http://localhost:3000', 'http://localhost', 'http://localhost:8088.evil.example', 'file://', ''])(
    'a cross-site request with Origin %j is refused, with bearer and with cookie',
    async (origin) => {
      const { door, call } = setUp('run-token');
      const { cookie, key } = await browser(door);
      for (const credential of [{ authorization: 'Bearer run-token' }, { cookie: `copaw-8088=${cookie}`, 'x-copaw-key': key }]) {
        for (const method of ['GET', 'POST', 'OPTIONS']) expect(await call(method, { origin, ...credential })).toMatchObject({ refused: 'forbidden' });
      }
    },
  );

  test.each<[string, string, Readonly<Record<string, string>>, boolean]>([
    ['our page posts', 'POST', { origin: `http://${own}`, 'sec-fetch-site': 'same-origin' }, true],
    ['an old browser without fetch metadata posts', 'POST', { origin: `http://${own}` }, true],
    ['a post that hides its origin', 'POST', {}, false],
    ['a post that hides its origin but sends metadata', 'DELETE', { 'sec-fetch-site': 'same-origin' }, false],
    ['a cross-site post', 'POST', { origin: `http://${own}`, 'sec-fetch-site': 'cross-site' }, false],
    ['a post typed into the address bar', 'POST', { origin: `http://${own}`, 'sec-fetch-site': 'none' }, false],
    ['an unknown method', 'PURGE', {}, false],
    ['our page reads', 'GET', { 'sec-fetch-site': 'same-origin' }, true],
    ['the address bar', 'GET', { 'sec-fetch-site': 'none' }, true],
    ['another server on this machine reads', 'GET', { 'sec-fetch-site': 'same-site' }, false],
    ['another site reads', 'GET', { 'sec-fetch-site': 'cross-site' }, false],
    ['an upgrade without origin', 'GET', { upgrade: 'websocket' }, false],
    ['an upgrade of our page', 'GET', { upgrade: 'websocket', origin: `http://${own}` }, true],
  ])('with a cookie: %s', async (_name, method, headers, allowed) => {
    const { door, call } = setUp();
    const { cookie, key } = await browser(door);
    const answer = await call(method, { ...headers, cookie: `copaw-8088=${cookie}`, 'x-copaw-key': key });
    if (allowed) expect(answer).toMatchObject({ kind: 'device' });
    else expect(answer).toMatchObject({ refused: 'forbidden' });
  });
});

describe('login codes', () => {
  test('a code works once, even when used twice at the same time', async () => {
    const { door, call, audited } = setUp();
    const { code, expiresAt } = door.newLoginCode();
    expect(expiresAt).toBeGreaterThan(0);
    const [first, second] = await Promise.allSettled([door.exchange(code, 'Browser'), door.exchange(code, 'Thief')]);
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'unauthenticated', rule: 'R8' } });
    if (first?.status !== 'fulfilled') throw new Error('the first exchange failed');
    expect(await call('GET', { cookie: `copaw-8088=${first.value.cookie}`, 'x-copaw-key': first.value.key })).toMatchObject({ name: 'Browser' });
    expect(audited.map(({ kind }) => kind).sort()).toEqual(['device-add', 'login-refused']);
    expect(JSON.stringify(audited)).not.toContain(code);
  });

  test('a code dies after 60 seconds', async () => {
    const { door, clock } = setUp();
    const early = door.newLoginCode();
    await clock.advance(59_999);
    const late = door.newLoginCode();
    await door.exchange(early.code, 'a');
    await clock.advance(60_000);
    await expect(door.exchange(late.code, 'b')).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  test('a guesser is stopped after ten wrong codes a minute, locks nobody out, and the audit log is not filled', async () => {
    const { door, clock, audited } = setUp();
    for (let count = 0; count < 10; count++) await expect(door.exchange(`guess-${count}`, 'x')).rejects.toMatchObject({ code: 'unauthenticated' });
    for (let count = 0; count < 10; count++) await expect(door.exchange(`more-${count}`, 'x')).rejects.toMatchObject({ code: 'busy' });
    expect(audited).toHaveLength(10);
    await expect(door.exchange(door.newLoginCode().code, 'x')).resolves.toMatchObject({ device: { name: 'x' } });
    await clock.advance(60_000);
    await expect(door.exchange('late', 'x')).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  test('only the newest sixteen codes are kept', async () => {
    const { door } = setUp();
    const codes = Array.from({ length: 17 }, () => door.newLoginCode().code);
    await expect(door.exchange(codes[0] ?? '', 'x')).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(door.exchange(codes[1] ?? '', 'x')).resolves.toHaveProperty('key');
  });
});

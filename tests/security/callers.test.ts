// R6, R7 and R8: strangers in front of the real server. Nothing is answered, changed or started without the operator's credential.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { configSchema } from '../../src/core/config.ts';
import { routes } from '../../src/http/routes.ts';
import { attack, spellings } from './attack.ts';
import { createLoginWorld } from './login-world.ts';
import { openServerWorld, rawRequest, type ServerWorld } from './server-world.ts';

let world: ServerWorld;
let other: ServerWorld;
/** A browser that logged in: what it sends to every port, and what only our page has. */
let cookie: string;
let key: string;
beforeAll(async () => {
  [world, other] = await Promise.all([openServerWorld(), openServerWorld()]);
  const login = await world.call('/api/login', json({ code: world.code }));
  cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
  expect(login.status).toBe(200);
  key = ((await login.json()) as { key: string }).key;
  expect((await world.call('/api/status', { headers: { cookie, 'x-copaw-key': key } })).status).toBe(200);
});
afterAll(async () => {
  await world.close();
  await other.close();
});

const json = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json', ...headers },
});
const closed = routes.filter((row) => row.public !== true);
const pathOf = (path: string): string => path.replaceAll(/\{\w+\}/gu, 'x');
const message = { text: 'pwned' };
const freshCode = async (of: ServerWorld): Promise<string> =>
  ((await (await of.asOperator('/api/login-code', { method: 'POST' })).json()) as { code: string }).code;
/** No session and no device came to be. */
async function expectUntouched(): Promise<void> {
  expect(((await (await world.asOperator('/api/sessions')).json()) as { sessions: unknown[] }).sessions).toEqual([]);
  expect(world.model.requests).toEqual([]);
}

spellings(
  'R6-01',
  'every route without, and with a wrong credential',
  closed.map(({ method, path }) => `${method} ${path}`),
  async (row) => {
    const [method = '', path = ''] = row.split(' ');
    const body = method === 'GET' || method === 'DELETE' ? {} : { body: '{}' };
    const wrong: Record<string, string>[] = [
      {},
      { authorization: '' },
      { authorization: 'Bearer' },
      { authorization: 'Bearer null' },
      { authorization: `Bearer ${other.token}` },
      { authorization: `Basic ${Buffer.from(`copaw:${world.token}`).toString('base64')}` },
      { authorization: `Bearer ${world.token.slice(0, -1)}` },
      { authorization: `Bearer ${world.token}x` },
      { cookie: `copaw-${world.port}=${other.token}` },
      { cookie: `copaw=${world.token}` },
      { cookie: `copaw-${other.port}=${world.token}` },
      { 'x-copaw-token': world.token },
      { 'x-api-key': world.token },
    ];
    for (const headers of wrong) {
      const answer = await world.call(pathOf(path), { method, ...body, headers: { 'content-type': 'application/json', ...headers } });
      expect([401, 403], JSON.stringify(headers)).toContain(answer.status);
      expect(await answer.text()).not.toContain(world.token);
    }
  },
);
attack('R6-02', 'another site makes the browser of the operator send its cookie', async () => {
  const sites: Record<string, string>[] = [
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    { origin: 'null' },
    { origin: `http://127.0.0.1:${other.port}`, 'sec-fetch-site': 'same-site' },
    { origin: `http://localhost:${world.port}`, 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site' },
    {},
  ];
  for (const headers of sites) {
    const answer = await world.call('/api/sessions/csrf/messages', json(message, { cookie, 'x-copaw-key': key, ...headers }));
    expect(answer.status, JSON.stringify(headers)).toBe(403);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  }
  await expectUntouched();
});
attack('R6-03', 'a form of another site: every content type a form or a beacon can send', async () => {
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    '',
    'text/json',
    'application/jsonx',
    'application/json5',
    'text/plain;application/json',
  ]) {
    const answer = await world.asOperator('/api/sessions/csrf/messages', { method: 'POST', body: JSON.stringify(message), headers: { 'content-type': type } });
    expect(answer.status, type).toBeGreaterThanOrEqual(400);
  }
  await expectUntouched();
});
attack('R6-04', 'rebinding: a name of the attacker that leads to loopback', async () => {
  const hosts = [
    'evil.example',
    `evil.example:${world.port}`,
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    `127.0.0.1:${world.port}.evil.example`,
    '127.0.0.1@evil.example',
    'xn--localhost',
    '0.0.0.0',
    '[::]',
    '127.0.0.2',
    '2130706433',
    '',
  ];
  for (const host of hosts) {
    for (const path of ['/', '/api/health', '/api/status', '/api/login', '/assets/x.js']) {
      const answer = await world.raw(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${world.token}\r\nConnection: close\r\n\r\n`);
      expect(answer, `${host} ${path}`).toMatch(/^HTTP\/1\.1 4\d\d /u);
    }
  }
});
attack('R6-05', 'two Host headers, a Host of its own in the request line, none at all', async () => {
  const auth = `Authorization: Bearer ${world.token}`;
  const good = `127.0.0.1:${world.port}`;
  const requests = [
    `GET /api/status HTTP/1.1\r\nHost: evil.example\r\nHost: ${good}\r\n${auth}\r\nConnection: close\r\n\r\n`,
    `GET http://evil.example/api/status HTTP/1.1\r\nHost: evil.example\r\n${auth}\r\nConnection: close\r\n\r\n`,
    `GET /api/status HTTP/1.1\r\n${auth}\r\nConnection: close\r\n\r\n`,
    `GET /api/status HTTP/1.0\r\n${auth}\r\n\r\n`,
    `GET /api/status HTTP/1.1\r\nHost : ${good}\r\n${auth}\r\nConnection: close\r\n\r\n`,
    `GET /api/status HTTP/1.1\r\nHost: evil.example,${good}\r\n${auth}\r\nConnection: close\r\n\r\n`,
  ];
  for (const request of requests) expect(await world.raw(request), request).toMatch(/^HTTP\/1\.1 4\d\d /u);
});
attack('R6-06', 'forwarded headers that claim to come from here, or to be somebody', async () => {
  const claims = {
    'x-forwarded-for': '127.0.0.1',
    'x-real-ip': '127.0.0.1',
    forwarded: 'for=127.0.0.1;host=localhost',
    'x-forwarded-host': `127.0.0.1:${world.port}`,
    'x-forwarded-user': 'operator',
    'x-remote-user': 'root',
    'x-original-url': '/api/health',
    'x-rewrite-url': '/api/health',
    'x-http-method-override': 'GET',
    'cf-connecting-ip': '127.0.0.1',
    'x-copaw-surface': 'cli',
    via: '1.1 localhost',
  };
  expect((await world.call('/api/status', { headers: claims })).status).toBe(401);
  for (const [name, value] of Object.entries(claims)) expect((await world.call('/api/sessions', { headers: { [name]: value } })).status, name).toBe(401);
  const foreign = await world.raw(
    `GET /api/status HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: 127.0.0.1:${world.port}\r\nAuthorization: Bearer ${world.token}\r\nConnection: close\r\n\r\n`,
  );
  expect(foreign).toMatch(/^HTTP\/1\.1 403/u);
});
attack('R6-07', 'upgrades: WebSocket, h2c, with and without the credential', async () => {
  for (const upgrade of ['websocket', 'h2c', 'TLS/1.2', 'websocket, h2c']) {
    for (const extra of ['', `Authorization: Bearer ${world.token}\r\n`, `Cookie: ${cookie}\r\nX-CoPaw-Key: ${key}\r\nOrigin: https://evil.example\r\n`]) {
      const answer = await world.raw(
        `GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:${world.port}\r\nConnection: Upgrade\r\nUpgrade: ${upgrade}\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${extra}\r\n`,
      );
      expect(answer, upgrade).not.toMatch(/^HTTP\/1\.1 101/u);
      expect(answer).not.toMatch(/^HTTP\/1\.1 200/u);
    }
  }
});
attack('R6-08', 'smuggling: a second request in the body of the first, by length and by chunks', async () => {
  const inner = `POST /api/sessions/smuggled/messages HTTP/1.1\r\nHost: 127.0.0.1:${world.port}\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{"text":"pwned"}`;
  const heads = [
    `Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
    `Transfer-Encoding: chunked\r\nContent-Length: ${inner.length}\r\n\r\n0\r\n\r\n${inner}`,
    `Content-Length: 5\r\nContent-Length: 0\r\n\r\n${inner}`,
    `Transfer-Encoding: xchunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n${inner}`,
    `Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${inner}`,
    `Content-Length: +0\r\n\r\n${inner}`,
  ];
  for (const head of heads) {
    const answer = await world.raw(`POST /api/login HTTP/1.1\r\nHost: 127.0.0.1:${world.port}\r\nContent-Type: application/json\r\n${head}`);
    expect(answer).not.toMatch(/HTTP\/1\.1 20\d/u);
  }
  await expectUntouched();
});
attack('R6-09', 'header tricks: line breaks, NUL, a folded credential, two credentials, very many headers', async () => {
  const start = `GET /api/status HTTP/1.1\r\nHost: 127.0.0.1:${world.port}\r\nConnection: close\r\n`;
  const tails = [
    `X: a\r\n Authorization: Bearer ${world.token}\r\n\r\n`,
    `X: a\nAuthorization: x\r\n\r\n`,
    'X: \0\r\n\r\n',
    `Authorization: Bearer x\r\nAuthorization: Bearer y\r\n\r\n`,
    `${'X: y\r\n'.repeat(5_000)}\r\n`,
    `X: ${'y'.repeat(100_000)}\r\n\r\n`,
    `Cookie: copaw-${world.port}\r\n\r\n`,
    `Cookie: ;=;copaw-${world.port}==;\r\n\r\n`,
  ];
  for (const tail of tails) expect((await world.raw(start + tail)).slice(0, 12)).not.toContain('200');
});
spellings(
  'R6-10',
  'a path that is read one way by the guard and another by the route',
  [
    '//api/status',
    '/api//status',
    '/api/./status',
    '/x/../api/status',
    '/%61pi/status',
    '/api%2fstatus',
    '/API/status',
    '/api/status/',
    '/api/status%00',
    '/api/status;x',
    '/api/status?x=/api/health',
    '/api/health/../status',
    '/api/health%2f..%2fstatus',
    '/api/status#/api/health',
    null,
    '/assets/../api/status',
    '/assets/..%2fapi%2fstatus',
    '/api/status.json',
    '/./api/status',
  ],
  async (path) => {
    const answer = await world.raw(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${world.port}\r\nConnection: close\r\n\r\n`);
    expect(answer).not.toContain('"sandbox"');
    expect(answer).not.toContain('openTurns');
  },
);
spellings(
  'R6-11',
  'a static path out of the console',
  [
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/assets/../../package.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    null,
    '/....//package.json',
    '//etc/passwd',
    '/etc/passwd',
    '/%00',
    '/index.html%00.js',
    '/.stamp',
    '/.git/config',
    '/assets/',
    '/proc/self/environ',
    '/index.html/../../package.json',
    '/file:///etc/passwd',
    '/C:/windows/win.ini',
    '/assets/..;/..;/package.json',
  ],
  async (path) => {
    const answer = await world.raw(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${world.port}\r\nConnection: close\r\n\r\n`);
    expect(answer).not.toMatch(/root:|"name": "copaw"|\[core\]|PATH=/u);
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /u);
  },
);
attack('R6-12', 'a body over the limit, with and without a length, before the credential is looked at', async () => {
  const large = 'x'.repeat(1_100_000);
  const announced = await world.raw(
    `POST /api/login HTTP/1.1\r\nHost: 127.0.0.1:${world.port}\r\nContent-Type: application/json\r\nContent-Length: ${large.length}\r\nConnection: close\r\n\r\n${large}`,
  );
  expect(announced).toMatch(/^HTTP\/1\.1 413/u);
  const chunked = await world.raw(
    `POST /api/login HTTP/1.1\r\nHost: 127.0.0.1:${world.port}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`,
  );
  expect(chunked).toMatch(/^HTTP\/1\.1 4\d\d /u);
});
attack('R6-13', 'methods that are not in the table', async () => {
  for (const method of ['HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'CONNECT', 'PROPFIND', 'get', 'X']) {
    const answer = await world.raw(
      `${method} /api/sessions HTTP/1.1\r\nHost: 127.0.0.1:${world.port}\r\nOrigin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\nConnection: close\r\n\r\n`,
    );
    expect(answer, method).not.toMatch(/^HTTP\/1\.1 [23]/u);
    expect(answer.toLowerCase()).not.toContain('access-control-allow');
  }
});
attack('R6-14', 'what a stranger learns: no version of parts, no names of sessions, the same answer for what is there and what is not', async () => {
  const there = await world.call('/api/status');
  const absent = await world.call('/api/nothing-of-the-kind');
  expect([there.status, await there.text()]).toEqual([absent.status, await absent.text()]);
  for (const name of ['server', 'x-powered-by']) expect(there.headers.get(name)).toBeNull();
});
attack('R6-15', 'the page cannot be framed, sniffed or given scripts of others', async () => {
  const { headers } = await world.call('/');
  expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/u);
  expect(headers.get('content-security-policy')).not.toMatch(/unsafe-inline|unsafe-eval|https?:|\*/u);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});
attack('R6-16', 'the event stream in the address of an image or a script of another site', async () => {
  const answer = await world.call('/api/events', { headers: { cookie, 'x-copaw-key': key, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' } });
  expect(answer.status).toBe(403);
});
attack('R6-17', 'a cookie that another server on this machine was sent is no credential', async () => {
  // The browser of the operator opens a page of that server, and sends it the cookie of ours.
  const half = cookie.split('=')[1] ?? '';
  const mine = ((await (await other.call('/api/login', json({ code: await freshCode(other) }))).json()) as { key: string }).key;
  const page = { origin: `http://127.0.0.1:${world.port}`, 'sec-fetch-site': 'same-origin' };
  const tries: Record<string, string>[] = [
    { cookie },
    { cookie, 'x-copaw-key': '' },
    { cookie, 'x-copaw-key': half },
    { cookie, 'x-copaw-key': mine },
    { cookie, 'x-copaw-key': `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}` },
    { cookie: `${cookie}; key=${key}; x-copaw-key=${key}` },
    { authorization: `Bearer ${half}` },
    { authorization: `Bearer ${cookie}` },
    { authorization: `Bearer ${half}`, cookie, 'x-copaw-key': key },
    { 'x-copaw-key': key },
  ];
  for (const headers of tries) {
    for (const path of ['/api/status', '/api/events', '/api/sessions', `/api/status?key=${key}`, `/api/status?x-copaw-key=${key}`])
      expect((await world.call(path, { headers: { ...page, ...headers } })).status, `${path} ${JSON.stringify(headers)}`).toBe(401);
    expect((await world.call('/api/sessions/stolen/messages', json(message, { ...page, ...headers }))).status).toBe(401);
    expect((await world.call('/api/tokens', json({ name: 'thief' }, { ...page, ...headers }))).status).toBe(401);
  }
  await expectUntouched();
});

attack('R7-01', 'the default config listens on 127.0.0.1', () => expect(configSchema.parse({}).server.host).toBe('127.0.0.1'));
attack('R7-02', 'another address of loopback finds nobody', async () => {
  for (const host of ['127.0.0.2', '127.1.2.3', '::1']) expect(await rawRequest(world.port, 'GET / HTTP/1.0\r\n\r\n', host), host).not.toContain('HTTP/1.1');
});
attack('R7-03', 'the addresses of this machine on its networks find nobody', async () => {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).filter(({ internal }) => !internal).map(({ address }) => address));
  for (const address of addresses) expect(await rawRequest(world.port, 'GET / HTTP/1.0\r\n\r\n', address), address).not.toContain('HTTP/1.1');
  if (process.platform !== 'linux') return;
  // Also those it will get later: the kernel knows what this port listens at. 0A: listening; 0100007F: 127.0.0.1.
  const port = `:${world.port.toString(16).toUpperCase().padStart(4, '0')}`;
  const sockets = ['tcp', 'tcp6'].flatMap((name) => readFileSync(`/proc/self/net/${name}`, 'utf8').split('\n'));
  const listening = sockets.map((line) => line.trim().split(/\s+/u)).filter(([, local = '', , state]) => local.endsWith(port) && state === '0A');
  expect(listening.map(([, local]) => local)).toEqual([`0100007F${port}`]);
});
attack('R7-04', 'a wider bind is announced, and still needs the credential', async () => {
  const wide = await openServerWorld({ config: { server: { host: '0.0.0.0' } } });
  try {
    expect(wide.lines.join('\n')).toMatch(/warning.*0\.0\.0\.0/u);
    for (const path of closed.filter(({ method }) => method === 'GET').map(({ path }) => pathOf(path))) expect((await wide.call(path)).status, path).toBe(401);
    expect(
      await rawRequest(
        wide.port,
        `GET /api/status HTTP/1.1\r\nHost: 127.0.0.2:${wide.port}\r\nAuthorization: Bearer ${wide.token}\r\nConnection: close\r\n\r\n`,
        '127.0.0.2',
      ),
    ).toMatch(/^HTTP\/1\.1 403/u);
  } finally {
    await wide.close();
  }
});
attack('R7-05', 'the environment does not widen the bind', async () => {
  const saved = { ...process.env };
  Object.assign(process.env, {
    HOST: '0.0.0.0',
    BIND: '0.0.0.0',
    COPAW_HOST: '0.0.0.0',
    COPAW_SERVER_HOST: '0.0.0.0',
    HOSTNAME: '0.0.0.0',
    LISTEN_ADDRESS: '::',
  });
  const narrow = await openServerWorld();
  try {
    expect(await rawRequest(narrow.port, 'GET / HTTP/1.0\r\n\r\n', '127.0.0.2')).not.toContain('HTTP/1.1');
  } finally {
    process.env = saved;
    await narrow.close();
  }
});
attack('R7-06', 'an empty or odd host in config is not taken for every address without a word', async () => {
  for (const host of ['', '0', '::']) {
    const odd = await openServerWorld({ config: { server: { host } } }).catch(() => undefined);
    try {
      if (odd && (await rawRequest(odd.port, 'GET / HTTP/1.0\r\n\r\n', '127.0.0.2')).includes('HTTP/1.1'))
        expect(odd.lines.join('\n'), JSON.stringify(host)).toContain('warning');
    } finally {
      await odd?.close();
    }
  }
});

attack('R8-01', 'a code is used twice, one after the other and at once', async () => {
  const { code } = (await (await world.asOperator('/api/login-code', { method: 'POST' })).json()) as { code: string };
  const answers = await Promise.all([1, 2, 3, 4].map(() => world.call('/api/login', json({ code }))));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401]);
  expect((await world.call('/api/login', json({ code }))).status).toBe(401);
});
attack('R8-02', 'a code after its minute', async () => {
  const { auth, clock } = createLoginWorld();
  const { code } = auth.newLoginCode();
  await clock.advance(60_001);
  await expect(auth.exchange(code, 'x')).rejects.toMatchObject({ rule: 'R8' });
});
attack('R8-03', 'guessing: after ten wrong codes a minute no other is looked at twice, and whoever holds the right one is not locked out', async () => {
  const guessed = await openServerWorld();
  try {
    const tries = await Promise.all(Array.from({ length: 40 }, (_, index) => guessed.call('/api/login', json({ code: `guess-${index}` }))));
    expect(tries.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(10);
    expect(tries.filter(({ status }) => status === 503 || status === 429).length).toBeGreaterThanOrEqual(30);
    const { code } = (await (await guessed.asOperator('/api/login-code', { method: 'POST' })).json()) as { code: string };
    expect((await guessed.call('/api/login', json({ code }))).status).toBe(200);
  } finally {
    await guessed.close();
  }
});
attack('R8-04', 'a code or token of another home', async () => {
  expect((await world.call('/api/login', json({ code: other.code }))).status).toBe(401);
  expect((await world.call('/api/status', { headers: { authorization: `Bearer ${other.token}` } })).status).toBe(401);
});
attack('R8-05', 'a code in the address, the query, a header, a form', async () => {
  const { code } = (await (await other.asOperator('/api/login-code', { method: 'POST' })).json()) as { code: string };
  for (const path of [
    `/?code=${code}`,
    `/api/status?code=${code}`,
    `/api/login?code=${code}`,
    `/api/status?token=${other.token}`,
    `/api/events?access_token=${other.token}`,
  ])
    expect((await other.call(path)).headers.get('set-cookie'), path).toBeNull();
  for (const path of [`/api/status?token=${other.token}`, `/api/status?access_token=${other.token}`]) expect((await other.call(path)).status).toBe(401);
  expect(
    (await other.call('/api/login', { method: 'POST', body: `code=${code}`, headers: { 'content-type': 'application/x-www-form-urlencoded' } })).status,
  ).toBe(400);
});
attack('R8-06', 'tokens and codes are nowhere on disk: only hashes, and the run file for its owner', async () => {
  const minted = (await (await world.asOperator('/api/tokens', json({ name: 'phone' }))).json()) as { token: string };
  const { code } = (await (await world.asOperator('/api/login-code', { method: 'POST' })).json()) as { code: string };
  const files = [world.home, `${world.home}.secret`].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  for (const path of files.filter((one) => statSync(one).isFile() && !one.endsWith('run.json')))
    for (const secret of [minted.token, code, world.token, cookie.split('=')[1] ?? '?', key])
      expect(readFileSync(path, 'latin1').includes(secret), path).toBe(false);
  expect(statSync(join(`${world.home}.secret`, 'run.json')).mode & 0o077).toBe(0);
});
attack('R8-07', 'the cookie: not for scripts, not for other sites, gone from the address', async () => {
  const { code } = (await (await world.asOperator('/api/login-code', { method: 'POST' })).json()) as { code: string };
  const login = await world.call('/api/login', json({ code }));
  const set = login.headers.get('set-cookie') ?? '';
  expect(set).not.toContain(((await login.json()) as { key: string }).key);
  expect(set).toMatch(/HttpOnly/u);
  expect(set).toMatch(/SameSite=Strict/u);
  expect(set).not.toMatch(/Domain=/u);
  expect(new URL(world.server.url).search).toBe('');
});
attack('R8-08', 'the run token after the run', async () => {
  const brief = await openServerWorld();
  const { token } = brief;
  await brief.close();
  expect((await world.call('/api/status', { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
  expect(readdirSync(`${world.home}.secret`)).toContain('run.json');
});
attack('R8-09', 'a hash taken from the database as a token', async () => {
  const { createHash } = await import('node:crypto');
  for (const token of [world.token, cookie.split('=')[1] ?? '', key, `${cookie.split('=')[1]} ${key}`]) {
    const hash = createHash('sha256').update(token).digest('hex');
    expect((await world.call('/api/status', { headers: { authorization: `Bearer ${hash}` } })).status).toBe(401);
  }
});
attack('R23-30', 'every route that answers with what CoPaw knows, asked by the operator: no key, no token, no secret', async () => {
  const secret = 'canary-route-secret-24680';
  await world.asOperator('/api/secrets/routed', { ...json({ value: secret }), method: 'PUT' });
  await world.asOperator('/api/models', json({ id: 'routed', kind: 'openai', model: 'm', keyValue: secret }));
  const keys = ['vault.key', 'audit.key'].map((name) => readFileSync(join(`${world.home}.secret`, name), 'latin1').trim());
  for (const { method, path, streams } of routes.filter((row) => row.method === 'GET')) {
    if (streams === 'always') continue;
    const text = await (await world.asOperator(pathOf(path).replace('/x', '/routed'))).text();
    for (const known of [secret, Buffer.from(secret).toString('base64'), world.token, ...keys]) expect(text.includes(known), `${method} ${path}`).toBe(false);
  }
});

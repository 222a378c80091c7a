// The API as a caller meets it: who gets in, what is refused, what streams, and the remote operator on top of it.
import { Agent, get } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { Caller } from '../core/brand.ts';
import type { AuthRequest, Refusal } from '../core/caller.ts';
import { CoPawError } from '../core/error.ts';
import type { ModelsAdmin, NewProvider, Operator, Submission } from '../core/operator.ts';
import type { Approval } from '../core/policy.ts';
import type { PlacedEvent } from '../core/turn-event.ts';
import { EventQueue } from '../lib/event-queue.ts';
import { parseSse } from '../lib/sse-parse.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createFakeSecurity } from '../testing/fake-security.ts';
import { createRemoteOperator } from './client.ts';
import { errorBody, history, modelTest } from './contract.ts';
import { compareIds } from './event-stream.ts';
import { listen } from './listen.ts';
import type { HttpApp } from './parts.ts';
import { routes } from './routes.ts';
import { createHttp } from './server.ts';
import { createSetupHttp } from './setup.ts';

const token = 'good-token';
const noUsage = { input: 0, cachedInput: 0, output: 0, reasoning: 0 };
const place = (id: string, sessionId = 's1', turnId = 't1') => ({ id, sessionId, turnId, at: 5 });
const turn: PlacedEvent[] = [
  { ...place('1'), type: 'turn-start', origin: 'operator', answerId: 'a1', resumed: false },
  { ...place('1.1'), type: 'text-delta', step: 0, text: 'Hel' },
  { ...place('1.2'), type: 'text-delta', step: 0, text: 'lo\nyou' },
  { ...place('2'), type: 'message', message: { role: 'assistant', id: 'a1', step: 0, text: 'Hello\nyou', toolCalls: [], echo: { signature: 'opaque' } } },
  { ...place('3'), type: 'turn-end', outcome: 'answered', answerId: 'a1', usage: noUsage },
];
const approval: Approval = {
  id: 'appr_1',
  plan: {
    id: 'plan_1',
    digest: 'd',
    tool: 'run_command',
    sideEffect: 'outside',
    args: { argv: ['ls'] },
    effects: [{ kind: 'run', argv: ['ls'], cwd: '.', network: true, sandboxed: true }],
    place: {
      agentId: 'main',
      sessionId: 's1',
      turnId: 't1',
      callId: 'c1',
      address: { channel: 'console', account: 'local', chat: 's1' },
      timezone: 'UTC',
      now: 1,
      sandbox: true,
    },
    origin: 'operator',
    senderId: 'operator',
    executables: [],
    sandbox: 'full',
    policyVersion: '1',
    nonce: 'n',
  },
  reason: 'It wants the network.',
  scopes: ['once', 'task'],
  warnings: [],
  state: 'pending',
  askedAt: 1,
  expiresAt: 2,
};

const none = (): Promise<never> => Promise.reject(new Error('There is none here.'));

function setUp() {
  const clock = createFakeClock();
  const log: PlacedEvent[] = [];
  const listeners = new Set<EventQueue<PlacedEvent>>();
  const submissions: Submission[] = [];
  const answers: string[] = [];
  const followed: { after?: string }[] = [];
  const summary = {
    id: 's1',
    agentId: 'main',
    address: { channel: 'console', account: 'local', chat: 's1' },
    title: 'Hi',
    createdAt: 1,
    updatedAt: 2,
    running: false,
  };
  const publish = (event: PlacedEvent): void => {
    log.push(event);
    for (const queue of listeners) queue.push(event);
  };
  const operator: Operator = {
    uploads: {
      limits: async () => ({ fileBytes: 10, messageFiles: 2, waitingFiles: 3, waitingBytes: 30, waitMs: 1000 }),
      list: async () => [],
      remove: async () => false,
      add: () => Promise.reject(new Error('no uploads here')),
    },
    async submit(input) {
      if (input.text === '') throw new CoPawError('invalid', 'The message is empty.');
      submissions.push(input);
      return { sessionId: input.sessionId, messageId: input.messageId ?? 'm1', turnId: 't1', duplicate: false };
    },
    async *events(filter, signal) {
      followed.push(filter);
      const queue = new EventQueue<PlacedEvent>(100);
      signal.addEventListener('abort', () => queue.end(), { once: true });
      for (const event of log) if (filter.after !== undefined && compareIds(event.id, filter.after) > 0) queue.push(event);
      listeners.add(queue);
      try {
        for await (const event of queue) {
          if (filter.sessionId !== undefined && filter.sessionId !== event.sessionId) continue;
          yield event;
          if (filter.turnId !== undefined && event.type === 'turn-end') return;
        }
      } finally {
        listeners.delete(queue);
      }
    },
    sessions: async ({ limit }) => [summary].slice(0, limit),
    async history(id, { limit }) {
      if (id !== 's1') throw new CoPawError('not-found', `There is no session ${id}.`);
      return { session: summary, events: turn.filter((event) => !event.id.includes('.')).slice(-limit) };
    },
    stop: async (id) => id === 's1',
    approvals: async () => [approval],
    async answer(id, decision, by) {
      if (id !== approval.id) throw new CoPawError('conflict', 'This approval is no longer pending.', { next: 'Ask again.' });
      answers.push(`${decision} ${by}`);
      return { ...approval, state: 'approved', decision, answeredBy: by };
    },
    status: async () => ({
      version: '1',
      agentId: 'main',
      model: 'offline/copaw',
      offline: true,
      sandbox: 'full',
      startedAt: 1,
      channels: [{ channel: 'fake', account: 'main' }],
      outbox: { open: 0, unknown: 1, dead: 2 },
      waiting: { approvals: 1, pairings: 0, messages: 2, answers: 3, channels: 0, proposals: 0 },
      storage: 'ok',
      openTurns: 0,
      openMessages: [],
      today: { tokens: 0, cost: 0 },
    }),
  };
  const added: NewProvider[] = [];
  const provider = { id: 'p', kind: 'openai', models: ['m'], key: 'vault', isDefault: true };
  const models: ModelsAdmin = {
    list: async () => [provider],
    detect: async () => [{ id: 'p', kind: 'openai', model: 'm', key: { env: 'KEY' }, keyValue: 'hush', found: 'environment variable KEY' }],
    async add(given) {
      added.push(given);
      return provider;
    },
    remove: async (id) => {
      if (id !== 'p') throw new Error('an internal detail');
    },
    setDefault: async () => undefined,
    test: async (ref) => ({ ref, ok: true, reports: [{ capability: 'connect', ok: true, detail: 'fine' }], info: { id: 'm' } }),
  };
  const device = { id: 'dev_1', name: 'Test', tokenHash: 'the-hash', createdAt: 1, seenAt: 1 };
  const checkHost = ({ headers }: AuthRequest): Refusal | undefined =>
    headers('host') === 'evil.example' ? { refused: 'forbidden', rule: 'R6', reason: 'Not a host of this CoPaw.' } : undefined;
  const faults: unknown[] = [];
  const app = createHttp({
    webhook: async () => undefined,
    push: {
      state: async () => ({}),
      key: async () => 'k',
      put: async () => undefined,
      remove: async () => false,
      test: async () => undefined,
      seen: () => undefined,
    },
    operator,
    file: () => Promise.reject(new Error('no files here')),
    models: () => models,
    skills: () => Promise.reject(new Error('no skills here')),
    agents: () => Promise.reject(new Error('no agents here')),
    settings: () => Promise.reject(new Error('no settings here')),
    people: () => Promise.reject(new Error('no people here')),
    metrics: async () => '# TYPE copaw_x gauge\ncopaw_x 1\n',
    ready: async () => true,
    about: { about: none, licences: none, report: none },
    logs: { page: none },
    usage: none,
    messages: () => Promise.reject(new Error('no messages here')),
    channels: () => Promise.reject(new Error('no channels here')),
    undo: () => Promise.reject(new Error('nothing to undo here')),
    learning: () => Promise.reject(new Error('no learning here')),
    sessions: () => Promise.reject(new Error('no sessions here')),
    memory: () => Promise.reject(new Error('no memory here')),
    backups: () => Promise.reject(new Error('no backups here')),
    reminders: () => Promise.reject(new Error('no reminders here')),
    permissions: () => Promise.reject(new Error('no permissions here')),
    security: async () => ({
      ...createFakeSecurity(),
      addDevice: async (name) => ({ token: 'minted', device: { id: 'dev_1', name, createdAt: 1, seenAt: 1 } }),
    }),
    commitConfig: async () => undefined,
    redact: (text) => text.replaceAll('canary', '[redacted]'),
    clock,
    version: { version: '1.2.3', commit: 'abc' },
    staticFile: async (path) => (path === 'index.html' ? { body: new TextEncoder().encode('<!doctype html>'), mediaType: 'text/html' } : undefined),
    onFault: (error) => faults.push(error),
    auth: {
      checkHost,
      async authenticate({ headers }) {
        if (headers('authorization') === `Bearer ${token}` || (headers('cookie') === 'copaw=half' && headers('x-copaw-key') === 'other-half'))
          return { kind: 'device', deviceId: 'dev_1', name: 'Test' } as Caller;
        return { refused: 'unauthenticated', rule: 'R6', reason: 'No valid credential.' };
      },
      newLoginCode: () => ({ code: 'c0de', expiresAt: 60_000 }),
      async exchange(code) {
        if (code !== 'c0de') throw new CoPawError('unauthenticated', 'This code is not valid any more.', { next: 'Run `copaw open`.' });
        return { cookie: 'half', key: 'other-half', device };
      },
      until: () => new AbortController().signal,
    },
  });
  return { app, clock, publish, listeners, submissions, answers, followed, added, faults, checkHost };
}

interface Ask {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

async function call(app: HttpApp, path: string, { method = 'GET', body, headers = {}, signal }: Ask = {}): Promise<Response> {
  return app.fetch(
    new Request(`http://127.0.0.1:8088${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    }),
  );
}

const asBearer = { authorization: `Bearer ${token}` };

async function errorOf(response: Response) {
  return errorBody.parse(await response.json()).error;
}

async function* eventsOf(response: Response): AsyncGenerator<{ id: string; event: PlacedEvent }> {
  if (!response.body) throw new Error('no body');
  for await (const { id, data } of parseSse(response.body)) yield { id, event: JSON.parse(data) };
}

describe('who gets in', () => {
  test('the public routes are exactly health, login, and what platforms call', () => {
    expect(routes.filter((row) => row.public === true).map((row) => `${row.method} ${row.path}`)).toEqual([
      'GET /api/health',
      'POST /api/login',
      'POST /hooks/{channel}/{account}',
      'GET /api/ready',
    ]);
  });

  test.each(routes.filter((row) => row.public !== true).map((row) => [row.method, row.path]))(
    '%s %s refuses a caller without credential',
    async (method, path) => {
      const { app, submissions, added } = setUp();
      for (const headers of [{}, { authorization: 'Bearer wrong' }, { cookie: 'copaw=wrong' }, { cookie: 'copaw=half' }, { 'x-copaw-key': 'other-half' }]) {
        const response = await call(app, path.replace(/\{\w+\}/g, 's1'), { method, headers, ...(method === 'GET' ? {} : { body: { text: 'x', ref: 'a/b' } }) });
        expect(response.status).toBe(401);
        expect(await errorOf(response)).toMatchObject({ code: 'unauthenticated', rule: 'R6' });
      }
      expect([...submissions, ...added]).toEqual([]);
    },
  );

  test.each(routes.map((row) => [row.method, row.path]))('%s %s refuses a foreign host, also with a credential', async (method, path) => {
    const { app } = setUp();
    const response = await call(app, path.replace(/\{\w+\}/g, 's1'), { method, headers: { ...asBearer, host: 'evil.example' } });
    expect([response.status, (await errorOf(response)).code]).toEqual([403, 'forbidden']);
  });

  test('a route that does not exist tells a stranger nothing', async () => {
    const { app } = setUp();
    expect((await call(app, '/api/secret-thing')).status).toBe(401);
    expect((await call(app, '/api/secret-thing', { headers: asBearer })).status).toBe(404);
    expect((await call(app, '/api/sessions', { method: 'HEAD' })).status).toBe(401);
    expect((await call(app, '/api/events', { method: 'HEAD', headers: asBearer })).status).toBe(404);
    expect((await call(app, '/api/%2e%2e/api/status')).status).toBe(401);
  });

  test('login exchanges a code for a cookie that scripts cannot read and a key that is in no cookie', async () => {
    const { app } = setUp();
    const dead = await call(app, '/api/login', { method: 'POST', body: { code: 'old' } });
    expect([dead.status, (await errorOf(dead)).next]).toEqual([401, 'Run `copaw open`.']);
    const response = await call(app, '/api/login', { method: 'POST', body: { code: 'c0de' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('set-cookie')).toMatch(/^copaw=half; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/);
    expect(response.headers.get('set-cookie')).not.toContain('other-half');
    expect(await response.json()).toEqual({ device: { id: 'dev_1', name: expect.any(String) }, key: 'other-half' });
  });

  test('a secret that an error would quote is taken out of it', async () => {
    const { app } = setUp();
    const response = await call(app, '/api/canary', { headers: asBearer });
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toMatch(/json/);
    expect(errorBody.parse(await response.json()).error.message).toBe('There is no route GET /api/[redacted].');
  });

  test('codes and tokens never show a hash', async () => {
    const { app } = setUp();
    const made = await call(app, '/api/tokens', { method: 'POST', body: { name: 'phone' }, headers: asBearer });
    expect(await made.json()).toEqual({ token: 'minted', device: { id: 'dev_1', name: 'phone', createdAt: 1, seenAt: 1 } });
    const code = await call(app, '/api/login-code', { method: 'POST', headers: asBearer });
    expect(await code.json()).toEqual({ code: 'c0de', expiresAt: 60_000 });
  });
});

describe('every response', () => {
  test.each(['/', '/assets/none.js', '/api/health', '/api/status', '/api/nothing', '/api/events'])('%s carries the security headers', async (path) => {
    const { app } = setUp();
    const gone = new AbortController();
    const { headers } = await call(app, path, { headers: path.includes('events') ? asBearer : {}, signal: gone.signal });
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'");
    expect(policy).toContain("require-trusted-types-for 'script'; trusted-types copaw");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('access-control-allow-origin')).toBeNull();
    if (path.startsWith('/api')) expect(headers.get('cache-control')).toBe('no-store');
    gone.abort();
  });

  test('a fault of CoPaw is reported inside and not told outside', async () => {
    const { app, faults } = setUp();
    const response = await call(app, '/api/models/other', { method: 'DELETE', headers: asBearer });
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toContain('internal detail');
    expect(faults).toEqual([new Error('an internal detail')]);
  });
});

describe('validation', () => {
  test.each([
    ['POST', '/api/sessions/s1/messages', { text: 4 }],
    ['POST', '/api/sessions/s1/messages', { text: 'x', channel: 'console' }],
    ['POST', '/api/sessions/s1/messages', { text: 'x', messageId: 'a/b' }],
    ['POST', '/api/approvals/appr_1', { decision: 'forever' }],
    ['PUT', '/api/models/default', {}],
    ['POST', '/api/models', { id: 'p', kind: 'other', model: 'm' }],
    ['POST', '/api/tokens', { name: ' ' }],
  ])('%s %s refuses %j', async (method, path, body) => {
    const { app, submissions, answers, added } = setUp();
    const response = await call(app, path, { method, body, headers: asBearer });
    expect([response.status, (await errorOf(response)).code]).toEqual([400, 'invalid']);
    expect([...submissions, ...answers, ...added]).toEqual([]);
  });

  test('a form of a foreign page, broken JSON and a huge body are refused', async () => {
    const { app, submissions } = setUp();
    const send = (body: string, type: string) =>
      app.fetch(new Request('http://127.0.0.1/api/sessions/s1/messages', { method: 'POST', body, headers: { ...asBearer, 'content-type': type } }));
    expect((await send('{"text":"hi"}', 'text/plain')).status).toBe(400);
    expect((await send('{"text":', 'application/json')).status).toBe(400);
    expect((await send(JSON.stringify({ text: 'x'.repeat(1_100_000) }), 'application/json')).status).toBe(413);
    expect(submissions).toEqual([]);
  });

  test('queries are checked and have defaults', async () => {
    const { app } = setUp();
    expect((await call(app, '/api/sessions?limit=0', { headers: asBearer })).status).toBe(400);
    expect((await call(app, '/api/sessions?size=3', { headers: asBearer })).status).toBe(400);
    expect((await call(app, '/api/events?after=x', { headers: asBearer })).status).toBe(400);
    const read = history.parse(await (await call(app, '/api/sessions/s1/messages?limit=2', { headers: asBearer })).json());
    expect(read.events.map((event) => event.id)).toEqual(['2', '3']);
  });
});

describe('messages and approvals', () => {
  test.each([
    [{ cookie: 'copaw=half', 'x-copaw-key': 'other-half' }, 'console'],
    [asBearer, 'api'],
    [{ ...asBearer, 'x-copaw-surface': 'cli' }, 'cli'],
    [{ cookie: 'copaw=half', 'x-copaw-key': 'other-half', 'x-copaw-surface': 'cli' }, 'console'],
  ])('a submission with %j comes from %s', async (headers, channel) => {
    const { app, submissions, answers } = setUp();
    const response = await call(app, '/api/sessions/s1/messages', { method: 'POST', body: { text: 'hi', messageId: 'm7' }, headers });
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ sessionId: 's1', messageId: 'm7', turnId: 't1', duplicate: false });
    expect(submissions).toEqual([{ channel, sessionId: 's1', text: 'hi', messageId: 'm7' }]);
    await call(app, '/api/approvals/appr_1', { method: 'POST', body: { decision: 'task' }, headers });
    expect(answers).toEqual([`task ${channel}:dev_1`]);
  });

  test('an answer that comes too late says so', async () => {
    const { app } = setUp();
    const response = await call(app, '/api/approvals/other', { method: 'POST', body: { decision: 'deny' }, headers: asBearer });
    expect([response.status, (await errorOf(response)).code]).toEqual([409, 'conflict']);
  });

  test('with an event-stream the turn is streamed to its end', async () => {
    const { app, publish, followed } = setUp();
    for (const event of turn) publish(event);
    const response = await call(app, '/api/sessions/s1/messages', {
      method: 'POST',
      body: { text: 'hi' },
      headers: { ...asBearer, accept: 'text/event-stream' },
    });
    const seen = [];
    for await (const { event } of eventsOf(response)) seen.push(event);
    expect(seen.map((event) => event.id)).toEqual(['1', '1.1', '1.2', '2', '3']);
    expect(followed).toEqual([{ turnId: 't1', after: '0' }]);
  });

  test('what a provider wants back never leaves the process', async () => {
    const { app, publish } = setUp();
    for (const event of turn) publish(event);
    expect(await (await call(app, '/api/sessions/s1/messages', { headers: asBearer })).text()).not.toContain('opaque');
    const stream = await call(app, '/api/events?turn=t1&after=0', { headers: asBearer });
    expect(await stream.text()).not.toContain('opaque');
  });
});

describe('the event stream', () => {
  test('resumes after Last-Event-ID, which goes before ?after', async () => {
    const { app, publish, followed } = setUp();
    for (const event of turn) publish(event);
    const response = await call(app, '/api/events?session=s1&turn=t1&after=0', { headers: { ...asBearer, 'last-event-id': '1.1' } });
    const seen = [];
    for await (const { id, event } of eventsOf(response)) seen.push([id, event.type]);
    expect(seen).toEqual([
      ['1.2', 'text-delta'],
      ['2', 'message'],
      ['3', 'turn-end'],
    ]);
    expect(followed).toEqual([{ sessionId: 's1', turnId: 't1', after: '1.1' }]);
  });

  test('never sends an event twice, even when the source does', async () => {
    const { app, publish } = setUp();
    for (const index of [0, 1, 1, 0, 2, 1, 3, 4]) publish(turn[index] ?? ({} as PlacedEvent));
    const seen = [];
    for await (const { id } of eventsOf(await call(app, '/api/events?turn=t1&after=0', { headers: asBearer }))) seen.push(id);
    expect(seen).toEqual(['1', '1.1', '1.2', '2', '3']);
  });

  test('beats every 15 seconds, and ends with the client', async () => {
    const { app, clock, listeners } = setUp();
    const gone = new AbortController();
    const response = await call(app, '/api/events', { headers: asBearer, signal: gone.signal });
    const reader = response.body?.getReader();
    const text = async () => new TextDecoder().decode((await reader?.read())?.value);
    expect(await text()).toContain(': connected');
    await clock.advance(15_000);
    expect(await text()).toBe(': heartbeat\n\n');
    await clock.advance(15_000);
    expect(await text()).toBe(': heartbeat\n\n');
    expect(listeners.size).toBe(1);
    gone.abort();
    expect((await reader?.read())?.done).toBe(true);
    expect([listeners.size, clock.waiting]).toEqual([0, 0]);
  });

  test('a reader that goes away frees its subscription', async () => {
    const { app, clock, listeners } = setUp();
    const response = await call(app, '/api/events', { headers: asBearer });
    await clock.advance(0);
    expect(listeners.size).toBe(1);
    await response.body?.cancel();
    expect([listeners.size, clock.waiting]).toEqual([0, 0]);
  });
});

describe('models and the description', () => {
  test('a key goes in and never comes out', async () => {
    const { app, added } = setUp();
    const body = { id: 'p', kind: 'openai', model: 'm', keyValue: 'sk-secret' };
    const response = await call(app, '/api/models', { method: 'POST', body, headers: asBearer });
    expect(await response.text()).not.toContain('sk-secret');
    expect(added).toEqual([body]);
    expect(await (await call(app, '/api/models/detected', { headers: asBearer })).text()).not.toContain('hush');
    const report = await call(app, '/api/models/test', { method: 'POST', body: { ref: 'p/m' }, headers: asBearer });
    expect(modelTest.parse(await report.json())).toMatchObject({ ref: 'p/m', ok: true });
  });

  test('OpenAPI lists every route of the table and nothing else', async () => {
    const { app } = setUp();
    const document = (await (await call(app, '/api/openapi.json', { headers: asBearer })).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { security?: unknown }>>;
    };
    const listed = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
    expect(listed.sort()).toEqual(routes.map((row) => `${row.method} ${row.path}`).sort());
    expect(document.openapi).toBe('3.1.0');
    expect(document.paths['/api/login']?.post?.security).toEqual([]);
    expect(document.paths['/api/status']?.get?.security).toBeUndefined();
  });
});

describe('static files', () => {
  test('serves the console, and only plain names', async () => {
    const { app } = setUp();
    const page = await call(app, '/');
    expect([page.status, page.headers.get('content-type'), await page.text()]).toEqual([200, 'text/html; charset=utf-8', '<!doctype html>']);
    for (const path of ['/.env', '/a//b', '/assets/.hidden', '/assets/..%2f..%2fconfig.json', '/index.html%00']) {
      expect([path, (await call(app, path)).status]).toEqual([path, 404]);
    }
  });

  test('says how to build the console when there is none', async () => {
    const { checkHost } = setUp();
    const app = createSetupHttp({
      notice: { text: 'n', sha256: 'h' },
      checkCode: () => false,
      accept: async () => undefined,
      staticFile: async () => undefined,
      checkHost,
      version: { version: '1', commit: 'c' },
    });
    const page = await call(app, '/');
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('npm run build')]);
  });
});

describe('setup mode', () => {
  function setUpNotice() {
    let accepted = 0;
    const languages: unknown[] = [];
    const app = createSetupHttp({
      notice: { text: '# Read me', sha256: 'abc' },
      checkCode: (code) => code === 'right',
      accept: async (language) => {
        languages.push(language);
        accepted++;
      },
      staticFile: async () => undefined,
      checkHost: setUp().checkHost,
      version: { version: '1', commit: 'c' },
    });
    return { app, languages, accepted: () => accepted };
  }

  test('health says so; the notice needs the code', async () => {
    const { app } = setUpNotice();
    expect(await (await call(app, '/api/health')).json()).toEqual({ status: 'ok', version: '1', setup: true });
    expect((await call(app, '/api/notice')).status).toBe(401);
    expect((await call(app, '/api/notice', { headers: { 'x-setup-code': 'wrong' } })).status).toBe(401);
    expect(await (await call(app, '/api/notice', { headers: { 'x-setup-code': 'right' } })).json()).toEqual({ text: '# Read me', sha256: 'abc' });
  });

  test('accepts only with the code and exactly this notice', async () => {
    const { app, accepted, languages } = setUpNotice();
    const accept = (body: unknown) => call(app, '/api/notice/accept', { method: 'POST', body });
    expect((await accept({ code: 'wrong', sha256: 'abc' })).status).toBe(401);
    expect((await accept({ code: 'right', sha256: 'other' })).status).toBe(409);
    expect((await accept({ code: 'right' })).status).toBe(400);
    expect(accepted()).toBe(0);
    expect(await (await accept({ code: 'right', sha256: 'abc' })).json()).toEqual({ accepted: true });
    expect(accepted()).toBe(1);
    expect((await accept({ code: 'right', sha256: 'abc', language: 'fr' })).status).toBe(400);
    await accept({ code: 'right', sha256: 'abc', language: 'zh' });
    expect(languages).toEqual([undefined, 'zh']);
  });

  test('nothing else is there, whatever credential is shown', async () => {
    const { app } = setUpNotice();
    const ready = await call(app, '/api/ready');
    expect([ready.status, await ready.text()]).toEqual([503, '{"ready":false}']);
    const hook = await call(app, '/hooks/webhook/main', { method: 'POST', headers: asBearer });
    expect([hook.status, (await errorOf(hook)).code]).toEqual([404, 'not-found']);
    for (const row of routes.filter(({ path }) => path !== '/api/health' && path !== '/api/ready' && !path.startsWith('/hooks/'))) {
      const response = await call(app, row.path.replace('{id}', 's1'), { method: row.method, headers: { ...asBearer, 'x-setup-code': 'right' } });
      expect([row.path, response.status, (await errorOf(response)).code]).toEqual([row.path, 403, 'notice-not-accepted']);
    }
  });
});

describe('the remote operator', () => {
  const over = (app: HttpApp) => (path: string, init?: RequestInit) =>
    Promise.resolve(
      app.fetch(new Request(`http://127.0.0.1${path}`, { ...init, headers: { ...Object.fromEntries(new Headers(init?.headers)), ...asBearer } })),
    );

  test('answers as the one in process does', async () => {
    const { app, submissions } = setUp();
    const remote = createRemoteOperator(over(app));
    expect(await remote.submit({ channel: 'cli', sessionId: 's1', text: 'hi', messageId: 'm1' })).toMatchObject({ turnId: 't1' });
    expect(submissions).toHaveLength(1);
    expect((await remote.sessions({ limit: 5 }))[0]?.id).toBe('s1');
    expect((await remote.history('s1', { limit: 2 })).events).toHaveLength(2);
    expect(await remote.stop('s1')).toBe(true);
    expect(await remote.approvals()).toEqual([approval]);
    expect((await remote.answer('appr_1', 'once', 'cli:x')).decision).toBe('once');
    expect((await remote.status()).offline).toBe(true);
    await expect(remote.history('nope', { limit: 2 })).rejects.toMatchObject({ code: 'not-found', message: 'There is no session nope.' });
    await expect(remote.answer('other', 'once', 'x')).rejects.toMatchObject({ code: 'conflict', next: 'Ask again.' });
    await expect(createRemoteOperator(async () => new Response('<html>', { status: 502 })).status()).rejects.toMatchObject({ code: 'internal' });
  });

  test('resumes after the last event when the connection drops, without gaps or repeats', async () => {
    const { app, publish, clock, followed } = setUp();
    for (const event of turn) publish(event);
    let dropped = 0;
    const flaky = async (path: string, init?: RequestInit): Promise<Response> => {
      const response = await over(app)(path, init);
      if (!path.startsWith('/api/events') || dropped++ > 2 || !response.body) return response;
      if (dropped === 2) throw new TypeError('fetch failed');
      let frames = 0;
      const cut = new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, controller) => (frames++ > 2 ? controller.error(new TypeError('terminated')) : controller.enqueue(chunk)),
      });
      return new Response(response.body.pipeThrough(cut), { headers: response.headers });
    };
    const remote = createRemoteOperator(flaky, { sleep: async () => clock.advance(1) });
    const seen: string[] = [];
    for await (const event of remote.events({ turnId: 't1', after: '0' }, new AbortController().signal)) seen.push(event.id);
    expect(seen).toEqual(['1', '1.1', '1.2', '2', '3']);
    expect(followed[0]?.after).toBe('0');
    expect(followed.length).toBeGreaterThan(2);
  });

  test('gives up when nobody answers, at once when it is refused, and quietly when told to stop', async () => {
    const waits: number[] = [];
    const sleep = async (ms: number) => void waits.push(ms);
    const drain = async (remote: Operator, signal = new AbortController().signal) => {
      for await (const _ of remote.events({}, signal)) throw new Error('no event was expected');
    };
    const down = createRemoteOperator(() => Promise.reject(new TypeError('fetch failed')), { sleep });
    await expect(drain(down)).rejects.toMatchObject({ code: 'egress-failed' });
    expect(waits.length).toBe(6);
    const { app } = setUp();
    const stranger = createRemoteOperator((path, init) => Promise.resolve(app.fetch(new Request(`http://127.0.0.1${path}`, init))), { sleep });
    await expect(drain(stranger)).rejects.toMatchObject({ code: 'unauthenticated' });
    const stopped = new AbortController();
    const quiet = drain(createRemoteOperator(over(app)), stopped.signal);
    stopped.abort();
    await expect(quiet).resolves.toBeUndefined();
  });
});

describe('the socket', () => {
  test('listens, says when the port is taken, refuses upgrades and ends open streams on close', async () => {
    const { app, listeners, clock } = setUp();
    const first = await listen(app, { host: '127.0.0.1', port: 0 });
    await expect(listen(app, { host: '127.0.0.1', port: first.port })).rejects.toMatchObject({ code: 'port-busy' });
    const base = `http://127.0.0.1:${first.port}`;
    expect((await fetch(`${base}/api/health`)).status).toBe(200);
    const upgrade = await new Promise<number | undefined>((resolve, reject) => {
      const request = get(`${base}/api/events`, { agent: new Agent(), headers: { ...asBearer, connection: 'upgrade', upgrade: 'websocket' } });
      request
        .on('response', (response) => resolve(response.statusCode))
        .on('upgrade', () => resolve(101))
        .on('error', reject);
    });
    expect(upgrade).toBe(426);
    const stream = await fetch(`${base}/api/events`, { headers: asBearer });
    const ended = stream.text().then(
      () => 'ended',
      () => 'cut',
    );
    await first.close();
    expect(['ended', 'cut']).toContain(await ended);
    await clock.advance(0);
    expect([listeners.size, clock.waiting]).toEqual([0, 0]);
  });
});

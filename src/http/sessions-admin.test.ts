// The routes and their client carry everything both ways, streams too; who acts is told, and what is not a request is none.
import { expect, test } from 'vitest';
import type { Caller } from '../core/brand.ts';
import { CoPawError } from '../core/error.ts';
import type { SessionSummary } from '../core/operator.ts';
import type { SaidMessage, SessionHit, SessionsAdmin } from '../core/sessions.ts';
import { mount } from './mount.ts';
import type { HttpParts } from './parts.ts';
import { sessionAdminRoutes } from './sessions-admin.ts';
import { createRemoteSessions } from './sessions-client.ts';

const summary: SessionSummary = {
  ...{ id: 's 1', agentId: 'main', address: { channel: 'console', account: 'local', chat: 's 1' }, title: 'T', createdAt: 1, updatedAt: 2, running: true },
  ...{ pinned: true, archived: true, copiedFrom: { kind: 'fork', sessionId: 's0', turnId: 't0' } },
};
const hit: SessionHit = { sessionId: 's1', title: 'T', seq: 7, turnId: 't1', at: 3, role: 'user', excerpt: '…' };
const message: SaidMessage = { seq: 7, turnId: 't1', at: 3, role: 'user', sender: { id: 'ana', name: 'Ana' }, text: 'hi', files: ['a.txt'] };
const accepted = { sessionId: 's1', messageId: 'm1', turnId: 't2', duplicate: false };

function setUp() {
  const calls: unknown[] = [];
  const note = <T>(by: string, what: readonly unknown[], answer: T): T => {
    calls.push([by, ...what]);
    return answer;
  };
  const admin = (by: string): SessionsAdmin => ({
    list: async () => [],
    get: async (id) => {
      if (id === 'none') throw new CoPawError('not-found', 'No.', { next: 'Look.' });
      return note(by, ['get', id], summary);
    },
    read: async (...asked) => note(by, ['read', ...asked], [message]),
    search: async (...asked) => note(by, ['search', ...asked], { titled: [summary], hits: [hit] }),
    change: async (...asked) => note(by, ['change', ...asked], summary),
    remove: async (...asked) => note(by, ['remove', ...asked], undefined),
    fork: async (...asked) => note(by, ['fork', ...asked], summary),
    regenerate: async (...asked) => note(by, ['regenerate', ...asked], accepted),
    say: async (...asked) => note(by, ['say', ...asked], { ...accepted, to: summary.address }),
    async *export(id, format) {
      yield* note(by, ['export', id, format], ['first "line"', '', '第三行']);
    },
    async importLines(lines) {
      const read: string[] = [];
      for await (const line of lines) {
        if (line === 'broken') throw new CoPawError('invalid', `Line ${read.length + 1}: broken.`);
        read.push(line);
      }
      return note(by, ['import', read.length], { sessions: [{ session: summary, messages: 4 }], lines: read.length });
    },
  });
  const app = mount(sessionAdminRoutes, { sessions: async (by: string) => admin(by) } as unknown as HttpParts, {
    checkHost: () => undefined,
    authenticate: async ({ headers }) =>
      headers('authorization') ? ({ kind: 'device', deviceId: 'dev_1', name: 'Test' } as Caller) : { refused: 'unauthenticated', rule: 'R6', reason: 'No.' },
    until: () => new AbortController().signal,
    redact: (text) => text,
    staticFile: async () => undefined,
  });
  const send = async (path: string, init: RequestInit = {}) => app.fetch(new Request(`http://127.0.0.1${path}`, init));
  const headers = { authorization: 'Bearer x', 'x-copaw-surface': 'cli' };
  const remote = createRemoteSessions((path, init = {}) => send(path, { ...init, headers: { ...Object.fromEntries(new Headers(init.headers)), ...headers } }));
  return { send, remote, calls };
}
async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}
async function all(lines: AsyncIterable<string>): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const line of lines) found.push(line);
  return found;
}

test('the client and the routes carry everything', async () => {
  const { remote, calls } = setUp();
  expect(await remote.get('s 1')).toEqual(summary);
  expect(await remote.read('s/1', { limit: 3, around: 7 })).toEqual([message]);
  expect(await remote.search({ text: 'a&b 词', limit: 5, before: 9 })).toEqual({ titled: [summary], hits: [hit] });
  expect(await remote.change('s1', { title: 'N', pinned: false })).toEqual(summary);
  await remote.remove('s1', { reminders: true });
  expect(await remote.fork('s1', 't1')).toEqual(summary);
  expect(await remote.regenerate('s1', { turnId: 't1', files: true })).toEqual(accepted);
  expect(await all(remote.export('s1', 'jsonl'))).toEqual(['first "line"', '', '第三行']);
  await expect(remote.get('none')).rejects.toMatchObject({ code: 'not-found', next: 'Look.' });
  await expect(all(remote.export('none', 'markdown'))).rejects.toMatchObject({ code: 'not-found' });
  expect(calls).toEqual(
    [
      ['get', 's 1'],
      ['read', 's/1', { limit: 3, around: 7 }],
      ['search', { text: 'a&b 词', limit: 5, before: 9 }],
      ['change', 's1', { title: 'N', pinned: false }],
      ['remove', 's1', { reminders: true }],
      ['fork', 's1', 't1'],
      ['regenerate', 's1', { turnId: 't1', files: true }],
      ['get', 's1'],
      ['export', 's1', 'jsonl'],
    ].map((call) => ['cli:dev_1', ...call]),
  );
});

test('an import may be larger than any other body, is read in steps, and a broken line comes back as it was said', async () => {
  const { remote, send, calls } = setUp();
  const long = Array.from({ length: 40 }, () => 'x'.repeat(100_000));
  expect(await remote.importLines(each(long))).toEqual({ sessions: [{ session: summary, messages: 4 }], lines: 40 });
  await expect(remote.importLines(each(['fine', 'broken', ...long]))).rejects.toMatchObject({ code: 'invalid', message: 'Line 2: broken.' });
  const headers = { authorization: 'Bearer x', 'content-type': 'application/json' };
  expect((await send('/api/sessions/import', { method: 'POST', headers })).status).toBe(400);
  expect((await send('/api/sessions/import', { method: 'POST', headers, body: 'x'.repeat(16 * 1024 * 1024 + 1) })).status).toBe(413);
  expect((await send('/api/sessions/s1/fork', { method: 'POST', headers, body: `"${'x'.repeat(2_000_000)}"` })).status).toBe(413);
  expect(calls).toEqual([['cli:dev_1', 'import', 40]]);
});

test('nobody comes without a credential, and what is not a request is none', async () => {
  const { send, calls } = setUp();
  for (const { method, path } of sessionAdminRoutes) expect((await send(path, { method })).status).toBe(401);
  const headers = { authorization: 'Bearer x', 'content-type': 'application/json' };
  const bad: readonly (readonly [string, string, string?])[] = [
    ['GET', '/api/sessions/search'],
    ['GET', '/api/sessions/search?text='],
    ['GET', '/api/sessions/search?text=a&limit=0'],
    ['GET', '/api/sessions/s1/said?around=x'],
    ['GET', '/api/sessions/s1/export?format=pdf'],
    ['PUT', '/api/sessions/s1', '{"pinned":"yes"}'],
    ['PUT', '/api/sessions/s1', '{"tainted":false}'],
    ['DELETE', '/api/sessions/s1?reminders=maybe'],
    ['POST', '/api/sessions/s1/fork', '{}'],
    ['POST', '/api/sessions/s1/regenerate', '{"turnId":""}'],
  ];
  for (const [method, path, body] of bad) expect((await send(path, { method, headers, ...(body ? { body } : {}) })).status, path).toBe(400);
  expect(calls).toEqual([]);
});

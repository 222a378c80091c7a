// The routes and their client carry everything, who acts is told, and a half answer is none.
import { expect, test } from 'vitest';
import type { Caller } from '../core/brand.ts';
import { CoPawError } from '../core/error.ts';
import type { MemoryFinding } from '../core/memory.ts';
import type { MemoryAdmin, MemoryStats, SessionSight } from '../core/memory-admin.ts';
import { memoryRoutes } from './memory.ts';
import { createRemoteMemory } from './memory-client.ts';
import { mount } from './mount.ts';
import type { HttpParts } from './parts.ts';

const list = { agentId: 'main', files: [{ path: 'memory/旅行.md', bytes: 7, modifiedAt: 5, state: 'indexed' as const }] };
const stats: MemoryStats = {
  ...{ agentId: 'main', files: 1, bytes: 7, left: [{ path: 'memory/big.md', bytes: 9, why: 'too-large' }], followed: true },
  digest: { bytes: 1, most: 2, leftNotes: 3, leftBytes: 4 },
};
const finding: MemoryFinding = {
  hits: [
    { path: 'MEMORY.md', lines: [1, 2], text: 'x', score: 1.5 },
    {
      ...{ path: 'MEMORY.md', lines: [3, 3], text: 'y', score: 1, headings: ['A'], day: '2026-01-01', superseded: '2026-02-01' },
      source: { by: 'agent', at: 4, sessionId: 's', messageId: 'm' },
    },
  ],
  read: { days: ['2026-01-01', '2026-01-02'], corrected: { a: 'b' } },
  left: [{ path: 'memory/big.md', bytes: 9, why: 'too-large' }],
};
const page = { agentId: 'main', path: 'MEMORY.md', text: 'x', hash: 'aa', modifiedAt: 5, tainted: false, fixed: 'secret' as const };
const gone = { path: 'MEMORY.md', text: 'x', lines: [1, 1] as const, trash: 'trash_1', undoId: 'edit_1' };
const sights: readonly SessionSight[] = [
  { sessionId: 's1', agentId: 'main', title: 'T', memory: 'deny', files: 'own', commands: 'ask', why: 'group' },
  { sessionId: 's2', agentId: 'main', title: '', memory: 'ask', files: 'allow', commands: 'allow', why: { rule: 'rules.0' } },
];

function setUp() {
  const calls: unknown[] = [];
  const answer = <T>(by: string, what: string, value: T) => {
    return async (...given: readonly unknown[]): Promise<T> => {
      calls.push([by, what, ...given]);
      if (given[0] === 'memory/none.md') throw new CoPawError('path-missing', 'No.', { next: 'Look.' });
      return value;
    };
  };
  const admin = (by: string): MemoryAdmin => ({
    list: answer(by, 'list', list),
    stats: answer(by, 'stats', stats),
    search: answer(by, 'search', finding),
    show: answer(by, 'show', page),
    save: answer(by, 'save', { hash: 'bb', undoId: 'edit_2' }),
    forget: answer(by, 'forget', gone),
    reindex: answer(by, 'reindex', stats),
    sight: answer(by, 'sight', sights[0] as SessionSight),
    sights: answer(by, 'sights', sights),
  });
  const app = mount(memoryRoutes, { memory: async (by: string) => admin(by) } as unknown as HttpParts, {
    checkHost: () => undefined,
    authenticate: async ({ headers }) =>
      headers('authorization') ? ({ kind: 'device', deviceId: 'dev_1', name: 'Test' } as Caller) : { refused: 'unauthenticated', rule: 'R6', reason: 'No.' },
    until: () => new AbortController().signal,
    redact: (text) => text,
    staticFile: async () => undefined,
  });
  const send = async (path: string, init: RequestInit = {}) => app.fetch(new Request(`http://127.0.0.1${path}`, init));
  const headers = { authorization: 'Bearer x', 'x-copaw-surface': 'cli' };
  const remote = createRemoteMemory((path, init = {}) => send(path, { ...init, headers: { ...Object.fromEntries(new Headers(init.headers)), ...headers } }));
  return { send, remote, calls };
}

test('the client and the routes carry everything', async () => {
  const { remote, calls } = setUp();
  const change = { path: 'memory/a b&c.md', text: 'x', hash: 'absent' };
  expect(await remote.list()).toEqual(list);
  expect(await remote.stats('other')).toEqual(stats);
  expect(await remote.search('咖啡 & tea', 7, 'other')).toEqual(finding);
  expect(await remote.show('memory/旅行.md')).toEqual(page);
  await expect(remote.show('memory/none.md')).rejects.toMatchObject({ code: 'path-missing', next: 'Look.' });
  expect(await remote.save(change, 'other')).toEqual({ hash: 'bb', undoId: 'edit_2' });
  expect(await remote.forget('MEMORY.md', '3-4')).toEqual(gone);
  expect(await remote.reindex()).toEqual(stats);
  expect(await remote.sight('s/1')).toEqual(sights[0]);
  expect(await remote.sights(9)).toEqual(sights);
  expect(calls).toEqual(
    [
      ['list', undefined],
      ['stats', 'other'],
      ['search', '咖啡 & tea', 7, 'other'],
      ['show', 'memory/旅行.md', undefined],
      ['show', 'memory/none.md', undefined],
      ['save', change, 'other'],
      ['forget', 'MEMORY.md', '3-4', undefined],
      ['reindex', undefined],
      ['sight', 's/1'],
      ['sights', 9],
    ].map((call) => ['cli:dev_1', ...call]),
  );
});

test('nobody comes without a credential, and what is not a request is none', async () => {
  const { send, calls } = setUp();
  for (const { method, path } of memoryRoutes) expect((await send(path, { method })).status, path).toBe(401);
  const headers = { authorization: 'Bearer x', 'content-type': 'application/json' };
  for (const query of [
    '?more=1',
    '/stats?more=1',
    '/search',
    '/search?q=',
    '/search?q=a&limit=0',
    '/search?q=a&limit=101',
    '/file',
    '/sight',
    '/sights?limit=201',
  ])
    expect((await send(`/api/memory${query}`, { headers })).status, query).toBe(400);
  const put = (body: string) => send('/api/memory/file', { method: 'PUT', body, headers });
  for (const body of ['{}', '{"path":"a","text":"x"}', '{"path":"","text":"x","hash":""}']) expect((await put(body)).status).toBe(400);
  for (const body of ['{}', '{"path":"a"}', '{"path":"a","note":""}', '{"path":"a","note":"x","more":1}'])
    expect((await send('/api/memory/forget', { method: 'POST', body, headers })).status).toBe(400);
  expect(calls).toEqual([]);
});

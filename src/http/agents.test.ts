// The routes about agents and their client carry everything, and say who acts.
import { expect, test } from 'vitest';
import type { AgentReport, AgentsAdmin } from '../core/agents.ts';
import { CoPawError } from '../core/error.ts';
import type { TextPage } from '../core/text-page.ts';
import { mountRoutes } from '../testing/mounted-routes.ts';
import { agentRoutes } from './agents.ts';
import { createRemoteAgents } from './agents-client.ts';

const agent: AgentReport = {
  ...{ id: 'main', name: '小助手', isDefault: true, model: 'local/small', modelProblem: 'Gone.', ownModel: 'local/small' },
  files: [
    { path: 'SOUL.md', bytes: 7, modifiedAt: 5, seenBy: ['private', 'group'], cut: true },
    { path: 'BOOTSTRAP.md', seenBy: ['private'], cut: false },
  ],
  sandbox: { kind: 'none', reason: 'r', readOnly: ['/opt'], writable: [], network: { hosts: ['a.example'], privateHosts: [], unasked: true } },
};
const page: TextPage = { agentId: 'main', path: 'SOUL.md', text: 'x', hash: 'aa', modifiedAt: 5, tainted: true };

function setUp() {
  const calls: unknown[] = [];
  const admin = (by: string): AgentsAdmin => ({
    list: async () => ({ agents: [agent], models: ['local/small'] }),
    async change(...given) {
      calls.push([by, 'change', ...given]);
      if (given[0] !== 'main') throw new CoPawError('not-found', 'There is no such agent.');
      return agent;
    },
    async show(...given) {
      calls.push([by, 'show', ...given]);
      return page;
    },
    async save(...given) {
      calls.push([by, 'save', ...given]);
      return { hash: 'bb', undoId: 'edit_1' };
    },
  });
  const mounted = mountRoutes(agentRoutes, { agents: async (by: string) => admin(by) });
  return { ...mounted, remote: createRemoteAgents(mounted.ask), calls };
}

test('the client and the routes carry everything', async () => {
  const { remote, calls } = setUp();
  expect(await remote.list()).toEqual({ agents: [agent], models: ['local/small'] });
  expect(await remote.change('main', { name: 'Ada', model: null })).toEqual(agent);
  await expect(remote.change('a/b', {})).rejects.toMatchObject({ code: 'not-found' });
  expect(await remote.show('main', 'SOUL.md')).toEqual(page);
  const draft = { path: 'SOUL.md', text: 'y', hash: 'aa' };
  expect(await remote.save('main', draft)).toEqual({ hash: 'bb', undoId: 'edit_1' });
  expect(calls).toEqual([
    ['cli:dev_1', 'change', 'main', { name: 'Ada', model: null }],
    ['cli:dev_1', 'change', 'a/b', {}],
    ['cli:dev_1', 'show', 'main', 'SOUL.md'],
    ['cli:dev_1', 'save', 'main', draft],
  ]);
});

test('nothing is public, and a half request is none', async () => {
  const { strangers, ask, calls } = setUp();
  expect(new Set(await strangers())).toEqual(new Set([401]));
  expect((await ask('/api/agents/main', { method: 'PUT', body: JSON.stringify({ name: ' ' }) })).status).toBe(400);
  expect((await ask('/api/agents/main/file', { method: 'PUT', body: JSON.stringify({ path: 'SOUL.md', text: 'x' }) })).status).toBe(400);
  expect((await ask('/api/agents/main/file')).status).toBe(400);
  expect(calls).toEqual([]);
});

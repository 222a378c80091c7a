// The routes and clients that look at a running CoPaw carry everything, and refuse what is not asked well.
import { expect, test } from 'vitest';
import type { AboutAdmin } from '../core/about.ts';
import type { ActivityPage } from '../core/activity.ts';
import type { LogPage } from '../core/log-page.ts';
import type { UsageReport } from '../core/usage.ts';
import { createFakeSecurity } from '../testing/fake-security.ts';
import { mountRoutes } from '../testing/mounted-routes.ts';
import { observeRoutes } from './observe.ts';
import { createRemoteSecurity } from './security-client.ts';
import { usageRoutes } from './usage.ts';
import { createRemoteUsage } from './usage-client.ts';

const sum = { calls: 2, input: 30, cachedInput: 10, output: 5, cost: 0.25, unpriced: 1 };
const report: UsageReport = {
  ...{ step: 'day', timezone: 'Asia/Shanghai', from: 1, to: 9, times: [{ at: 1, ...sum }], total: sum },
  ...{ agents: [{ name: 'main', ...sum }], models: [{ name: 'p/m', ...sum }], channels: [{ name: '', ...sum }] },
};
const activity: ActivityPage = {
  records: [
    { seq: 7, at: 1, kind: 'tool-call', detail: { tool: 'x', part: 1, ok: true }, subject: 'tools', outcome: 'done', agentId: 'main', sessionId: 's' },
    { seq: 6, at: 1, kind: 'login-refused', detail: {}, subject: 'access', outcome: 'refused' },
  ],
  older: 6,
};
const log: LogPage = {
  entries: [{ place: '12.34', line: { level: 'warn', time: '2026-01-05T07:00:00.000Z', event: 'part-failed', part: 1, err: { message: 'no' } } }],
  ...{ older: '12.34', newest: '12.99' },
};
const about: AboutAdmin = {
  about: async () => ({ version: '1', commit: 'c', node: '24', system: 'Linux', home: '/h', database: 5, free: 6, memory: 7, startedAt: 8 }),
  licences: async () => [{ name: 'zod', version: '4', licence: 'MIT', text: 'words' }],
  report: async () => ({ markdown: '# Report', complete: false, missing: ['Title'], problems: ['None.'] }),
};

function setUp() {
  const calls: unknown[] = [];
  const mounted = mountRoutes([...observeRoutes, ...usageRoutes], {
    about,
    security: async (by: string) => ({
      ...createFakeSecurity(),
      activity: async (query) => {
        calls.push(['activity', by, query]);
        return activity;
      },
    }),
    logs: {
      async page(query, signal) {
        calls.push(['logs', query, signal.aborted]);
        return log;
      },
    },
    usage: async () => ({
      async report(days) {
        calls.push(['usage', days]);
        return report;
      },
    }),
  });
  const get = async (path: string): Promise<unknown> => (await mounted.ask(path)).json();
  return { ...mounted, get, calls };
}

test('the clients and the routes carry everything', async () => {
  const { ask, get, calls } = setUp();
  expect(await createRemoteUsage(ask).report()).toEqual(report);
  expect(await createRemoteUsage(ask).report(30)).toEqual(report);
  const query = { limit: 5, before: 9, subject: 'tools', outcome: 'refused', agent: 'ma&in' } as const;
  expect(await createRemoteSecurity(ask).activity(query)).toEqual(activity);
  expect(await get('/api/activity')).toEqual(activity);
  expect(await get('/api/logs')).toEqual(log);
  expect(await get('/api/logs?limit=3&level=error&text=a%26b&before=1.2&after=3.4')).toEqual(log);
  expect(await get('/api/about')).toEqual(await about.about());
  expect(await get('/api/about/licences')).toEqual({ packages: await about.licences() });
  expect(await get('/api/about/report')).toEqual(await about.report());
  expect(calls).toEqual([
    ['usage', undefined],
    ['usage', 30],
    ['activity', 'cli:dev_1', query],
    ['activity', 'cli:dev_1', { limit: 50 }],
    ['logs', { limit: 200, level: 'info' }, false],
    ['logs', { limit: 3, level: 'error', text: 'a&b', before: '1.2', after: '3.4' }, false],
  ]);
});

test('nobody comes without a credential, and what is not asked well is not asked', async () => {
  const { ask, askAsStranger, calls } = setUp();
  for (const path of ['/api/usage', '/api/activity', '/api/logs', '/api/about', '/api/about/licences', '/api/about/report'])
    expect((await askAsStranger(path)).status, path).toBe(401);
  const bad = {
    usage: ['days=0', 'days=x', 'days=1.5', 'days=3651', 'by=agent'],
    activity: ['limit=0', 'limit=501', 'before=-1', 'subject=none', 'outcome=maybe', 'more=1', `agent=${'x'.repeat(101)}`],
    logs: ['limit=0', 'limit=1001', 'level=debug', 'before=x', 'after=1', 'before=1.2.3', `text=${'x'.repeat(201)}`],
  };
  for (const [path, queries] of Object.entries(bad))
    for (const query of queries) expect((await ask(`/api/${path}?${query}`)).status, `${path} ${query}`).toBe(400);
  expect(calls).toEqual([]);
});

// Tokens and cost of real turns and of what is called beside them, over the command line and HTTP; what was done leads to its conversation; the log in pages.
import { afterEach, expect, test } from 'vitest';
import { readRunFile } from '../../src/config/run-file.ts';
import type { About } from '../../src/core/about.ts';
import type { ActivityPage } from '../../src/core/activity.ts';
import type { LogPage } from '../../src/core/log-page.ts';
import { noUsage } from '../../src/core/model.ts';
import type { UsageReport } from '../../src/core/usage.ts';
import { ownServerFetch } from '../../src/security/egress-own.ts';
import { createFakeModel } from '../../src/testing/fake-model.ts';
import { usageRow } from '../../src/testing/store-rows.ts';
import { openCommandHome } from './command-line.ts';
import { openWorld } from './harness.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

test('each call of a turn is in the report, under its conversation\u2019s channel; a tool call leads to the conversation', async () => {
  let calls = 0;
  const provider = createFakeModel(() => [
    ...(++calls === 1
      ? [{ type: 'tool-call', call: { id: 'c1', name: 'write_file', input: { path: 'a.txt', content: 'a' } } } as const]
      : [{ type: 'text-delta', text: 'done' } as const]),
    { type: 'finish', reason: calls === 1 ? 'tool-calls' : 'stop', usage: { ...noUsage, input: 100, cachedInput: 40, output: 3 } },
  ]);
  const world = await openWorld({ provider });
  closing.push(() => world.close());
  const events = await world.ask('write it');
  const report = await (await world.app.admins.usage()).report(7);
  expect(report.total).toMatchObject({ calls: 2, input: 200, cachedInput: 80, output: 6 });
  expect(report.times).toHaveLength(1);
  expect(report.channels.map(({ name, calls: made }) => [name, made])).toEqual([[expect.stringMatching(/^(?:console|cli)$/u), 2]]);
  expect(report.agents.map(({ name }) => name)).toEqual(['main']);
  const { readActivity } = await import('../../src/gateway/activity.ts');
  const { records } = await readActivity(world.app.store, { limit: 10, subject: 'tools' });
  expect(records.map(({ kind, sessionId, agentId }) => [kind, sessionId, agentId])).toEqual([['tool-call', events[0]?.sessionId, 'main']]);
});

test('with and without a server: usage, activity, logs and what CoPaw is', async () => {
  const here = openCommandHome({});
  closing.push(() => here.close());
  const now = Date.now();
  await here.inStore((store) =>
    store.commit({ usage: [usageRow('p/m', now, { cost: 0.5 }), usageRow('p/m', now, { turnId: '', sessionId: '' }), usageRow('q/m', now - 40 * 86_400_000)] }),
  );
  const usage = async (...more: string[]): Promise<UsageReport> => JSON.parse((await here.run('usage', '--json', ...more)).stdout);
  const resting = await usage('--days', '30');
  expect(resting.total).toEqual({ calls: 2, input: 20, cachedInput: 8, output: 6, cost: 0.5, unpriced: 1 });
  expect((await usage()).models.map(({ name, calls }) => [name, calls])).toEqual([
    ['p/m', 2],
    ['q/m', 1],
  ]);
  expect((await here.run('usage', '--by', 'channel')).stdout).toMatch(/^\(no conversation\) +3 .*\$0\.50 and 2 of unknown cost$/mu);
  expect(await here.run('usage', '--by', 'x')).toMatchObject({ code: 2 });
  expect(await here.run('config', 'set', 'limits.dayCost', '4')).toMatchObject({ code: 0 });
  const activity = async (...more: string[]): Promise<ActivityPage> => JSON.parse((await here.run('activity', '--json', ...more)).stdout);
  expect((await activity('--about', 'settings')).records).toMatchObject([{ kind: 'config-change', subject: 'settings', outcome: 'done' }]);
  const licences = JSON.parse((await here.run('version', '--licences', '--json')).stdout) as { packages: { name: string; text: string }[] };
  for (const name of ['zod', 'hono', 'react', 'uplot']) expect(licences.packages.find((one) => one.name === name)?.text, name).toMatch(/permission/iu);

  const server = await here.start();
  const run = readRunFile(here.home);
  if (!run) throw new Error('no run file');
  expect((await usage('--days', '30')).total).toEqual(resting.total);
  expect((await activity('--about', 'settings')).records).toHaveLength(1);
  const ask = ownServerFetch(run.port, run.token);
  const get = async <T>(path: string): Promise<T> => (await (await ask(path)).json()) as T;
  const { turnId } = await server.operator.submit({ channel: 'cli', sessionId: 's', text: 'what time is it?' });
  for await (const event of server.operator.events({ turnId, after: '0' }, new AbortController().signal)) if (event.type === 'turn-end') break;
  const log = await get<LogPage>(`/api/logs?text=${turnId}&limit=2`);
  expect(log.entries.map(({ line }) => line.event)).toEqual(['turn-end', 'turn-start']);
  const rest = await get<LogPage>(`/api/logs?text=${turnId}&limit=2&before=${log.older}`);
  expect(rest.entries.map(({ line }) => line.event)).toEqual(['message-accepted']);
  expect((await here.run('logs', '--text', turnId.toUpperCase())).stdout.trim().split('\n')).toHaveLength(3);
  const about = await get<About>('/api/about');
  expect(about).toMatchObject({ home: here.home, node: process.versions.node });
  expect(about.memory).toBeGreaterThan(1_000_000);
  expect(Math.abs(about.startedAt - Date.now())).toBeLessThan(120_000);
  const report = await get<{ markdown: string; complete: boolean; missing: string[] }>('/api/about/report');
  expect(report).toMatchObject({ complete: false, missing: expect.arrayContaining(['Reproduction']) });
  expect(report.markdown).toContain(`commit ${about.commit}`);
  expect(report.markdown).not.toContain(here.home);
}, 120_000);

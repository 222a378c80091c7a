// A running CoPaw looked at from outside: numbers, readiness, `copaw status` and `copaw logs`, and what they never show.
import { afterEach, expect, test } from 'vitest';
import { readRunFile } from '../../src/config/run-file.ts';
import { noUsage } from '../../src/core/model.ts';
import { ownServerFetch } from '../../src/security/egress-own.ts';
import { createFakeChannel } from '../../src/testing/fake-channel.ts';
import { createFakeModel } from '../../src/testing/fake-model.ts';
import { outboxRow, usageRow } from '../../src/testing/store-rows.ts';
import { openCommandHome } from './command-line.ts';
import { parseExposition } from './exposition.ts';
import { openWorld } from './harness.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

test('numbers count what happened; no id, name or word from outside is in them; ready says no once CoPaw stops', async () => {
  const outside = 'outside-canary-93';
  const channel = createFakeChannel({ now: () => Date.now() });
  let calls = 0;
  const provider = createFakeModel(() => [
    ...(++calls === 1 ? [{ type: 'tool-call', call: { id: outside, name: outside, input: {} } } as const] : [{ type: 'text-delta', text: outside } as const]),
    { type: 'finish', reason: calls === 1 ? 'tool-calls' : 'stop', usage: { ...noUsage, input: 10, output: 3 } },
  ]);
  const main = { enabled: true, allow: [outside], operators: [], groups: {}, pairing: false };
  const world = await openWorld({ provider, channels: { fake: channel.factory }, config: { channels: { fake: { main } } } });
  closing.push(() => world.close());
  expect(await world.app.ready()).toBe(true);
  await channel.say(outside, { id: outside, sender: { id: outside, name: outside }, chat: { id: outside, kind: 'direct' } });
  await channel.arrived(1);
  await channel.say('no', { sender: { id: 'eve' } });

  const text = await world.app.metrics();
  expect(text).not.toContain(outside);
  const families = parseExposition(text);
  const value = (name: string, labels = ''): number | undefined => families.get(name)?.samples.get(labels);
  expect(value('copaw_messages', 'state="answered"')).toBe(1);
  expect(value('copaw_messages', 'state="failed"')).toBe(0);
  expect(value('copaw_turns_total', 'outcome="answered"')).toBe(1);
  expect(value('copaw_tool_calls_total', 'outcome="failed"')).toBe(1);
  expect(value('copaw_model_calls_total')).toBe(2);
  expect(value('copaw_model_tokens_total', 'kind="input"')).toBe(20);
  expect(value('copaw_model_tokens_total', 'kind="output"')).toBe(6);
  expect(value('copaw_turns_running')).toBe(0);
  expect(value('copaw_messages_waiting')).toBe(0);
  expect(value('copaw_database_bytes')).toBeGreaterThan(1_000);
  expect(value('process_resident_memory_bytes')).toBeGreaterThan(1_000_000);
  expect(value('process_cpu_seconds_total')).toBeGreaterThan(0);
  const delay = value('copaw_event_loop_delay_seconds') ?? -1;
  expect(delay >= 0 && delay < 10).toBe(true);
  // However much happens, there are no more series.
  const series = (families_: typeof families): number => [...families_.values()].reduce((sum, { samples }) => sum + samples.size, 0);
  await channel.say('again', { sender: { id: outside }, chat: { id: outside, kind: 'direct' } });
  await channel.arrived(2);
  expect(series(parseExposition(await world.app.metrics()))).toBe(series(families));

  // A model that is not there cannot answer.
  await world.app.config.commit('cli', [{ path: ['models', 'default'], value: 'none/model' }]);
  expect(await world.app.ready()).toBe(false);
  await world.app.config.commit('cli', [{ path: ['models', 'default'], value: undefined }]);
  expect(await world.app.ready()).toBe(true);
  const { ready } = world.app;
  await world.restart();
  expect(await ready()).toBe(false);
}, 30_000);

test('over HTTP numbers need the credential and readiness does not; status and logs with and without a server', async () => {
  const here = openCommandHome({ channels: { fake: { main: { enabled: true }, off: {} } } });
  closing.push(() => here.close());
  await here.inStore((store) =>
    store.commit({
      outbox: [outboxRow('a1', 0, { state: 'dead' }), outboxRow('a2', 0, { state: 'unknown' }), outboxRow('a3', 0, { state: 'sent' })],
      usage: [usageRow('p/m', Date.now(), { cost: 0.5 })],
    }),
  );
  const expected = {
    ...{ model: 'offline/copaw', offline: true, openTurns: 0, openMessages: [], today: { tokens: 13, cost: 0.5 } },
    ...{ channels: [{ channel: 'fake', account: 'main' }], outbox: { open: 0, unknown: 1, dead: 1 } },
    waiting: { approvals: 0, pairings: 0, messages: 0, answers: 2, channels: 0, proposals: 0 },
  };
  const status = async () => JSON.parse((await here.run('status', '--json')).stdout);
  const resting = await status();
  expect(resting).toMatchObject({ running: false, home: here.home, status: expected, errors: [] });
  expect(resting.disk.all).toBeGreaterThan(resting.disk.workspaces);
  expect(resting.disk.database).toBeGreaterThan(1_000);
  expect((await here.run('logs')).stdout).toBe('');

  const server = await here.start();
  const run = readRunFile(here.home);
  if (!run) throw new Error('no run file');
  const base = `http://127.0.0.1:${run.port}`;
  const ready = await fetch(`${base}/api/ready`);
  expect([ready.status, await ready.text()]).toEqual([200, '{"ready":true}']);
  expect((await fetch(`${base}/metrics`)).status).toBe(401);
  const answer = await ownServerFetch(run.port, run.token)('/metrics');
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(
    parseExposition(await answer.text())
      .get('copaw_outbox_parts')
      ?.samples.get('state="dead"'),
  ).toBe(1);

  const { turnId } = await server.operator.submit({ channel: 'cli', sessionId: 's', text: 'what time is it?' });
  for await (const event of server.operator.events({ turnId, after: '0' }, new AbortController().signal)) if (event.type === 'turn-end') break;
  const running = await status();
  expect(running).toMatchObject({ running: true, status: { channels: expected.channels, outbox: expected.outbox } });
  expect(Math.abs(running.status.startedAt - Date.now())).toBeLessThan(120_000);
  const shown = (await here.run('status')).stdout;
  expect(shown).toMatch(/^CoPaw +\S+, running since /mu);
  expect(shown).toMatch(/^outbox +0 on their way, 1 may have been sent, 1 given up; see `copaw outbox list`$/mu);
  const lines = (await here.run('logs', '--turn', turnId, '--json')).stdout.split('\n').slice(0, -1);
  expect(lines.map((line) => JSON.parse(line).event)).toEqual(['message-accepted', 'turn-start', 'turn-end']);
  await server.end('SIGTERM');
  expect((await here.run('logs', '--turn', turnId)).stdout.split('\n')).toHaveLength(4);
}, 120_000);

test('how much the model takes, and who said so, with and without a server', async () => {
  const provider = { kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:9', models: [{ id: 'small', contextTokens: 9_000 }, { id: 'other' }] };
  const here = openCommandHome({ models: { default: 'p/small', providers: { p: provider } } });
  closing.push(() => here.close());
  const window = async () => JSON.parse((await here.run('status', '--json')).stdout).status.window;
  expect(await window()).toEqual({ tokens: 9_000, source: 'declared' });
  await here.inStore((store) => store.modelWindows.put({ ref: 'p/small', tokens: 8_192, source: 'refusal', declared: 9_000, at: 1 }));
  expect(await window()).toEqual({ tokens: 8_192, source: 'refusal' });
  await here.run('config', 'set', 'models.default', 'p/other');
  expect((await here.run('status')).stdout).toMatch(/^model +p\/other, 32768 tokens \(assumed; set its contextTokens\)$/mu);
  await here.inStore((store) => store.modelWindows.put({ ref: 'p/other', tokens: 128_000, source: 'list', declared: 0, at: 1 }));
  const server = await here.start();
  expect((await server.operator.status()).window).toEqual({ tokens: 128_000, source: 'list' });
  expect((await here.run('status')).stdout).toMatch(/^model +p\/other, 128000 tokens \(as its provider lists it\)$/mu);
  await server.end('SIGTERM');
}, 120_000);

// Every wire API against a real loopback server: streaming, parallel calls, usage, faults, retries and abort.
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { providerConfig, providerKinds } from '../core/config.ts';
import type { ModelEvent, ModelMessage } from '../core/model.ts';
import { systemClock } from '../lib/clock.ts';
import { type ModelServer, type ModelServerReply, startModelServer } from '../testing/model-server.ts';
import { createProvider } from './provider.ts';
import { repairHistory } from './repair.ts';

const servers: ModelServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

type Kind = (typeof providerKinds)[number];
const tools = [{ name: 'read_file', description: 'Reads.', schema: { type: 'object', properties: { path: { type: 'string' } } } }];
const hello: ModelMessage = { role: 'user', text: 'Hello' };
const two = [
  { id: 'a', name: 'read_file', arguments: '{"path":"one.txt"}' },
  { id: 'b', name: 'read_file', arguments: '{"path":"two.txt"}' },
];

async function talk(
  kind: Kind,
  script: readonly ModelServerReply[],
  more: { messages?: readonly ModelMessage[]; signal?: AbortSignal; firstTokenMs?: number } = {},
) {
  const server = await startModelServer(kind, script);
  servers.push(server);
  const waits: number[] = [];
  const provider = createProvider({
    id: 'it',
    config: providerConfig.parse({ kind, baseUrl: `${server.baseUrl}/`, key: { env: 'KEY' } }),
    fetch: globalThis.fetch,
    secrets: { use: async (_ref, fn) => fn('sk-secret') },
    clock: { ...systemClock, sleep: async (ms) => void waits.push(ms) },
    firstTokenMs: more.firstTokenMs ?? 5000,
    retries: 1,
    redact: (text) => text.replaceAll('sk-secret', '[redacted]'),
  });
  const events: ModelEvent[] = [];
  const signal = more.signal ?? new AbortController().signal;
  for await (const event of provider.stream({ model: 'm', system: 'Be brief.', messages: more.messages ?? [hello], tools, cacheKey: 's1' }, signal))
    events.push(event);
  return { events, server, waits };
}

test.each(providerKinds)('%s streams text and two parallel calls with split arguments, and counts tokens', async (kind) => {
  const { events, server } = await talk(kind, [{ text: 'Let me look.', calls: two }]);
  expect(events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('')).toBe('Let me look.');
  const calls = events.flatMap((event) => (event.type === 'tool-call' ? [event.call] : []));
  expect(calls.map((call) => call.input)).toEqual([{ path: 'one.txt' }, { path: 'two.txt' }]);
  expect(new Set(calls.map((call) => call.id)).size).toBe(2);
  const finish = events.at(-1);
  expect(finish).toMatchObject({ type: 'finish', reason: 'tool-calls', usage: { input: 10, cachedInput: 4, output: 5 } });
  expect(JSON.stringify(server.requests[0]?.headers)).toContain('sk-secret');
  expect(server.requests[0]?.path).toMatch(/^\/v1/u);

  const echo = finish?.type === 'finish' ? finish.echo : undefined;
  const results = calls.map((call): ModelMessage => ({ role: 'tool', callId: call.id, name: call.name, text: `text of ${call.id}`, failed: false }));
  const again = await talk(kind, [{ text: 'Done.' }], { messages: [hello, { role: 'assistant', text: 'Let me look.', toolCalls: calls, echo }, ...results] });
  expect(again.events.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' });
  const sent = again.server.requests[0]?.body ?? '';
  for (const call of calls) expect(sent).toContain(`text of ${call.id}`);
  if (kind === 'google') expect(sent).toContain('sig-a');
  if (kind === 'anthropic') expect(sent.match(/cache_control/gu)).toHaveLength(2);
  if (kind === 'openai') expect(sent).toContain('"prompt_cache_key":"s1"');
});

test.each(['openai-compatible', 'openai', 'anthropic'] as const)('%s: arguments that are not JSON arrive as broken', async (kind) => {
  const { events } = await talk(kind, [{ calls: [{ id: 'a', name: 'read_file', arguments: '{"path": oops' }] }]);
  expect(events.find((event) => event.type === 'tool-call')).toMatchObject({ call: { name: 'read_file', input: undefined, broken: '{"path": oops' } });
});

test.each(
  providerKinds.flatMap((kind) =>
    (
      [
        ['rate', 'model-rate'],
        ['failure', 'model-overloaded'],
        ['drop', 'model-network'],
        ['broken-stream', 'model-answer'],
        ['html', 'model-answer'],
        ['auth', 'model-auth'],
      ] as const
    ).map(([fault, code]) => [kind, fault, code] as const),
  ),
)('%s: %s ends as %s', async (kind, fault, code) => {
  const { events, waits } = await talk(kind, [{ text: 'Some words to cut in the middle.', fault }]);
  expect(events.at(-1), JSON.stringify(events.at(-1))).toMatchObject({ type: 'error', failure: { code } });
  const retried = fault !== 'auth' && fault !== 'html';
  expect(events.filter((event) => event.type === 'retry')).toHaveLength(retried ? 1 : 0);
  if (fault === 'rate') expect(waits).toEqual([7000]);
  if (fault === 'html') expect(events.at(-1)).toMatchObject({ failure: { message: expect.stringContaining('web page') } });
});

test.each(providerKinds)('%s: a retry can succeed', async (kind) => {
  const { events } = await talk(kind, [{ fault: 'failure' }, { text: 'Here.' }]);
  expect(events[0]).toMatchObject({ type: 'retry', attempt: 1 });
  expect(events.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' });
});

test('silence ends as model-timeout, abort as cancelled', async () => {
  const silent = await talk('anthropic', [{ fault: 'silence' }], { firstTokenMs: 30 });
  expect(silent.events.at(-1)).toMatchObject({ type: 'error', failure: { code: 'model-timeout' } });
  const aborted = await talk('google', [{ fault: 'silence' }], { signal: AbortSignal.timeout(30) });
  expect(aborted.events).toMatchObject([{ type: 'error', failure: { code: 'cancelled' } }]);
});

test('repaired histories have exactly one result right behind each call', () => {
  const id = fc.constantFrom('a', 'b', 'c');
  const message: fc.Arbitrary<ModelMessage> = fc.oneof(
    fc.constant<ModelMessage>(hello),
    fc
      .array(id, { maxLength: 3 })
      .map((ids): ModelMessage => ({ role: 'assistant', text: '', toolCalls: ids.map((call) => ({ id: call, name: 't', input: {} })) })),
    id.map((callId): ModelMessage => ({ role: 'tool', callId, name: 't', text: 'r', failed: false })),
  );
  fc.assert(
    fc.property(fc.array(message, { maxLength: 10 }), (messages) => {
      const repaired = repairHistory(messages);
      const calls = repaired.flatMap((one) => (one.role === 'assistant' ? one.toolCalls.map((call) => call.id) : []));
      expect(new Set(calls).size).toBe(calls.length);
      const open: string[] = [];
      for (const one of repaired) {
        if (one.role === 'tool') expect(one.callId).toBe(open.shift());
        else expect(open).toEqual([]);
        if (one.role === 'assistant') open.push(...one.toolCalls.map((call) => call.id));
      }
      expect(open).toEqual([]);
      expect(repairHistory(repaired)).toEqual(repaired);
    }),
  );
});

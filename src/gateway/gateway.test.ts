import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { createContextParts } from '../agent/context-parts.ts';
import { DaySpending } from '../agent/day-spending.ts';
import type { AgentParts } from '../agent/parts.ts';
import { SystemPrompts } from '../agent/prompt.ts';
import { createTaint } from '../agent/taint.ts';
import { createVersionKeeper } from '../agent/version-keeper.ts';
import type { Admitted, JudgedPlan } from '../core/brand.ts';
import { configSchema, uploadLimits } from '../core/config.ts';
import { CoPawError } from '../core/error.ts';
import type { ModelEvent, ModelProvider, ModelRequest } from '../core/model.ts';
import { noUsage } from '../core/model.ts';
import type { Plan, PolicyGate, PolicyRequest } from '../core/policy.ts';
import type { Store } from '../core/store.ts';
import type { Tool, ToolHands } from '../core/tool.ts';
import type { PlacedEvent } from '../core/turn-event.ts';
import { systemClock } from '../lib/clock.ts';
import { createIds } from '../lib/ids.ts';
import { createFiles } from '../security/workspace-files.ts';
import { createMediaFiles } from '../store/media-files.ts';
import { openStore } from '../store/open-store.ts';
import { gatewayDefaults } from '../testing/gateway-parts.ts';
import { Approvals } from './approvals.ts';
import { Delivery } from './deliver.ts';
import { Gateway } from './gateway.ts';
import { createOperator } from './operator.ts';
import { TurnBus } from './turn-bus.ts';

type Script = (request: ModelRequest, call: number) => readonly ModelEvent[] | Promise<readonly ModelEvent[]>;
const finish = (reason: 'stop' | 'tool-calls'): ModelEvent => ({ type: 'finish', reason, usage: { ...noUsage, input: 10, output: 2 } });
const say = (text: string): ModelEvent[] => [{ type: 'text-delta', text }, finish('stop')];
const call = (name: string, input: unknown, id = `${name}-1`): ModelEvent => ({ type: 'tool-call', call: { id, name, input } });

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const ids = createIds(systemClock.now);
const planOf = (request: PolicyRequest): Plan => ({
  id: ids('plan'),
  digest: 'd',
  tool: request.tool.name,
  sideEffect: request.tool.sideEffect,
  args: request.args,
  effects: request.effects,
  place: request.place,
  origin: request.origin,
  senderId: request.sender.id,
  executables: [],
  sandbox: 'none',
  policyVersion: '1',
  nonce: 'n',
});
const allowAll: PolicyGate = {
  check: async (request) => ({ verdict: 'allow', plan: planOf(request) as JudgedPlan }),
  confirm: async (plan) => ({ verdict: 'allow', plan: plan as JudgedPlan }),
};
const askAll: PolicyGate = {
  ...allowAll,
  check: async (request) => ({ verdict: 'ask', plan: planOf(request), reason: 'because', scopes: ['once'], warnings: [] }),
};

function tools(log: string[]): Tool[] {
  const make = (name: string, sideEffect: Tool['sideEffect'], run: (hands: ToolHands) => Promise<string> | string): Tool => ({
    name,
    description: name,
    sideEffect,
    input: z.strictObject({ text: z.string().optional() }),
    effects: () => [],
    run: async (_args, hands) => {
      log.push(name);
      return { text: await run(hands) };
    },
  });
  return [
    make('look', 'none', () => 'seen'),
    make('act', 'outside', () => 'done'),
    make('long', 'none', () => 'x'.repeat(40_000)),
    { ...make('rewrite', 'workspace', () => 'done'), run: async () => ({ text: 'done', diff: '+line\n'.repeat(100_000) }) },
    make('fail', 'workspace', () => {
      throw new CoPawError('tool-failed', 'It broke.', { next: 'Mend it.' });
    }),
  ];
}

async function world(script: Script, options: { gate?: PolicyGate; folder?: string; store?: Store } = {}) {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'copaw-gateway-'));
  if (options.folder === undefined) closing.push(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'workspace'), { recursive: true });
  const store = options.store ?? (await openStore(join(folder, 'copaw.db')));
  closing.push(() => store.close());
  const requests: ModelRequest[] = [];
  const provider: ModelProvider = {
    models: async () => [],
    async *stream(request, signal) {
      requests.push(request);
      const events = await script(request, requests.length);
      for (const event of events) {
        await Promise.resolve();
        if (signal.aborted) {
          yield { type: 'error', failure: { code: 'cancelled', message: 'Stopped.', retryable: true } };
          return;
        }
        yield event;
      }
    },
  };
  const ran: string[] = [];
  const faults: unknown[] = [];
  const turned: string[] = [];
  const bus = await TurnBus.open(store, systemClock, (text) => text);
  const approvals = new Approvals({ store: store.approvals, clock: systemClock, ids, minutes: () => 1 });
  const delivery = new Delivery({ store: store.outbox, clock: systemClock, channel: () => undefined });
  const files = createFiles({ root: join(folder, 'workspace'), trash: join(folder, 'trash'), clock: systemClock, ids });
  const spending = new DaySpending(store.usage);
  const taint = createTaint({ store, files: () => files, clock: systemClock });
  const agent: AgentParts = {
    store,
    clock: systemClock,
    ...createContextParts({ store, clock: systemClock }),
    prompts: new SystemPrompts(),
    spending,
    taint,
    versions: createVersionKeeper({ store, files: () => files, taint, clock: systemClock, keep: () => ({ days: 1, megabytes: 1 }) }),
    model: () => ({ ref: 'fake/model', provider, info: { id: 'model' } }),
    tools: new Map(tools(ran).map((tool) => [tool.name, tool])),
    gate: options.gate ?? allowAll,
    ask: (turn, asked, io) => approvals.ask(turn, asked, io),
    hands: (plan, live) => ({ place: plan.place, ...live }) as ToolHands,
    audit: async () => undefined,
    redact: (text) => text,
    log: () => undefined,
    memoryDigest: async () => '',
    hearing: () => undefined,
    seesMemory: () => true,
    files: () => files,
    settings: () => ({ stepLimit: 6, turnTokens: 1_000, dayTokens: 100_000, dayCost: 1, timezone: 'UTC' }),
    sandboxed: () => true,
  };
  const gateway = new Gateway({
    store,
    bus,
    agent,
    ids,
    delivery,
    admit: async (envelope) =>
      envelope.channel === 'stranger'
        ? { admitted: false, rule: 'R9', reason: 'stranger' }
        : { admitted: true, envelope: { ...envelope, origin: 'operator' } as Admitted },
    turnAway: async (envelope, { rule }) => void turned.push(`${rule} ${envelope.inbound.sender.id}`),
    answerApproval: async () => 'answered',
    ...gatewayDefaults(store, agent),
    agentId: () => 'main',
    parallelTurns: () => 4,
    onFault: (error) => faults.push(error),
  });
  const operator = createOperator({
    store,
    gateway,
    bus,
    approvals,
    clock: systemClock,
    ids,
    version: '0',
    redact: (text: string) => text,
    agentId: () => 'main',
    model: agent.model,
    window: (model) => agent.modelWindows.of(model),
    media: createMediaFiles({ folder: join(folder, 'media'), clock: systemClock, ids, limits: () => uploadLimits(configSchema.parse({})) }),
    files: () => files,
    sandbox: () => 'none',
    channels: () => ({}),
    connections: () => [],
    startedAt: 0,
    today: () => spending.today(systemClock.now(), 'UTC'),
  });
  const ask = async (text: string, onEvent: (event: PlacedEvent) => unknown = () => undefined, messageId?: string): Promise<PlacedEvent[]> => {
    const { turnId } = await operator.submit({ channel: 'cli', sessionId: 's', text, ...(messageId === undefined ? {} : { messageId }) });
    const events: PlacedEvent[] = [];
    for await (const event of operator.events({ turnId, after: '0' }, new AbortController().signal)) {
      events.push(event);
      await onEvent(event);
    }
    return events;
  };
  return { store, operator, gateway, bus, requests, ran, faults, ask, files, folder, turned };
}

const kinds = (events: readonly PlacedEvent[]): string[] =>
  events.map((event) => event.type).filter((type) => !type.endsWith('-delta') && type !== 'draft-reset');
const endOf = (events: readonly PlacedEvent[]) => events.find((event) => event.type === 'turn-end');

describe('the path of a message', () => {
  test('a message is answered, stored once, and its row is terminal', async () => {
    const { ask, store, faults } = await world(() => say('hello'));
    const events = await ask('hi', undefined, 'm1');
    expect(kinds(events)).toEqual(['turn-start', 'message', 'message', 'turn-end']);
    expect(endOf(events)).toMatchObject({ outcome: 'answered', usage: { input: 10, output: 2 } });
    expect(await store.inbox.open()).toEqual([]);
    expect(await store.turns.open()).toEqual([]);
    expect((await store.outbox.ofAnswer(endOf(events)?.answerId ?? ''))[0]).toMatchObject({ state: 'sent', outgoing: { text: 'hello' } });
    expect(faults).toEqual([]);
  });

  test('the same message id again is the same message', async () => {
    const { ask, operator, requests } = await world(() => say('hello'));
    const [first] = await ask('hi', undefined, 'm1');
    expect(await operator.submit({ channel: 'cli', sessionId: 's', text: 'hi', messageId: 'm1' })).toMatchObject({ duplicate: true, turnId: first?.turnId });
    expect(requests).toHaveLength(1);
  });

  test('a person whose conversation is full is told so, and nothing that was accepted is lost', async () => {
    const { promise: go, resolve } = Promise.withResolvers<void>();
    const { gateway, store, requests, turned, operator } = await world(async () => {
      await go;
      return say('done');
    });
    const inbox = gateway.inbox('chat', 'local');
    const message = (n: number) => ({
      kind: 'message' as const,
      id: `m${n}`,
      chat: { id: 'c', kind: 'direct' as const },
      sender: { id: 'ana' },
      at: 1,
      text: `word ${n}`,
    });
    for (let n = 0; n < 40; n++) await inbox.receive(message(n));
    const taken = (await store.inbox.page({ limit: 100 })).map(({ envelope }) => envelope.inbound.id);
    expect(turned).toEqual(Array.from({ length: 40 - taken.length }, () => 'R11 ana'));
    expect(taken).toHaveLength(33);
    await expect(operator.submit({ channel: 'cli', sessionId: 'other', text: 'hi' })).resolves.toMatchObject({ duplicate: false });
    resolve();
    await vi.waitFor(async () => expect(await store.inbox.open()).toEqual([]));
    expect(JSON.stringify(requests.at(-1)?.messages)).toContain('word 32');
    await inbox.receive(message(39));
    await vi.waitFor(async () => expect(JSON.stringify(requests.at(-1)?.messages)).toContain('word 39'));
  });

  test('a refused stranger leaves no text and starts no turn', async () => {
    const { gateway, store, requests, turned } = await world(() => say('never'));
    await gateway
      .inbox('stranger', 'local')
      .receive({ kind: 'message', id: '1', text: 'canary', chat: { id: 'c', kind: 'direct' }, sender: { id: 'x' }, at: 0 });
    expect(await store.inbox.get('stranger:local:c:1')).toBeUndefined();
    expect(turned).toEqual(['R9 x']);
    expect(requests).toEqual([]);
  });

  test('parallel calls run, their results go back in one request, the answer follows', async () => {
    const { ask, requests, ran } = await world((_request, count) =>
      count === 1 ? [call('look', {}, 'a'), call('act', {}, 'b'), finish('tool-calls')] : say('both done'),
    );
    const events = await ask('go');
    expect(kinds(events)).toEqual(['turn-start', 'message', 'message', 'tool-start', 'tool-end', 'tool-start', 'tool-end', 'message', 'turn-end']);
    expect(ran).toEqual(['look', 'act']);
    expect(requests[1]?.messages.filter((message) => message.role === 'tool')).toHaveLength(2);
  });

  test('unknown tools, broken arguments and failures are results the model reads', async () => {
    const broken: ModelEvent = { type: 'tool-call', call: { id: 'x', name: 'look', input: undefined, broken: '{"te' } };
    const { ask, requests } = await world((_request, count) =>
      count === 1 ? [call('nothing', {}), broken, call('look', { extra: 1 }, 'y'), call('fail', {}), finish('tool-calls')] : say('ok'),
    );
    const events = await ask('go');
    expect(events.filter((event) => event.type === 'tool-end').map((event) => [event.outcome, event.code])).toEqual([
      ['failed', 'tool-unknown'],
      ['failed', 'tool-arguments'],
      ['failed', 'tool-arguments'],
      ['failed', 'tool-failed'],
    ]);
    expect(requests[1]?.messages.at(-1)).toMatchObject({ role: 'tool', failed: true, text: 'It broke. Mend it.' });
  });

  test('attack: a diff of any length stays short in the journal, and says how much is missing', async () => {
    const { ask } = await world((_request, count) => (count === 1 ? [call('rewrite', {}), finish('tool-calls')] : say('ok')));
    const end = (await ask('go')).find((event) => event.type === 'tool-end');
    expect(end?.type === 'tool-end' && end.diff?.length).toBeLessThan(65_000);
    expect(end?.type === 'tool-end' && end.diff).toContain('[536000 characters cut]');
  });

  test('a long result is capped and kept whole as a file the agent can read on', async () => {
    const { ask, files } = await world((_request, count) => (count === 1 ? [call('long', {}), finish('tool-calls')] : say('ok')));
    const end = (await ask('go')).find((event) => event.type === 'tool-end');
    expect(end?.text.length).toBeLessThan(17_000);
    expect(await files.readText(end?.fullText ?? '')).toHaveLength(40_000);
  });

  test('a model failure ends the turn in a clear, stored notice', async () => {
    const { ask } = await world(() => [
      { type: 'text-delta', text: 'par' },
      { type: 'error', failure: { code: 'model-network', message: 'The connection broke.', next: 'Try again.', retryable: true } },
    ]);
    const events = await ask('hi');
    expect(endOf(events)).toMatchObject({ outcome: 'failed' });
    expect(events.find((event) => event.type === 'notice')).toMatchObject({ code: 'model-network', text: 'The connection broke.', next: 'Try again.' });
  });

  test('the tokens of a model call that failed are counted', async () => {
    const { ask, store } = await world(() => [
      { type: 'error', failure: { code: 'model-network', message: 'The connection broke.', retryable: true }, usage: { ...noUsage, input: 70, output: 3 } },
    ]);
    expect(endOf(await ask('hi'))).toMatchObject({ outcome: 'failed', usage: { input: 70, output: 3 } });
    expect(await store.usage.since(0)).toMatchObject([{ calls: 1, input: 70, output: 3 }]);
  });

  test('the step limit and the turn budget end a runaway with a notice', async () => {
    const steps = await world((_request, count) => [
      call('look', { text: String(count) }, `c${count}`),
      { type: 'finish', reason: 'tool-calls', usage: noUsage },
    ]);
    expect((await steps.ask('go')).find((event) => event.type === 'notice')).toMatchObject({ code: 'step-limit' });
    const tokens = await world((_request, count) => [
      call('look', { text: String(count) }, `c${count}`),
      { type: 'finish', reason: 'tool-calls', usage: { ...noUsage, input: 600 } },
    ]);
    const events = await tokens.ask('go');
    expect(events.find((event) => event.type === 'notice')).toMatchObject({ code: 'budget-turn' });
    expect(tokens.requests).toHaveLength(2);
  });
});

test('one message delivered twice at once is answered once', async () => {
  const { operator, store, requests } = await world(() => say('hello'));
  const message = { channel: 'cli' as const, sessionId: 's', text: 'hi', messageId: 'm1' };
  const both = await Promise.all([operator.submit(message), operator.submit(message)]);
  expect(both.map(({ duplicate }) => duplicate).sort()).toEqual([false, true]);
  const turnId = both.find(({ duplicate }) => !duplicate)?.turnId ?? '';
  for await (const _ of operator.events({ turnId, after: '0' }, new AbortController().signal));
  expect(requests).toHaveLength(1);
  expect(await store.inbox.open()).toEqual([]);
});

describe('the gate on the path', () => {
  const once: Script = (_request, count) => (count === 1 ? [call('act', {}), finish('tool-calls')] : say('after'));

  test('a throwing gate means the tool does not run', async () => {
    const { ask, ran } = await world(once, { gate: { check: () => Promise.reject(new Error('boom')), confirm: () => Promise.reject(new Error('boom')) } });
    expect((await ask('go')).find((event) => event.type === 'tool-end')).toMatchObject({ outcome: 'denied' });
    expect(ran).toEqual([]);
  });

  test('an approval runs the call; the answer is in the log', async () => {
    const { ask, ran, operator } = await world(once, { gate: askAll });
    const events = await ask('go', (event) => (event.type === 'approval-request' ? operator.answer(event.approval.id, 'once', 'test') : undefined));
    expect(kinds(events)).toContain('approval-answer');
    expect(ran).toEqual(['act']);
  });

  test('a no, an unoffered scope and a second answer do nothing', async () => {
    const { ask, ran, operator } = await world(once, { gate: askAll });
    await ask('go', async (event) => {
      if (event.type !== 'approval-request') return;
      await expect(operator.answer(event.approval.id, 'always', 'test')).rejects.toMatchObject({ code: 'invalid' });
      await operator.answer(event.approval.id, 'deny', 'test');
      await expect(operator.answer(event.approval.id, 'once', 'test')).rejects.toMatchObject({ code: 'conflict' });
    });
    expect(ran).toEqual([]);
  });

  test('a plan that changed after its approval does not run', async () => {
    const { ask, ran, operator } = await world(once, {
      gate: { ...askAll, confirm: async () => ({ verdict: 'deny', rule: 'R15', reason: 'the plan changed' }) },
    });
    const events = await ask('go', (event) => (event.type === 'approval-request' ? operator.answer(event.approval.id, 'once', 'test') : undefined));
    expect(events.find((event) => event.type === 'tool-end')).toMatchObject({ outcome: 'denied', code: 'R15' });
    expect(ran).toEqual([]);
  });

  test('stop ends a turn that waits for an approval', async () => {
    const { ask, ran, operator } = await world(once, { gate: askAll });
    const events = await ask('go', (event) => (event.type === 'approval-request' ? operator.stop('s') : undefined));
    expect(endOf(events)).toMatchObject({ outcome: 'cancelled' });
    expect(ran).toEqual([]);
  });
});

describe('steering, stopping and crashes', () => {
  test('a message during a turn joins it before the next model step', async () => {
    let joined: Promise<unknown> = Promise.resolve();
    const { ask, operator, requests, store } = await world(async (_request, count) => {
      if (count === 1) joined = operator.submit({ channel: 'cli', sessionId: 's', text: 'and this' });
      await joined;
      return count === 1 ? say('first') : say('both');
    });
    const events = await ask('do that');
    expect(kinds(events)).toEqual(['turn-start', 'message', 'message', 'message', 'message', 'turn-end']);
    expect(requests[1]?.messages.at(-1)?.text).toContain('and this');
    expect(await store.inbox.open()).toEqual([]);
    // A chat sees the answer alone, so it holds what was said before the message joined.
    const answerId = events.flatMap((event) => (event.type === 'turn-end' ? [event.answerId] : []))[0] ?? '';
    expect((await store.outbox.ofAnswer(answerId)).map(({ outgoing }) => outgoing.text)).toEqual(['first\n\nboth']);
  });

  test('the bare word stop ends the running turn', async () => {
    const { ask, operator } = await world(async () => {
      await operator.submit({ channel: 'cli', sessionId: 's', text: 'stop' });
      return say('too late');
    });
    expect(endOf(await ask('go'))).toMatchObject({ outcome: 'cancelled' });
  });

  test('a turn cut off by a crash is answered once; what may have happened is not repeated', async () => {
    let reached: () => void = () => undefined;
    const acting = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const first = await world((_request, count) => (count === 1 ? [call('act', {}), finish('tool-calls')] : new Promise(() => reached())));
    await first.operator.submit({ channel: 'cli', sessionId: 's', text: 'go', messageId: 'm' });
    await acting;
    const copy = join(first.folder, 'crashed.db');
    await first.store.backup(copy);
    const store = await openStore(copy);
    const second = await world(() => say('recovered'), { folder: first.folder, store });
    await second.gateway.recover();
    const turn = (await store.inbox.get('cli:local:s:m'))?.turnId ?? '';
    const events: PlacedEvent[] = [];
    for await (const event of second.operator.events({ turnId: turn, after: '0' }, new AbortController().signal)) events.push(event);
    expect(second.ran).toEqual([]);
    expect(kinds(events)).toEqual(['turn-start', 'message', 'message', 'tool-start', 'tool-end', 'turn-start', 'message', 'turn-end']);
    expect(await store.turns.open()).toEqual([]);
    expect(await store.inbox.open()).toEqual([]);
  });

  test('an outside call in flight at a crash is reported as unknown, never run again', async () => {
    const { store, gateway, operator, ran } = await world(() => say('I was interrupted'));
    const plan = {
      id: 't1',
      sessionId: 's',
      agentId: 'main',
      address: { channel: 'cli', account: 'local', chat: 's' },
      origin: 'operator',
      sender: { id: 'operator' },
      answerId: 'a1',
      startedAt: 1,
    } as const;
    const at = { sessionId: 's', turnId: 't1', at: 1 };
    await store.commit({
      session: { id: 's', agentId: 'main', key: 'k', address: plan.address, title: '', tainted: false, createdAt: 1, updatedAt: 1 },
      turn: plan,
      entries: [
        { ...at, event: { type: 'turn-start', origin: 'operator', answerId: 'a1', resumed: false } },
        {
          ...at,
          event: { type: 'message', message: { role: 'assistant', id: 'a1', step: 0, text: '', toolCalls: [{ id: 'act-1', name: 'act', input: {} }] } },
        },
        { ...at, event: { type: 'tool-start', callId: 'act-1', name: 'act', args: {} } },
      ],
      steps: [{ turnId: 't1', kind: 'tool', ref: 'act-1', sideEffect: 'outside', state: 'started', at: 1 }],
    });
    await gateway.recover();
    const events: PlacedEvent[] = [];
    for await (const event of operator.events({ turnId: 't1', after: '0' }, new AbortController().signal)) events.push(event);
    expect(events.find((event) => event.type === 'tool-end')).toMatchObject({ outcome: 'unknown' });
    expect(endOf(events)).toMatchObject({ outcome: 'answered' });
    expect(ran).toEqual([]);
  });

  test('attack: a turn whose entries no memory holds is given up after its resumes, without loading them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'copaw-gateway-'));
    const real = await openStore(join(folder, 'copaw.db'));
    const ofTurn = async (): Promise<never> => {
      throw new Error('out of memory');
    };
    const store: Store = { ...real, entries: { ...real.entries, ofTurn } };
    const { gateway, requests } = await world(() => say('never'), { folder, store });
    closing.push(() => rmSync(folder, { recursive: true, force: true }));
    const address = { channel: 'cli', account: 'local', chat: 's' };
    const start = (resumed: boolean) => ({
      sessionId: 's',
      turnId: 't1',
      at: 1,
      event: { type: 'turn-start', origin: 'operator', answerId: 'a1', resumed } as const,
    });
    await store.commit({
      session: { id: 's', agentId: 'main', key: 'k', address, title: '', tainted: false, createdAt: 1, updatedAt: 1 },
      turn: { id: 't1', sessionId: 's', agentId: 'main', address, origin: 'operator', sender: { id: 'operator' }, answerId: 'a1', startedAt: 1 },
      entries: [start(false), start(true), start(true), start(true)],
    });
    await gateway.recover();
    await expect.poll(() => store.turns.open()).toEqual([]);
    expect(JSON.stringify(await store.entries.tail('s', 20))).toContain('interrupted again and again');
    expect(requests).toEqual([]);
  });

  test('a due reminder is delivered verbatim without a model call, once', async () => {
    const { gateway, store, requests, ask } = await world(() => say('ok'));
    await ask('hi');
    const inbox = gateway.inbox('schedule', 'local');
    const due = { kind: 'command', name: 'remind', text: 'stretch', id: 'job1@5', chat: { id: 's', kind: 'direct' }, sender: { id: 'job1' }, at: 5 } as const;
    await inbox.receive(due);
    await inbox.receive(due);
    const said = (await store.entries.tail('s', 50)).flatMap(({ event }) =>
      event.type === 'message' && event.message.role === 'assistant' ? [event.message.text] : [],
    );
    expect(said).toEqual(['ok', '⏰ stretch']);
    expect(requests).toHaveLength(1);
  });
});

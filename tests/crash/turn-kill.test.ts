// kill -9 of the real server in the middle of a turn, then a start on the same home: the message is answered exactly once and nothing is done twice.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Accepted, Submission } from '../../src/core/operator.ts';
import type { InboxRow } from '../../src/core/session.ts';
import type { PlacedEvent } from '../../src/core/turn-event.ts';
import { compareIds } from '../../src/http/event-stream.ts';
import { probeSandbox } from '../../src/security/process.ts';
import { type ModelServer, type ModelServerReply, type ModelServerScript, startModelServer } from '../../src/testing/model-server.ts';
import { type CommandHome, openCommandHome, processesWith, type Started } from '../app/command-line.ts';
import { only, spoken } from '../app/events.ts';

const sandboxed = (await probeSandbox()).kind !== 'none';
const never = new Promise<never>(() => undefined);
const message = { channel: 'api', sessionId: 's', text: 'do it', messageId: 'm1' } as const;
const steering = { channel: 'api', sessionId: 's', text: 'and that', messageId: 'm2' } as const;
const call = (name: string, input: object): ModelServerReply => ({ text: 'I try.', calls: [{ id: `${name}-1`, name, arguments: JSON.stringify(input) }] });

let model: ModelServer;
let home: CommandHome;
beforeAll(async () => {
  model = await startModelServer('openai-compatible', []);
});
afterAll(() => model.close());
beforeEach(() => {
  home = openCommandHome({
    models: { default: 'it/m', providers: { it: { kind: 'openai-compatible', baseUrl: model.baseUrl, models: [{ id: 'm' }] } }, retries: 0 },
  });
});
afterEach(async () => {
  await home.close();
  expect(processesWith(home.home)).toEqual([]);
});

/** The first event of the conversation that matches. */
async function seen(server: Started, matches: (event: PlacedEvent) => boolean): Promise<PlacedEvent> {
  const enough = new AbortController();
  for await (const event of server.operator.events({ sessionId: 's', after: '0' }, enough.signal)) {
    if (!matches(event)) continue;
    enough.abort();
    return event;
  }
  throw new Error('the stream ended without the event');
}

/** A server whose only message was accepted; when `moment` has come it is killed, and nothing of it is left. */
async function killedAt(script: ModelServerScript, moment: (server: Started) => Promise<unknown>): Promise<Accepted> {
  model.play(script);
  const server = await home.start();
  const accepted = await server.operator.submit(message);
  expect(accepted.duplicate).toBe(false);
  await moment(server);
  await server.end('SIGKILL');
  // The kernel ends the sandbox when its parent is gone; it may take a moment until it is reaped.
  await expect.poll(() => processesWith(home.home)).toEqual([]);
  return accepted;
}

/** Starts again, waits for the end of the turn, and checks all that holds wherever the kill fell. */
async function recovered(script: readonly ModelServerReply[], onEvent: (event: PlacedEvent, server: Started) => unknown = () => undefined) {
  model.play(script);
  const server = await home.start();
  await seen(server, (event) => {
    void onEvent(event, server);
    return event.type === 'turn-end';
  });
  const asked = model.requests.length;
  const { session, events } = await server.operator.history('s', { limit: 500 });
  expect(session.title).toBe(message.text);
  const kinds = events.map((event) => event.type);
  expect(new Set(events.map((event) => event.turnId)).size, kinds.join(' ')).toBe(1);
  expect(events.map(({ id }) => id)).toEqual(events.map(({ id }) => id).toSorted(compareIds));
  expect(events.filter((event) => event.type === 'message' && event.message.role === 'user')).toMatchObject([{ message: { text: message.text } }]);

  const [start] = only(events, 'turn-start');
  expect(only(events, 'turn-end')).toMatchObject([{ outcome: 'answered', answerId: start?.answerId }]);
  const said = spoken(events);
  expect(new Set(said.map(({ id }) => id))).toEqual(new Set([start?.answerId]));
  expect(said.filter(({ toolCalls }) => toolCalls.length === 0)).toHaveLength(1);
  expect(said.map(({ step }) => step)).toEqual(said.map((_, index) => index));
  const called = said.flatMap(({ toolCalls }) => toolCalls.map(({ id }) => id));
  expect(only(events, 'tool-end').map(({ callId }) => callId)).toEqual(called);

  expect(await server.operator.submit(message)).toMatchObject({ duplicate: true, turnId: events[0]?.turnId });
  expect((await server.operator.status()).openMessages).toEqual([]);
  expect(await server.operator.approvals()).toEqual([]);
  const second = await home.run('start', '--no-open', '--port', '0', '--json', '--accept-security');
  expect([second.code, JSON.parse(second.stdout)]).toMatchObject([3, { error: { code: 'home-locked' } }]);
  expect((await server.operator.history('s', { limit: 500 })).events).toEqual(events);
  expect(processesWith(home.home)).toEqual([String(server.pid)]);
  await server.end('SIGTERM');
  expect(model.requests).toHaveLength(asked);
  await home.inStore(async (store) => {
    expect(await store.turns.open()).toEqual([]);
    expect(await store.inbox.open()).toEqual([]);
    expect((await store.outbox.ofAnswer(start?.answerId ?? '')).map(({ state, outgoing }) => [state, outgoing.text])).toEqual([['sent', said.at(-1)?.text]]);
  });
  return { events, said };
}

/** After a kill behind the first answer: the steering message is answered too, and the first one is not asked about again. */
async function expectBothAnswered(): Promise<void> {
  model.play([{ text: 'And that.' }]);
  const server = await home.start();
  await seen(server, (event) => event.type === 'turn-end');
  const { events } = await server.operator.history('s', { limit: 500 });
  const said = events.flatMap((event) => (event.type === 'message' ? [`${event.message.role}: ${event.message.text}`] : []));
  expect(said).toEqual(['user: do it', 'assistant: Read me.', 'user: and that', 'assistant: And that.']);
  expect(only(events, 'turn-end')).toMatchObject([{ outcome: 'answered' }]);
  expect(model.requests).toHaveLength(1);
  expect(model.requests[0]?.body).toContain(steering.text);
  for (const one of [message, steering]) expect(await server.operator.submit(one)).toMatchObject({ duplicate: true, turnId: events[0]?.turnId });
  expect((await server.operator.status()).openMessages).toEqual([]);
  await server.end('SIGTERM');
  const answers = events.flatMap((event) => (event.type === 'turn-end' ? [event.answerId] : []));
  await home.inStore(async (store) => {
    expect(await store.turns.open()).toEqual([]);
    expect((await store.outbox.ofAnswer(answers[0] ?? '')).map(({ outgoing }) => outgoing.text)).toEqual(['Read me.\n\nAnd that.']);
  });
}

/** Control groups that a dead server made. */
function groupsOf(pid: number): readonly string[] {
  return ['/sys/fs/cgroup/pids', '/sys/fs/cgroup/memory', '/sys/fs/cgroup']
    .filter((root) => existsSync(root))
    .flatMap((root) => readdirSync(root, { encoding: 'utf8' }).filter((name) => name.startsWith(`copaw-${pid}-`)));
}

describe('killed', () => {
  test('while the model streams', async () => {
    await killedAt([{ text: 'A long answer that never ends.', hold: never }], (server) => seen(server, (event) => event.type === 'text-delta'));
    const { events, said } = await recovered([{ text: 'All of it.' }]);
    expect(said.map(({ text }) => text)).toEqual(['All of it.']);
    expect(only(events, 'turn-start').map(({ resumed }) => resumed)).toEqual([false, true]);
    expect(model.requests).toHaveLength(1);
  });

  test('right after the message was accepted', async () => {
    await killedAt([{ fault: 'silence' }], async () => undefined);
    const { said } = await recovered([{ text: 'Here.' }]);
    expect(said.map(({ text }) => text)).toEqual(['Here.']);
    expect(model.requests).toHaveLength(1);
  });

  test.skipIf(!sandboxed)('while a command with a side effect runs', async () => {
    const mark = `mark-${process.pid}`;
    const command = `echo once >> ran.txt; echo > ${mark}; echo started; exec tail -f ${mark}`;
    let pid = 0;
    await killedAt([call('run_command', { command })], async (server) => {
      pid = server.pid;
      await seen(server, (event) => event.type === 'tool-progress' && event.text.includes('started'));
      expect(processesWith(mark).length).toBeGreaterThan(0);
    });
    await expect.poll(() => processesWith(mark)).toEqual([]);
    const { events, said } = await recovered([{ text: 'It was interrupted.' }]);
    expect(readFileSync(join(home.workspace, 'ran.txt'), 'utf8')).toBe('once\n');
    expect(said.map(({ text }) => text)).toEqual(['I try.', 'It was interrupted.']);
    expect(only(events, 'tool-start')).toHaveLength(1);
    expect(only(events, 'tool-end')).toMatchObject([{ outcome: 'unknown', text: expect.stringContaining('may or may not have happened') }]);
    expect(only(events, 'notice')).toMatchObject([{ level: 'warning', text: expect.stringContaining('run_command'), reference: events[0]?.turnId }]);
    expect(model.requests).toHaveLength(1);
    expect(model.requests[0]?.body).toContain('may or may not have happened');
    expect(groupsOf(pid)).toEqual([]);
  });

  test('between two steps', async () => {
    let arrived = (): void => undefined;
    const secondRequest = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const script = (count: number): ModelServerReply => {
      if (count === 2) arrived();
      return count === 1 ? call('current_time', {}) : { fault: 'silence' };
    };
    await killedAt(script, () => secondRequest);
    const { events } = await recovered([{ text: 'That late.' }]);
    expect(only(events, 'tool-start')).toHaveLength(1);
    expect(only(events, 'tool-end')).toMatchObject([{ name: 'current_time', outcome: 'ok' }]);
    expect(model.requests).toHaveLength(1);
    expect(model.requests[0]?.body).toContain(JSON.stringify(only(events, 'tool-end')[0]?.text).slice(1, -1));
  });

  test('while a tool without side effects runs', async () => {
    await killedAt([call('search_files', { pattern: '(a+)+$', regex: true }), { fault: 'silence' }], (server) =>
      seen(server, (event) => event.type === 'tool-start'),
    );
    const { events } = await recovered([{ text: 'Found.' }]);
    expect(only(events, 'tool-end').map(({ outcome }) => outcome)).toEqual([expect.stringMatching(/^ok$|^failed$/u)]);
    expect(only(events, 'notice')).toEqual([]);
    expect(model.requests).toHaveLength(1);
  });

  test('when the last answer has arrived', async () => {
    let arrived = (): void => undefined;
    const sent = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    await killedAt([call('write_file', { path: 'notes.txt', content: 'once' }), { text: 'Written.', sent: () => arrived() }], () => sent);
    const { events } = await recovered([{ text: 'Written.' }]);
    expect(only(events, 'tool-end')).toMatchObject([{ name: 'write_file', outcome: 'ok' }]);
    expect(model.requests.length).toBeLessThanOrEqual(1);
  });

  test('when the last answer was seen', async () => {
    await killedAt([{ text: 'Read me.' }], (server) => seen(server, (event) => event.type === 'message' && event.message.role === 'assistant'));
    const { said } = await recovered([{ text: 'Read me again.' }]);
    expect(said.map(({ text }) => text)).toEqual(['Read me.']);
    expect(model.requests).toEqual([]);
  });

  test('while a message that steers the turn is answered', async () => {
    let release = (): void => undefined;
    const joined = new Promise<void>((resolve) => {
      release = resolve;
    });
    let arrived = (): void => undefined;
    const secondRequest = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const script = (count: number): ModelServerReply => {
      if (count === 2) arrived();
      return count === 1 ? { text: 'Read me.', hold: joined } : { fault: 'silence' };
    };
    await killedAt(script, async (server) => {
      await seen(server, (event) => event.type === 'text-delta');
      expect(await server.operator.submit(steering)).toMatchObject({ duplicate: false });
      release();
      await secondRequest;
    });
    await expectBothAnswered();
  });

  test('between an answer and the message that steers on from it', async () => {
    await home.inStore(async (store) => {
      const address = { channel: 'api', account: 'local', chat: 's' };
      const usage = { input: 1, cachedInput: 0, output: 1, reasoning: 0 };
      const place = { sessionId: 's', turnId: 't1', at: 1 };
      const origin = 'operator' as const;
      const sender = { id: 'operator' };
      const row = ({ messageId, text }: Pick<Submission, 'text'> & { messageId: string }): InboxRow => {
        const inbound = { kind: 'message', id: messageId, text, chat: { id: 's', kind: 'direct' }, sender, at: 1 } as const;
        const key = `api:local:s:${messageId}`;
        return { key, envelope: { key, channel: 'api', account: 'local', inbound, receivedAt: 1 }, state: 'accepted', receivedAt: 1 };
      };
      const asked = { role: 'user', id: 'api:local:s:m1', text: message.text, attachments: [], sender, origin } as const;
      const said = { role: 'assistant', id: 'a1', step: 0, text: 'Read me.', toolCalls: [], model: 'it/m', usage } as const;
      await store.commit({
        inbox: [row(message), row(steering)],
        session: { id: 's', agentId: 'main', key: 'main:api:local:s', address, title: message.text, tainted: false, createdAt: 1, updatedAt: 1 },
        turn: { id: 't1', sessionId: 's', agentId: 'main', address, origin, sender, answerId: 'a1', startedAt: 1 },
        inboxStates: [{ key: 'api:local:s:m1', state: 'assigned', sessionId: 's', turnId: 't1' }],
        entries: [
          { ...place, event: { type: 'turn-start', origin, answerId: 'a1', resumed: false } },
          { ...place, event: { type: 'message', message: asked } },
          { ...place, event: { type: 'message', message: said } },
        ],
        steps: [{ turnId: 't1', kind: 'model', ref: '0', sideEffect: 'none', state: 'finished', at: 1 }],
      });
    });
    await expectBothAnswered();
  });

  test.skipIf(!sandboxed)('while an approval waits', async () => {
    let first = '';
    await killedAt([call('run_command', { command: 'echo once >> ran.txt', network: true })], async (server) => {
      const event = await seen(server, ({ type }) => type === 'approval-request');
      if (event.type === 'approval-request') first = event.approval.id;
    });
    expect(existsSync(join(home.workspace, 'ran.txt'))).toBe(false);
    const answers: Promise<unknown>[] = [];
    const { events } = await recovered([{ text: 'Done.' }], (event, server) => {
      if (event.type !== 'approval-request' || event.approval.id === first) return;
      // The old question is dead; only the new one counts, once.
      const late = server.operator.answer(first, 'once', 'test').then(
        () => 'taken',
        (error) => error.code,
      );
      answers.push(late.then(async (code) => [code, (await server.operator.answer(event.approval.id, 'once', 'test')).state]));
    });
    expect(await Promise.all(answers)).toEqual([['conflict', 'approved']]);
    expect(only(events, 'approval-request')).toHaveLength(2);
    expect(only(events, 'approval-answer').map(({ approvalId, decision }) => [approvalId === first, decision])).toEqual([[false, 'once']]);
    expect(readFileSync(join(home.workspace, 'ran.txt'), 'utf8')).toBe('once\n');
    expect(await home.inStore((store) => store.approvals.get(first))).toMatchObject({ state: 'expired' });
  });
});

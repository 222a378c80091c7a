// kill -9 of the real server while a model writes a summary, then a start on the same home: it is compacted once, and the turn answers once.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PlacedEvent } from '../../src/core/turn-event.ts';
import { type ModelServer, type ModelServerReply, type ModelServerRequest, startModelServer } from '../../src/testing/model-server.ts';
import { type CommandHome, openCommandHome, processesWith, type Started } from '../app/command-line.ts';
import { only, spoken } from '../app/events.ts';

const never = new Promise<never>(() => undefined);
const summary = JSON.stringify({ goal: 'Read the chapters about the heron', done: ['Some chapters were read'] });

let model: ModelServer;
let home: CommandHome;
beforeAll(async () => {
  model = await startModelServer('openai-compatible', []);
});
afterAll(() => model.close());
beforeEach(() => {
  const provider = { kind: 'openai-compatible', baseUrl: model.baseUrl, models: [{ id: 'm', contextTokens: 9_000 }] };
  home = openCommandHome({ models: { default: 'it/m', providers: { it: provider }, retries: 0 } });
});
afterEach(async () => {
  await home.close();
  expect(processesWith(home.home)).toEqual([]);
});

const isSummary = ({ body }: ModelServerRequest): boolean => body.includes('You keep the record of a conversation');

/** Answers as a conversation goes on; the first summary never comes where `hangs`, and tells of it. */
function script(steps: number, hangs: boolean, hanging: () => void) {
  let read = 0;
  return (_count: number, request: ModelServerRequest): ModelServerReply => {
    if (isSummary(request)) {
      if (!hangs) return { text: summary };
      hanging();
      return { text: summary, hold: never };
    }
    if (read >= steps) return { text: 'The heron stood still.' };
    read++;
    return { calls: [{ id: `read-${read}`, name: 'read_file', arguments: JSON.stringify({ path: `${read}.txt` }) }] };
  };
}

async function ended(server: Started, turnId: string): Promise<readonly PlacedEvent[]> {
  const events: PlacedEvent[] = [];
  for await (const event of server.operator.events({ turnId, after: '0' }, new AbortController().signal)) events.push(event);
  return events;
}

async function killedInSummary(server: Started, text: string, steps: number): Promise<string> {
  const hanging = Promise.withResolvers<void>();
  model.play(script(steps, true, hanging.resolve));
  const { turnId } = await server.operator.submit({ channel: 'api', sessionId: 's', text, messageId: 'm1' });
  await hanging.promise;
  await server.end('SIGKILL');
  return turnId;
}

test('asked for: the message compacts once after the start', async () => {
  const server = await home.start();
  model.play(script(0, false, () => undefined));
  for (const name of ['one', 'two', 'three', 'four']) {
    const { turnId } = await server.operator.submit({ channel: 'api', sessionId: 's', text: `What of the heron, chapter ${name}?`, messageId: name });
    await ended(server, turnId);
  }
  const turnId = await killedInSummary(server, '/compact', 0);
  model.play(script(0, false, () => undefined));
  const again = await home.start();
  const events = await ended(again, turnId);
  expect(only(events, 'compaction')).toMatchObject([{ how: 'model', why: 'asked' }]);
  expect(only(events, 'turn-end')).toMatchObject([{ outcome: 'answered' }]);
  await again.end('SIGTERM');
});

test('asked for, with messages behind it: what waited at the kill and what comes after the start has a turn of its own, in order, and is in no summary', async () => {
  const server = await home.start();
  model.play(script(0, false, () => undefined));
  for (const name of ['one', 'two', 'three', 'four']) {
    const { turnId } = await server.operator.submit({ channel: 'api', sessionId: 's', text: `What of the heron, chapter ${name}?`, messageId: name });
    await ended(server, turnId);
  }
  const hanging = Promise.withResolvers<void>();
  model.play(script(0, true, hanging.resolve));
  const compacting = await server.operator.submit({ channel: 'api', sessionId: 's', text: '/compact', messageId: 'm1' });
  await hanging.promise;
  await server.operator.submit({ channel: 'api', sessionId: 's', text: 'The swan waited.', messageId: 'm2' });
  await server.end('SIGKILL');

  const asked = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const summaries: string[] = [];
  model.play((_count: number, request: ModelServerRequest): ModelServerReply => {
    if (!isSummary(request)) return { text: 'The heron stood still.' };
    summaries.push(request.body);
    asked.resolve();
    return { text: summary, hold: go.promise };
  });
  const again = await home.start();
  await asked.promise;
  const later = await again.operator.submit({ channel: 'api', sessionId: 's', text: 'The crane came later.', messageId: 'm3' });
  expect(later.turnId).not.toBe(compacting.turnId);
  go.resolve();
  const all = [...(await ended(again, compacting.turnId)), ...(await ended(again, later.turnId))];
  expect(only(all, 'turn-end').map(({ outcome }) => outcome)).toEqual(['answered', 'answered']);
  const said = await home.inStore(async (store) =>
    (await store.entries.tail('s', 100)).filter(({ event }) => event.type === 'compaction' || event.type === 'message'),
  );
  const order = said.slice(-5).map(({ event }) => (event.type === 'message' ? event.message.text : event.type));
  expect(order).toEqual(['/compact', 'compaction', 'The swan waited.', 'The crane came later.', 'The heron stood still.']);
  expect(summaries.filter((body) => /swan|crane/u.test(body))).toEqual([]);
  await again.end('SIGTERM');
});

test('in the middle of a turn: it goes on where it was, nothing is read twice, and it answers once', async () => {
  for (let name = 1; name <= 30; name++) writeFileSync(join(home.home, 'workspaces/main', `${name}.txt`), 'The heron stands in the water, still.\n'.repeat(60));
  const server = await home.start();
  const turnId = await killedInSummary(server, 'Read all chapters about the heron.', 30);
  const before = await home.inStore((store) => store.entries.ofTurn(turnId));
  const done = before.filter(({ event }) => event.type === 'tool-end').length;
  expect([done > 2, before.some(({ event }) => event.type === 'compaction')]).toEqual([true, false]);
  model.play(script(0, false, () => undefined));
  const again = await home.start();
  const events = await ended(again, turnId);
  expect(only(events, 'compaction')).toHaveLength(1);
  expect(only(events, 'tool-end')).toHaveLength(done);
  expect(spoken(events).filter(({ toolCalls }) => toolCalls.length === 0)).toMatchObject([{ text: 'The heron stood still.' }]);
  expect(only(events, 'turn-end')).toMatchObject([{ outcome: 'answered' }]);
  await again.end('SIGTERM');
});

// What goes out as JSON lines comes in again: the same words in the same order, whatever they are. And whatever lines come in, all of them count or none.
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cutPoint } from '../agent/cut-point.ts';
import { noUsage } from '../core/model.ts';
import type { Store } from '../core/store.ts';
import type { DurableEvent } from '../core/turn-event.ts';
import { placedEvent } from '../http/event-schema.ts';
import { openStore } from '../store/open-store.ts';
import { createCountingIds } from '../testing/counting-ids.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { session, turn } from '../testing/store-rows.ts';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { exportSession } from './export-session.ts';
import { importSessions } from './import-sessions.ts';

let folder: TempFolder;
let store: Store;
const ids = createCountingIds();
const clock = createFakeClock();
beforeAll(async () => {
  folder = tempFolder();
  store = await openStore(join(folder.path, 'copaw.db'));
});
afterAll(async () => {
  await store.close();
  folder.remove();
});

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const attachment = fc.record({ name: text, mediaType: fc.constant('text/plain'), size: fc.nat(), path: text });
/** What may stand in a turn between its start and its end. */
const inside: fc.Arbitrary<DurableEvent> = fc.oneof(
  fc
    .record({ text, attachments: fc.array(attachment, { maxLength: 2 }) })
    .map((said): DurableEvent => ({ type: 'message', message: { role: 'user', id: 'k', sender: { id: 'operator' }, origin: 'operator', ...said } })),
  text.map((words): DurableEvent => ({ type: 'message', message: { role: 'assistant', id: 'a', step: 0, text: words, toolCalls: [], model: 'p/m' } })),
  text.map((words): DurableEvent => ({ type: 'tool-end', callId: 'c', name: 'read_file', outcome: 'ok', text: words, fetched: ['https://a.example/'] })),
  text.map((words): DurableEvent => ({ type: 'notice', level: 'info', code: 'retry', text: words })),
);
const wholeTurn = fc.array(inside, { maxLength: 5 });

async function write(turns: readonly (readonly DurableEvent[])[]) {
  const id = ids('s');
  const own = turns.map((events) => ({ id: ids('turn'), events }));
  await store.commit({
    session: session(id, { key: id }),
    turns: own.map((one) => turn(one.id, { sessionId: id, answerId: ids('ans'), outcome: 'answered', endedAt: 5 })),
    entries: own.flatMap(({ id: turnId, events }) =>
      [
        { type: 'turn-start', origin: 'operator', answerId: 'a', resumed: false } as const,
        ...events,
        { type: 'turn-end', outcome: 'answered', answerId: 'a', usage: noUsage } as const,
      ].map((event) => ({ sessionId: id, turnId, at: 3, event })),
    ),
  });
  return session(id, { key: id });
}
async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}
const read = (lines: readonly string[]) => importSessions({ store, clock, ids, agentId: 'main', placedEvent }, each(lines));
async function linesOf(id: Parameters<typeof exportSession>[1]): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of exportSession(store, id, 'jsonl', (one) => one)) lines.push(line);
  return lines;
}
/** What people and the model read of it. */
const words = async (id: string): Promise<readonly unknown[]> =>
  (await store.entries.tail(id, 1_000)).map(({ at, event }) => {
    if (event.type === 'message') return [at, event.message.role, event.message.text, event.message.role === 'user' ? event.message.attachments : []];
    return [at, event.type, 'text' in event ? event.text : '', 'outcome' in event ? event.outcome : ''];
  });

test('out and in: the same words in the same order, marked as strangers’', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(wholeTurn, { maxLength: 4 }), async (turns) => {
      const original = await write(turns);
      const { sessions } = await read(await linesOf(original));
      const id = sessions[0]?.session.id ?? '';
      expect(await words(id)).toEqual(await words(original.id));
      expect(await store.sessions.get(id)).toMatchObject({ tainted: true, title: original.title });
      expect(JSON.stringify(await store.entries.tail(id, 1_000))).not.toContain('a.example');
    }),
    { numRuns: 10 },
  );
});

test('a turn that breaks off in the file ends there: what follows it is compacted like everything else', async () => {
  const call: DurableEvent = {
    type: 'message',
    message: { role: 'assistant', id: 'a', step: 0, text: '', toolCalls: [{ id: 'c', name: 'read_file', input: {} }] },
  };
  const said: DurableEvent = { type: 'notice', level: 'info', code: 'retry', text: 'one' };
  const lines = await linesOf(await write([[call], [said]]));
  const ends = lines.flatMap((line, at) => (line.includes('"type":"turn-end"') ? [at] : []));
  const broken = [...lines.toSpliced(ends[0] ?? 0, 1).slice(0, -1), JSON.stringify({ end: { entries: 5 } })];
  const id = (await read(broken)).sessions[0]?.session.id ?? '';
  const copied = await store.entries.tail(id, 100);
  expect(copied.map(({ event }) => event.type)).toEqual(['turn-start', 'message', 'turn-start', 'notice', 'turn-end', 'turn-end']);
  expect(copied.at(-1)).toMatchObject({ turnId: copied[0]?.turnId, event: { outcome: 'answered' } });
  expect(cutPoint(copied, { tokens: 0, messages: 0 }, () => 1, false)).toBe(copied.length);
});

test('whatever happens to the lines, all that is there afterwards is whole', async () => {
  const lines = await linesOf(await write([[{ type: 'notice', level: 'info', code: 'retry', text: 'one' }], []]));
  const change = fc.oneof(
    fc.nat({ max: lines.length - 1 }).map((at) => lines.toSpliced(at, 1)),
    fc.nat({ max: lines.length - 1 }).map((at) => lines.toSpliced(at, 0, lines[at] ?? '')),
    fc.tuple(fc.nat({ max: lines.length - 1 }), fc.nat({ max: 40 })).map(([at, end]) => lines.with(at, (lines[at] ?? '').slice(0, end))),
    fc.tuple(fc.nat({ max: lines.length - 1 }), fc.json()).map(([at, junk]) => lines.with(at, junk)),
  );
  const count = async (): Promise<number> => (await store.sessions.list({ limit: 1_000 })).length;
  await fc.assert(
    fc.asyncProperty(change, async (broken) => {
      const before = [await count(), (await store.entries.after({ after: 0, limit: 100_000 })).length];
      const outcome = await read(broken).then(
        ({ sessions }) => sessions.length,
        (error) => expect(error).toMatchObject({ code: 'invalid', message: expect.stringMatching(/^Line \d+: /u) }),
      );
      if (typeof outcome === 'number') expect(await count()).toBe((before[0] ?? 0) + outcome);
      else expect([await count(), (await store.entries.after({ after: 0, limit: 100_000 })).length]).toEqual(before);
      expect(await store.sessions.unfinished()).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

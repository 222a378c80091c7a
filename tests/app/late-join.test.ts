// Whoever joins a running answer late, or reads slowly, sees its kept events and its draft whole, once and in order.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ModelProvider, noUsage } from '../../src/core/model.ts';
import type { PlacedEvent } from '../../src/core/turn-event.ts';
import { expectDocumentedOrder, keptTypes, spoken } from './events.ts';
import { openWorld, type World } from './harness.ts';

/** A model that calls a tool first and then says word after word, each when the test lets it. */
function slowModel(words: readonly string[]): { provider: ModelProvider; next(): void } {
  const gates = ['tool', ...words].map(() => Promise.withResolvers<void>());
  let given = 0;
  let steps = 0;
  return {
    next: () => gates[given++]?.resolve(),
    provider: {
      models: async () => [],
      async *stream() {
        if (steps++ === 0) {
          await gates[0]?.promise;
          yield { type: 'tool-call', call: { id: 'clock', name: 'current_time', input: {} } };
          yield { type: 'finish', reason: 'tool-calls', usage: noUsage };
          return;
        }
        for (const [index, text] of words.entries()) {
          await gates[index + 1]?.promise;
          yield { type: 'text-delta', text };
        }
        yield { type: 'finish', reason: 'stop', usage: noUsage };
      },
    },
  };
}

let model: ReturnType<typeof slowModel>;
let world: World;
beforeEach(async () => {
  model = slowModel(['one ', 'two ', 'three ', 'four']);
  world = await openWorld({ provider: model.provider });
});
afterEach(() => world.close());

// What has happened when the slow listener joins, and again while it still looks at the first event.
test.each([
  ['before anything', '', 'tool-end'],
  ['before anything', '', 'one '],
  ['between the steps', 'tool-end', 'two '],
  ['in the middle of a draft', 'one ', 'three '],
])('joining %s (%j), with all up to %j going on meanwhile', async (_when, before, meanwhile) => {
  const { operator } = world.app;
  const { turnId } = await operator.submit({ channel: 'cli', sessionId: 's', text: 'count' });
  const listen = () => operator.events({ turnId, after: '0' }, new AbortController().signal)[Symbol.asyncIterator]();
  // A quick listener tells when something is out.
  const quick = listen();
  const stages = ['tool-end', 'one ', 'two ', 'three '];
  let stage = 0;
  const goOnTo = async (last: string): Promise<void> => {
    while (stage <= stages.indexOf(last)) {
      const awaited = stages[stage++];
      model.next();
      for (let event = await quick.next(); !event.done; event = await quick.next()) {
        if (event.value.type === awaited || (event.value.type === 'text-delta' && event.value.text === awaited)) break;
      }
    }
  };
  await goOnTo(before);
  const seen: PlacedEvent[] = [];
  const slow = listen();
  const first = await slow.next();
  if (!first.done) seen.push(first.value);
  await goOnTo(meanwhile);
  for (let left = 0; left < 5; left++) model.next();
  for (let event = await slow.next(); !event.done; event = await slow.next()) seen.push(event.value);
  expectDocumentedOrder(seen, true);
  expect(keptTypes(seen)).toEqual(['turn-start', 'message', 'message', 'tool-start', 'tool-end', 'message', 'turn-end']);
  expect(spoken(seen).map(({ text }) => text)).toEqual(['', 'one two three four']);
});

// A copy of a long conversation begins without summaries: nothing of it is lost to the agent, or it is said what is.
import { expect, test } from 'vitest';
import { noUsage } from '../../src/core/model.ts';
import type { DurableEvent } from '../../src/core/turn-event.ts';
import { createFakeModel } from '../../src/testing/fake-model.ts';
import { sampleAssistant, sampleUser } from '../../src/testing/sample-log.ts';
import { session, turn } from '../../src/testing/store-rows.ts';
import { openWorld, type World } from './harness.ts';

const model = () =>
  createFakeModel((request) => [
    { type: 'text-delta', text: request.tools.length === 0 ? 'no summary' : 'Fine.' },
    { type: 'finish', reason: 'stop', usage: noUsage },
  ]);
const start: DurableEvent = { type: 'turn-start', origin: 'operator', answerId: 'a', resumed: false };
const end: DurableEvent = { type: 'turn-end', outcome: 'answered', answerId: 'a', usage: noUsage };
const rule = 'Always answer me in French, whatever I ask.';

/** So many turns; the rule stands in the first one. */
async function grow(world: World, turns: number, more = ''): Promise<void> {
  await world.app.store.commit({
    session: session('long', { agentId: 'main' }),
    turns: Array.from({ length: turns }, (_, index) => turn(`t${index}`, { sessionId: 'long', outcome: 'answered', endedAt: 1 })),
    entries: Array.from({ length: turns }, (_, index) =>
      [start, sampleUser(index === 0 ? rule : `Chatter ${index}${more}`), sampleAssistant('Yes.'), end].map((event) => ({
        ...{ sessionId: 'long', turnId: `t${index}`, at: 1, event },
      })),
    ).flat(),
  });
}

test.each([
  ['is carried whole', 1_800, '', undefined],
  ['of which less can be read at once is said to be cut', 12_600, '', 'stands in no summary'],
] as const)('a fork of a long conversation %s', async (_, turns, more, notice) => {
  const script = model();
  const world = await openWorld({ provider: script });
  try {
    await grow(world, turns, more);
    const fork = await (await world.app.sessions('test')).fork('long', `t${turns - 1}`);
    const { turnId } = await world.app.operator.submit({ channel: 'console', sessionId: fork.id, text: 'And now?' });
    const events: DurableEvent[] = [];
    for await (const event of world.app.operator.events({ turnId, after: '0' }, new AbortController().signal)) events.push(event as DurableEvent);
    const asked = JSON.stringify(script.requests.findLast((request) => request.tools.length > 0)?.messages);
    expect(asked.includes(rule)).toBe(notice === undefined);
    expect(asked.includes('Only recall finds it')).toBe(notice !== undefined);
    const said = events.flatMap((event) => (event.type === 'notice' ? [event.text] : []));
    expect(said).toEqual(notice === undefined ? [] : [expect.stringContaining(notice)]);
    expect(events.filter(({ type }) => type === 'compaction')).toHaveLength(1);
    expect(world.faults).toEqual([]);
  } finally {
    await world.close();
  }
});

// Compaction through the whole app: what is summed up, what stays word for word, what people see of it, and that an undo brings it back.
import { afterEach, describe, expect, test } from 'vitest';
import { type ModelEvent, type ModelRequest, noUsage } from '../../src/core/model.ts';
import type { PlacedEvent } from '../../src/core/turn-event.ts';
import { createFakeModel } from '../../src/testing/fake-model.ts';
import { answerOf, openWorld, type World, type WorldOptions } from './harness.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const finish: ModelEvent = { type: 'finish', reason: 'stop', usage: noUsage };
const say = (text: string): readonly ModelEvent[] => [{ type: 'text-delta', text }, finish];
const isSummary = (request: ModelRequest): boolean => request.tools.length === 0;
const good = JSON.stringify({ goal: 'Plan the garden party', done: ['Said hello'], facts: ['The party is planned'] });

async function open(summary: (request: ModelRequest) => readonly ModelEvent[], more: WorldOptions = {}) {
  const model = createFakeModel((request) => (isSummary(request) ? summary(request) : say('Fine.')));
  const world = await openWorld({ provider: model, ...more });
  closing.push(() => world.close());
  const last = (): string => JSON.stringify(model.requests.findLast((request) => !isSummary(request))?.messages);
  return { world, model, last };
}

async function talk(world: World, ...texts: readonly string[]): Promise<void> {
  for (const text of texts) await world.ask(text);
}
const compactionOf = (events: readonly PlacedEvent[]) => events.find((event) => event.type === 'compaction');
const chat = [
  'Always answer in French.',
  'My invoice is INV-2041-X.',
  ...Array.from({ length: 6 }, (_, index) => `Chatter number ${index} about the garden party.`),
];

describe('a compaction that is asked for', () => {
  test('sums up earlier messages, keeps what matters word for word, and is undone', async () => {
    const { world, model, last } = await open(() => say(good));
    await talk(world, ...chat);
    const made = compactionOf(await world.ask('/compact the invoice'));
    expect(made).toMatchObject({ how: 'model', why: 'asked', focus: 'the invoice', model: 'offline/copaw', counts: { messagesBefore: 16 } });
    expect(made?.type === 'compaction' && made.counts.messagesAfter).toBeLessThan(8);
    await world.ask('Where were we?');
    expect(last()).toContain('Always answer in French.');
    expect(last()).toContain('INV-2041-X');
    expect(last()).toContain('Plan the garden party');
    expect(last()).not.toContain('Chatter number 1');
    expect(last()).not.toContain('/compact');
    const { events } = await world.app.operator.history('test', { limit: 500 });
    expect(JSON.stringify(events)).toContain('Chatter number 1');
    expect(answerOf(await world.ask('/compact undo'))).toContain('Taken back');
    await world.ask('And now?');
    expect(last()).toContain('Chatter number 1');
    expect(last()).not.toContain('Plan the garden party');
    expect(answerOf(await world.ask('/compact undo'))).toBe('Nothing is compacted here.');
    expect(model.requests.filter(isSummary)).toHaveLength(1);
    expect(world.faults).toEqual([]);
  });
});

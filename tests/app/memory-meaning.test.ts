// Memory by meaning through the whole app: off until a model is named for it, counted as usage, and no obstacle when it fails.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, test } from 'vitest';
import { DaySpending } from '../../src/agent/day-spending.ts';
import { configSchema } from '../../src/core/config.ts';
import type { Store } from '../../src/core/store.ts';
import { createEmbedding } from '../../src/open-embedding.ts';
import { createFakeClock } from '../../src/testing/fake-clock.ts';
import { createFakeEmbedder } from '../../src/testing/fake-embedder.ts';
import { openWorld, type World } from './harness.ts';
import { createScriptedModel } from './scripted-model.ts';

let world: World | undefined;
afterEach(() => world?.close());

const model = 'offline/copaw';

async function open(config: object) {
  const script = createScriptedModel();
  const fake = createFakeEmbedder([['yacht', 'vessel']]);
  world = await openWorld({ provider: { ...script.provider, embed: fake.embed }, config });
  const opened = world;
  const search = async (query: string): Promise<string> => {
    script.play([['memory_search', { query }]]);
    const events = await opened.ask('look');
    return events.flatMap((event) => (event.type === 'tool-end' ? [JSON.stringify(event)] : [])).join();
  };
  const keep = async (text: string): Promise<void> => {
    script.play([['memory_write', { path: 'MEMORY.md', text }]]);
    await opened.ask('note that', 'once');
  };
  const rows = () => {
    const database = new DatabaseSync(join(opened.home, 'copaw.db'), { readOnly: true });
    try {
      return database.prepare("SELECT agent_id, model, input FROM usage WHERE turn_id = ''").all();
    } finally {
      database.close();
    }
  };
  return { fake, search, keep, rows };
}

test('without a model for it no text leaves, and none is found by meaning', async () => {
  const { fake, search, keep } = await open({});
  await keep('The vessel is moored in Galway.');
  expect(await search('yacht')).toContain('Nothing in memory fits');
  expect(fake.texts).toEqual([]);
});

test('with one a note is found without its words, and each call is a row of usage', async () => {
  const { fake, search, keep, rows } = await open({ memory: { embedding: { model } } });
  await keep('vessel');
  await search('anything');
  await expect.poll(() => fake.texts.some((text) => text.includes('vessel'))).toBe(true);
  expect(await search('yacht')).toContain('vessel');
  const made = rows();
  expect(made.length).toBeGreaterThan(1);
  expect(made.every((row) => row.agent_id === 'main' && row.model === model)).toBe(true);
  expect(made.reduce((sum, row) => sum + Number(row.input), 0)).toBe(fake.texts.length);
});

test('one that fails leaves the words to answer', async () => {
  const { fake, search, keep } = await open({ memory: { embedding: { model } } });
  fake.fail(new Error('down'));
  await keep('The vessel is moored in Galway.');
  expect(await search('vessel')).toContain('Galway');
  expect(world?.faults).toEqual([]);
});

test('at the limit of the day no vectors are made', async () => {
  const { fake } = await open({});
  const config = () => configSchema.parse({ memory: { embedding: { model } }, limits: { dayTokens: 5 } });
  const spending = new DaySpending({ since: async () => [] });
  const resolve = () => ({ ref: model, provider: { ...createScriptedModel().provider, embed: fake.embed }, info: { id: 'copaw' } });
  const commits: unknown[] = [];
  const store = { commit: async (batch: unknown) => void commits.push(batch) } as unknown as Store;
  const embedder = createEmbedding({ config: { current: config }, store, clock: createFakeClock(), resolve, spending })();
  expect(await embedder?.embed('main', ['a', 'b', 'c', 'd', 'e'])).toHaveLength(5);
  await expect(embedder?.embed('main', ['f'])).rejects.toMatchObject({ code: 'budget-day' });
  expect([fake.texts.length, commits.length]).toEqual([5, 1]);
});

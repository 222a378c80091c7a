// Files that come with a message, through the whole app: to the model, to the file tools, with the mark of strangers' words; and the model of a conversation.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Submission } from '../../src/core/operator.ts';
import type { PlacedEvent } from '../../src/core/turn-event.ts';
import { createFakeModel } from '../../src/testing/fake-model.ts';
import { answerOf, openWorld, type World, type WorldOptions } from './harness.ts';
import { createScriptedModel } from './scripted-model.ts';

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==', 'base64');
const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});
async function open(options: WorldOptions) {
  const world = await openWorld(options);
  worlds.push(world);
  return {
    world,
    async add(name: string, content: Uint8Array | string): Promise<string> {
      async function* bytes(): AsyncGenerator<Uint8Array> {
        yield Buffer.from(content);
      }
      return (await world.app.operator.uploads.add({ name, bytes: bytes() })).id;
    },
    async say(message: Partial<Submission>): Promise<readonly PlacedEvent[]> {
      const { turnId } = await world.app.operator.submit({ channel: 'console', sessionId: 's1', text: 'look', ...message });
      return Array.fromAsync(world.app.operator.events({ turnId, after: '0' }, new AbortController().signal));
    },
    waiting: async () => (await world.app.operator.uploads.list()).length,
    inbox: () => (existsSync(join(world.workspace, 'inbox')) ? readdirSync(join(world.workspace, 'inbox')) : []),
  };
}
const vision = (images?: boolean): object => ({
  models: { default: 'local/m', providers: { local: { kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:9/v1', models: [{ id: 'm', ...(images === undefined ? {} : { images }) }] } } },
});

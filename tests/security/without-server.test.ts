// R23 where no server runs: the command line opens the home alone, and what it shows and writes of files is held back as it is while CoPaw runs.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { openAgentsAdmin } from '../../src/open-agents.ts';
import { openMemoryAdmin } from '../../src/open-memory.ts';
import { openSettingsAdmin } from '../../src/open-settings.ts';
import { openWorld, type World } from '../app/harness.ts';
import { attack } from './attack.ts';

const key = 'canary-model-key-19f3c7';
const token = 'canary-channel-token-51b7d2';
const environment = { COPAW_TEST_MODEL_KEY: key, COPAW_TEST_CHANNEL_TOKEN: token };
const local = { kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:9', key: { env: 'COPAW_TEST_MODEL_KEY' }, models: [{ id: 'small' }] };
let world: World;
beforeAll(async () => {
  const off = { enabled: false, url: 'http://127.0.0.1:9/in', secret: { env: 'COPAW_TEST_CHANNEL_TOKEN' } };
  world = await openWorld({ config: { models: { providers: { local } }, channels: { webhook: { main: off } } } });
  await world.app.stop();
  for (const name of ['SOUL.md', 'MEMORY.md']) writeFileSync(join(world.workspace, name), `the key is ${key}\n`);
});
afterAll(() => world.close());

attack('R23-32', 'the key of a model from the environment in a persona file, a note or the settings, shown where no server runs', async () => {
  const [agents, memory] = [await openAgentsAdmin(world.home, environment), await openMemoryAdmin(world.home, environment)];
  const held = { text: 'the key is [redacted]\n', fixed: 'secret' };
  expect(await agents.show('main', 'SOUL.md')).toMatchObject(held);
  expect(await memory.show('MEMORY.md')).toMatchObject(held);
  const settings = openSettingsAdmin(world.home, environment);
  const path = join(world.home, 'config.json');
  const config = readFileSync(path, 'utf8');
  writeFileSync(path, config.replace('{', `{ // ${key}\n`));
  expect((await settings.read()).text).not.toContain(key);
  writeFileSync(path, config);
});

attack('R23-34', 'the token of a channel that is off, from the environment, in a note', async () => {
  const memory = await openMemoryAdmin(world.home, environment);
  writeFileSync(join(world.workspace, 'MEMORY.md'), `the token is ${token}\n`);
  expect(await memory.show('MEMORY.md')).toMatchObject({ text: 'the token is [redacted]\n' });
});

attack('R23-33', 'a text with what stands in for a secret, saved over the secret', async () => {
  const agents = await openAgentsAdmin(world.home, environment);
  const { text, hash } = await agents.show('main', 'SOUL.md');
  await expect(agents.save('main', { path: 'SOUL.md', text: `${text}And be kind.\n`, hash })).rejects.toMatchObject({ code: 'invalid', rule: 'R23' });
  expect(readFileSync(join(world.workspace, 'SOUL.md'), 'utf8')).toBe(`the key is ${key}\n`);
});

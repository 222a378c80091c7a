// Settings and agents of a whole CoPaw: what is saved is in force at once and written down, and a persona that is changed is the next prompt's.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { agentLabel } from '../../src/core/agents.ts';
import { openAgentsAdmin } from '../../src/open-agents.ts';
import { openSettingsAdmin } from '../../src/open-settings.ts';
import { openWorld, type World } from './harness.ts';

const models = { providers: { local: { kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:9', models: [{ id: 'small' }] } } };
let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

test('a saved text is in force at once, is audited by key, and its undo is too', async () => {
  world = await openWorld();
  const admin = await world.app.settings('console:dev_1');
  const { text, hash } = await admin.read();
  const { text: next } = await admin.check({ text, changes: [{ path: ['limits', 'dayCost'], value: 3 }] });
  const saved = await admin.save({ text: next, hash });
  expect(world.app.config.current().limits.dayCost).toBe(3);
  expect(next).toContain('// Who answers.');
  await admin.undo(saved.hash);
  expect(world.app.config.current().limits.dayCost).toBe(10);
  // What is refused is no change, and is recorded as none.
  await expect(admin.save({ text: next, hash: '0'.repeat(64) })).rejects.toMatchObject({ code: 'conflict' });
  const changes = (await world.app.store.audit.newest(10, 'config-change')).map(({ detail }) => detail);
  expect(changes).toEqual([
    { actor: 'console:dev_1', paths: 'limits.dayCost' },
    { actor: 'console:dev_1', paths: 'limits.dayCost' },
  ]);
  await expect((await world.app.settings('agent:main')).save({ text: next, hash })).rejects.toMatchObject({ code: 'forbidden', rule: 'R14' });
});

test('an agent gets a name and a model, and its persona is the next prompt, with a way back', async () => {
  world = await openWorld({ config: { models } });
  const admin = await world.app.agents('console:dev_1');
  const [found] = (await admin.list()).agents;
  expect(found).toMatchObject({ id: 'main', name: 'CoPaw', isDefault: true, model: 'offline/copaw' });
  expect(found?.files.map(({ path, seenBy }) => `${path} ${seenBy}`)).toEqual([
    'AGENTS.md private,shared',
    'SOUL.md private,shared,group',
    'PROFILE.md private',
    'BOOTSTRAP.md private',
  ]);
  const changed = await admin.change('main', { name: 'Ada', model: 'local/small' });
  expect([agentLabel(changed), changed.model, changed.ownModel]).toEqual(['Ada (main)', 'local/small', 'local/small']);
  expect((await (await world.app.permissions('cli')).table({})).agents).toEqual([{ id: 'main', name: 'Ada' }]);
  await expect(admin.change('main', { model: 'local/large' })).rejects.toMatchObject({ code: 'invalid' });
  expect(await admin.change('main', { model: null })).not.toHaveProperty('ownModel');
  await expect(admin.change('nobody', { name: 'x' })).rejects.toMatchObject({ code: 'not-found' });

  const soul = await admin.show('main', 'SOUL.md');
  const { undoId = '' } = await admin.save('main', { path: 'SOUL.md', text: 'Terse.\n', hash: soul.hash });
  expect(readFileSync(join(world.workspace, 'SOUL.md'), 'utf8')).toBe('Terse.\n');
  await expect(admin.save('main', { path: 'SOUL.md', text: 'x', hash: soul.hash })).rejects.toMatchObject({ code: 'conflict' });
  await (await world.app.undo('cli')).undo(undoId, { force: false, dryRun: false });
  expect((await admin.show('main', 'SOUL.md')).text).toBe(soul.text);
  for (const path of ['notes.txt', '../../config.json', 'MEMORY.md']) await expect(admin.show('main', path)).rejects.toMatchObject({ code: 'path-refused' });
  expect((await world.app.store.audit.newest(5, 'persona-save')).map(({ detail }) => detail)).toEqual([
    { actor: 'console:dev_1', agentId: 'main', path: 'SOUL.md' },
  ]);
});

test('where no server runs both work the same on the files', async () => {
  world = await openWorld();
  await world.app.stop();
  const settings = openSettingsAdmin(world.home, {});
  const { text, hash } = await settings.read();
  const { text: next } = await settings.check({ text, changes: [{ path: ['timezone'], value: 'Asia/Tokyo' }] });
  expect(await settings.save({ text: next, hash })).toMatchObject({ undoable: true, text: next });
  const agents = await openAgentsAdmin(world.home, {});
  writeFileSync(join(world.workspace, 'AGENTS.md'), 'x'.repeat(6_001));
  expect((await agents.list()).agents[0]?.files[0]).toMatchObject({ path: 'AGENTS.md', bytes: 6_001, cut: true });
  expect(await agents.change('main', { name: 'Ada' })).toMatchObject({ name: 'Ada' });
  await world.restart();
});

test('where no server runs a file that nobody can use is shown, checked and replaced', async () => {
  world = await openWorld();
  await world.app.stop();
  const path = join(world.home, 'config.json');
  const good = readFileSync(path, 'utf8');
  writeFileSync(path, good.replace('{', '{{'));
  const settings = openSettingsAdmin(world.home, {});
  const { text, hash } = await settings.read();
  expect(text).toBe(good.replace('{', '{{'));
  expect((await settings.check({ text, changes: [] })).faults).toHaveLength(1);
  await expect(settings.save({ text: `${text} `, hash })).rejects.toMatchObject({ code: 'config-corrupt' });
  expect(await settings.save({ text: good, hash })).toMatchObject({ text: good });
  await world.restart();
});

// Through the whole app: where the audit log cannot be written, nothing with side effects runs, and what has none goes on (R24).
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { only } from './events.ts';
import { answerOf, openWorld, type World } from './harness.ts';
import { createScriptedModel } from './scripted-model.ts';

const model = createScriptedModel();
let world: World;
beforeEach(async () => {
  world = await openWorld({ provider: model.provider });
});
afterEach(() => world.close());

function inDatabase(statement: string): void {
  const database = new DatabaseSync(join(world.home, 'copaw.db'));
  database.exec(statement);
  database.close();
}

test('attack: the audit table is made to refuse, so that what comes next leaves no trace', async () => {
  inDatabase("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'disk full'); END");
  model.play([
    ['write_file', { path: 'trace.txt', content: 'x' }],
    ['run_command', { command: 'touch trace-of-a-command' }],
    ['delete_file', { path: 'AGENTS.md' }],
    ['remind_me', { text: 'later', inSeconds: 3600 }],
  ]);
  await world.ask('go', 'once');
  for (const name of ['trace.txt', 'trace-of-a-command']) expect(existsSync(join(world.workspace, name))).toBe(false);
  expect(existsSync(join(world.workspace, 'AGENTS.md'))).toBe(true);
  expect(await world.app.store.jobs.list()).toEqual([]);
  await expect(world.app.config.commit('cli', [{ path: ['limits', 'dayCost'], value: 99 }])).rejects.toMatchObject({ code: 'audit-unwritable', rule: 'R24' });
  expect(world.app.config.current().limits.dayCost).toBe(10);

  model.play([['current_time', {}]], [['list_files', { path: '.' }]]);
  const reading = await world.ask('look');
  expect(only(reading, 'tool-end').map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
  expect(answerOf(reading)).toBe('Done.');

  inDatabase('DROP TRIGGER full');
  model.play([['write_file', { path: 'trace.txt', content: 'x' }]]);
  expect(only(await world.ask('again'), 'tool-end').map(({ outcome }) => outcome)).toEqual(['ok']);
  expect(existsSync(join(world.workspace, 'trace.txt'))).toBe(true);
  expect(await world.app.audit.verify()).toMatchObject({ ok: true });
});

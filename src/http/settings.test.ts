// The routes and their client carry the settings whole, and say who acts.
import { expect, test } from 'vitest';
import { CoPawError } from '../core/error.ts';
import type { SettingsAdmin, SettingsCheck, SettingsPage } from '../core/settings.ts';
import { mountRoutes } from '../testing/mounted-routes.ts';
import { settingsRoutes } from './settings.ts';
import { createRemoteSettings } from './settings-client.ts';

const page: SettingsPage = { path: '/home/config.json', text: '{}', hash: 'aa', undoable: true, fixed: 'secret' };
const checked: SettingsCheck = {
  ...{ text: '{ }', value: { a: 1 }, diff: '-a', changed: [{ key: 'server.port', restart: true }] },
  ...{ faults: [{ line: 1, key: 'a', text: 'No.' }], warnings: [] },
};

function setUp() {
  const calls: unknown[] = [];
  const admin = (by: string): SettingsAdmin => ({
    schema: async () => ({ type: 'object' }),
    read: async () => page,
    async check(draft) {
      calls.push([by, 'check', draft]);
      return checked;
    },
    async save(draft) {
      calls.push([by, 'save', draft]);
      if (draft.hash !== 'aa') throw new CoPawError('conflict', 'Changed meanwhile.', { next: 'Read it again.' });
      return page;
    },
    async undo(hash) {
      calls.push([by, 'undo', hash]);
      return page;
    },
  });
  const mounted = mountRoutes(settingsRoutes, { settings: async (by: string) => admin(by) });
  return { ...mounted, remote: createRemoteSettings(mounted.ask), calls };
}

test('the client and the routes carry everything', async () => {
  const { remote, calls } = setUp();
  expect(await remote.schema()).toEqual({ type: 'object' });
  expect(await remote.read()).toEqual(page);
  const changes = [
    { path: ['a', 0], value: { b: true } },
    { path: ['c'], value: undefined },
  ];
  expect(await remote.check({ text: '{}', changes })).toEqual(checked);
  expect(await remote.save({ text: 'x', hash: 'aa' })).toEqual(page);
  await expect(remote.save({ text: 'x', hash: 'bb' })).rejects.toMatchObject({ code: 'conflict', next: 'Read it again.' });
  expect(await remote.undo('aa')).toEqual(page);
  expect(calls).toEqual([
    ['cli:dev_1', 'check', { text: '{}', changes }],
    ['cli:dev_1', 'save', { text: 'x', hash: 'aa' }],
    ['cli:dev_1', 'save', { text: 'x', hash: 'bb' }],
    ['cli:dev_1', 'undo', 'aa'],
  ]);
});

test('nothing is public, and a half request is none', async () => {
  const { strangers, ask, calls } = setUp();
  expect(new Set(await strangers())).toEqual(new Set([401]));
  for (const [method, path, body] of [
    ['PUT', '/api/config', { text: '{}' }],
    ['PUT', '/api/config', { text: '{}', hash: 'aa', force: true }],
    ['POST', '/api/config/check', { text: '{}', changes: [{ path: [], value: 1 }] }],
    ['POST', '/api/config/undo', {}],
  ] as const)
    expect((await ask(path, { method, body: JSON.stringify(body) })).status).toBe(400);
  expect(calls).toEqual([]);
});

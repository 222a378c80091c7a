// Skills through the server: the remote client speaks the same interface, and every change carries who asked.
import { expect, test } from 'vitest';
import type { Caller } from '../core/brand.ts';
import { CoPawError } from '../core/error.ts';
import type { SkillReport, SkillsAdmin } from '../core/skill.ts';
import { mount } from './mount.ts';
import type { HttpParts } from './parts.ts';
import { skillRoutes } from './skills.ts';
import { createRemoteSkills } from './skills-client.ts';

const hash = 'a'.repeat(64);
const report: SkillReport = { name: 'weather', state: 'disabled', reason: 'r', hash, source: { kind: 'zip', path: '/w.zip' }, installedAt: 1, findings: [] };

function setUp() {
  const calls: unknown[] = [];
  const admin = (by: string): SkillsAdmin => ({
    list: async () => [report],
    async inspect(name) {
      if (name !== 'weather') throw new CoPawError('not-found', `There is no skill "${name}".`, { next: 'See the list.' });
      return report;
    },
    async install(given) {
      calls.push([by, 'install', given]);
      return report;
    },
    async enable(...given) {
      calls.push([by, 'enable', ...given]);
      return { ...report, state: 'enabled' };
    },
    async disable(...given) {
      calls.push([by, 'disable', ...given]);
      return report;
    },
    async remove(...given) {
      calls.push([by, 'remove', ...given]);
      return { trash: 'trash_1' };
    },
  });
  const app = mount(skillRoutes, { skills: async (by: string) => admin(by) } as unknown as HttpParts, {
    checkHost: () => undefined,
    authenticate: async ({ headers }) =>
      headers('authorization') ? ({ kind: 'device', deviceId: 'dev_1', name: 'Test' } as Caller) : { refused: 'unauthenticated', rule: 'R6', reason: 'No.' },
    until: () => new AbortController().signal,
    redact: (text) => text,
    staticFile: async () => undefined,
  });
  const send = async (path: string, init: RequestInit = {}) => app.fetch(new Request(`http://127.0.0.1${path}`, init));
  const remote = createRemoteSkills((path, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', 'Bearer x');
    headers.set('x-copaw-surface', 'cli');
    return send(path, { ...init, headers });
  });
  return { send, remote, calls };
}

test('the client and the routes carry everything', async () => {
  const { remote, calls } = setUp();
  expect(await remote.list()).toEqual([{ ...report, findings: undefined }]);
  expect(await remote.inspect('weather')).toEqual(report);
  await expect(remote.inspect('a/../b')).rejects.toMatchObject({ code: 'not-found', next: 'See the list.' });
  expect(await remote.install({ path: '/w.zip', name: 'weather', replace: true })).toEqual(report);
  expect(await remote.enable('weather', hash)).toMatchObject({ state: 'enabled' });
  expect(await remote.disable('weather')).toMatchObject({ state: 'disabled' });
  expect(await remote.remove('weather')).toEqual({ trash: 'trash_1' });
  expect(calls).toEqual([
    ['cli:dev_1', 'install', { path: '/w.zip', name: 'weather', replace: true }],
    ['cli:dev_1', 'enable', 'weather', hash],
    ['cli:dev_1', 'disable', 'weather'],
    ['cli:dev_1', 'remove', 'weather'],
  ]);
});

test('nothing is public, and a path must be absolute', async () => {
  const { send, remote, calls } = setUp();
  for (const { method, path } of skillRoutes) expect((await send(path.replace('{name}', 'weather'), { method })).status).toBe(401);
  await expect(remote.install({ path: 'w.zip' })).rejects.toMatchObject({ code: 'invalid' });
  await expect(remote.enable('weather', 'short')).rejects.toMatchObject({ code: 'invalid' });
  expect(calls).toEqual([]);
});

// Skills through the server: the remote client speaks the same interface, and every change carries who asked.
import { expect, test } from 'vitest';
import { CoPawError } from '../core/error.ts';
import type { SkillReport, SkillsAdmin } from '../core/skill.ts';
import { mountRoutes } from '../testing/mounted-routes.ts';
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
    async restore(...given) {
      calls.push([by, 'restore', ...given]);
      return { ...report, state: 'enabled' };
    },
  });
  const mounted = mountRoutes(skillRoutes, { skills: async (by: string) => admin(by) });
  return { ...mounted, remote: createRemoteSkills(mounted.ask), calls };
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
  expect(await remote.restore('trash_1')).toMatchObject({ state: 'enabled' });
  expect(calls).toEqual([
    ['cli:dev_1', 'install', { path: '/w.zip', name: 'weather', replace: true }],
    ['cli:dev_1', 'enable', 'weather', hash],
    ['cli:dev_1', 'disable', 'weather'],
    ['cli:dev_1', 'remove', 'weather'],
    ['cli:dev_1', 'restore', 'trash_1'],
  ]);
});

test('nothing is public, and a path must be absolute', async () => {
  const { strangers, remote, calls } = setUp();
  expect(new Set(await strangers())).toEqual(new Set([401]));
  await expect(remote.install({ path: 'w.zip' })).rejects.toMatchObject({ code: 'invalid' });
  await expect(remote.enable('weather', 'short')).rejects.toMatchObject({ code: 'invalid' });
  expect(calls).toEqual([]);
});

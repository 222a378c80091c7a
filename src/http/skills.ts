// Skills: what is installed, install, review, enable, disable, remove. Enabling names the hash of what was reviewed (R19).
import { isAbsolute } from 'node:path';
import { CoPawError } from '../core/error.ts';
import { removedSkill, skill, skillEnable, skillInstall, skills as skillList, skillReport, skillRestore } from './contract.ts';
import type { HttpParts } from './parts.ts';
import { actorOf, route } from './route.ts';

export const skillRoutes = [
  route({
    method: 'GET',
    path: '/api/skills',
    summary: 'Installed skills and whether each may be loaded',
    response: skillList,
    handle: async ({ skills }: HttpParts, call) => ({ skills: await (await skills(actorOf(call))).list() }),
  }),
  route({
    method: 'POST',
    path: '/api/skills',
    summary: 'Installs a folder or archive of this machine; never enables it',
    body: skillInstall,
    response: skillReport,
    handle: async ({ skills }: HttpParts, call) => {
      if (!isAbsolute(call.body.path)) throw new CoPawError('invalid', 'The path must be absolute.');
      return { skill: await (await skills(actorOf(call))).install(call.body) };
    },
  }),
  route({
    method: 'GET',
    path: '/api/skills/{name}',
    summary: 'One skill with a fresh scan of its files',
    response: skillReport,
    handle: async ({ skills }: HttpParts, call) => ({ skill: await (await skills(actorOf(call))).inspect(call.param('name')) }),
  }),
  route({
    method: 'POST',
    path: '/api/skills/{name}/enable',
    summary: 'Enables exactly the files that have this hash',
    body: skillEnable,
    response: skill,
    handle: async ({ skills }: HttpParts, call) => ({ skill: await (await skills(actorOf(call))).enable(call.param('name'), call.body.hash) }),
  }),
  route({
    method: 'POST',
    path: '/api/skills/{name}/disable',
    summary: 'Disables a skill',
    response: skill,
    handle: async ({ skills }: HttpParts, call) => ({ skill: await (await skills(actorOf(call))).disable(call.param('name')) }),
  }),
  route({
    method: 'DELETE',
    path: '/api/skills/{name}',
    summary: "Moves a skill to the home's trash",
    response: removedSkill,
    handle: async ({ skills }: HttpParts, call) => (await skills(actorOf(call))).remove(call.param('name')),
  }),
  route({
    method: 'POST',
    path: '/api/skills/restore',
    summary: 'Brings a removed skill back as it was',
    body: skillRestore,
    response: skill,
    handle: async ({ skills }: HttpParts, call) => ({ skill: await (await skills(actorOf(call))).restore(call.body.trash) }),
  }),
];

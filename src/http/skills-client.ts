// The skills of a running CoPaw over HTTP: the server stays the only one that writes the home and its audit log.
import type { SkillsAdmin } from '../core/skill.ts';
import { removedSkill, skill, skillReport, skills } from './contract.ts';
import { createAsk, type RemoteRequest } from './remote-ask.ts';

export function createRemoteSkills(request: RemoteRequest): SkillsAdmin {
  const ask = createAsk(request);
  const one = (name: string): string => `/api/skills/${encodeURIComponent(name)}`;
  return {
    list: async () => (await ask(skills, '/api/skills')).skills,
    inspect: async (name) => (await ask(skillReport, one(name))).skill,
    install: async (install) => (await ask(skillReport, '/api/skills', 'POST', install)).skill,
    enable: async (name, hash) => (await ask(skill, `${one(name)}/enable`, 'POST', { hash })).skill,
    disable: async (name) => (await ask(skill, `${one(name)}/disable`, 'POST')).skill,
    remove: (name) => ask(removedSkill, one(name), 'DELETE'),
    restore: async (trash) => (await ask(skill, '/api/skills/restore', 'POST', { trash })).skill,
  };
}

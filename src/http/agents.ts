// Agents: who they are, which model answers, and the files that their prompt is made from.
import { agentAnswer, agentChange, agentFileQuery, agents } from './agents-schema.ts';
import type { HttpParts } from './parts.ts';
import { actorOf, type Call, route } from './route.ts';
import { textDraft, textPage, textSaved } from './text-page-schema.ts';

const open = (parts: HttpParts, call: Pick<Call<unknown, unknown>, 'caller' | 'request'>) => parts.agents(actorOf(call));

export const agentRoutes = [
  route({
    method: 'GET',
    path: '/api/agents',
    summary: 'Agents, the files of their persona, their sandbox, and the models one may choose',
    response: agents,
    handle: async (parts: HttpParts, call) => (await open(parts, call)).list(),
  }),
  route({
    method: 'PUT',
    path: '/api/agents/{id}',
    summary: 'Gives an agent another name or model',
    body: agentChange,
    response: agentAnswer,
    handle: async (parts: HttpParts, call) => ({ agent: await (await open(parts, call)).change(call.param('id'), call.body) }),
  }),
  route({
    method: 'GET',
    path: '/api/agents/{id}/file',
    summary: 'One file that the prompt of an agent is made from',
    query: agentFileQuery,
    response: textPage,
    handle: async (parts: HttpParts, call) => (await open(parts, call)).show(call.param('id'), call.query.path),
  }),
  route({
    method: 'PUT',
    path: '/api/agents/{id}/file',
    summary: 'Replaces such a file, where it still is what was read',
    body: textDraft,
    response: textSaved,
    handle: async (parts: HttpParts, call) => (await open(parts, call)).save(call.param('id'), call.body),
  }),
];

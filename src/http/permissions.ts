// What a sender could do and why: the table as the judge applies it, rules, standing grants, taint. Changes carry who made them.
import { done } from './contract.ts';
import type { HttpParts } from './parts.ts';
import {
  grants,
  permissionPreview,
  permissionQuery,
  permissionTable,
  previewQuery,
  rulesRequest,
  rulesResponse,
  taintClear,
  taintReport,
} from './permission-schema.ts';
import { actorOf, route } from './route.ts';

const fact = { done: true } as const;
const renamed = <T extends { readonly agent?: string }>({ agent, ...rest }: T) => ({ ...rest, ...(agent === undefined ? {} : { agentId: agent }) });

export const permissionRoutes = [
  route({
    method: 'GET',
    path: '/api/permissions',
    summary: 'The verdict table of an agent with its rules applied, one column per origin',
    query: permissionQuery,
    response: permissionTable,
    handle: async ({ permissions }: HttpParts, call) => (await permissions(actorOf(call))).table(renamed(call.query)),
  }),
  route({
    method: 'GET',
    path: '/api/permissions/preview',
    summary: 'What one kind of sender could do, and why',
    query: previewQuery,
    response: permissionPreview,
    handle: async ({ permissions }: HttpParts, call) => {
      const { tainted, ...query } = call.query;
      return (await permissions(actorOf(call))).preview({ ...renamed(query), origin: query.origin, tainted: tainted === 'true' });
    },
  }),
  route({
    method: 'PUT',
    path: '/api/permissions/rules',
    summary: 'Replaces the rules of one agent or of all; they only make verdicts stricter',
    body: rulesRequest,
    response: rulesResponse,
    handle: async ({ permissions }: HttpParts, call) => ({ rules: await (await permissions(actorOf(call))).setRules(call.body.agent, call.body.rules) }),
  }),
  route({
    method: 'GET',
    path: '/api/permissions/grants',
    summary: 'Standing grants of every agent',
    response: grants,
    handle: async ({ permissions }: HttpParts, call) => ({ grants: await (await permissions(actorOf(call))).grants() }),
  }),
  route({
    method: 'DELETE',
    path: '/api/permissions/grants/{id}',
    summary: 'Takes a grant back',
    response: done,
    handle: async ({ permissions }: HttpParts, call) => {
      await (await permissions(actorOf(call))).revoke(call.param('id'));
      return fact;
    },
  }),
  route({
    method: 'GET',
    path: '/api/taint',
    summary: 'Sessions and files that hold the words of strangers',
    response: taintReport,
    handle: async ({ permissions }: HttpParts, call) => (await permissions(actorOf(call))).taint(),
  }),
  route({
    method: 'POST',
    path: '/api/taint/clear',
    summary: 'Takes the mark off a session, or off a path and all below it',
    body: taintClear,
    response: done,
    handle: async ({ permissions }: HttpParts, call) => {
      const { body } = call;
      await (await permissions(actorOf(call))).clearTaint('session' in body ? { sessionId: body.session } : { agentId: body.agent, path: body.path });
      return fact;
    },
  }),
];

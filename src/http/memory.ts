// Memory: see it, search it, correct it, forget; and what each conversation can see of it.
import {
  memoryFileQuery,
  memoryFinding,
  memoryForget,
  memoryForgotten,
  memoryList,
  memoryQuery,
  memorySave,
  memorySearchQuery,
  memorySight,
  memorySightQuery,
  memorySights,
  memorySightsQuery,
  memoryStats,
} from './memory-schema.ts';
import type { HttpParts } from './parts.ts';
import { actorOf, type Call, route } from './route.ts';
import { textPage, textSaved } from './text-page-schema.ts';

const open = ({ memory }: HttpParts, call: Pick<Call<unknown, unknown>, 'caller' | 'request'>) => memory(actorOf(call));

export const memoryRoutes = [
  route({
    method: 'GET',
    path: '/api/memory',
    summary: 'Files of memory',
    query: memoryQuery,
    response: memoryList,
    handle: async (parts: HttpParts, call) => (await open(parts, call)).list(call.query.agent),
  }),
  route({
    method: 'GET',
    path: '/api/memory/stats',
    summary: 'How large memory is, what no search looks into, and what a prompt holds',
    query: memoryQuery,
    response: memoryStats,
    handle: async (parts: HttpParts, call) => (await open(parts, call)).stats(call.query.agent),
  }),
  route({
    method: 'GET',
    path: '/api/memory/search',
    summary: 'Passages that fit, best first',
    query: memorySearchQuery,
    response: memoryFinding,
    handle: async (parts: HttpParts, call) => (await open(parts, call)).search(call.query.q, call.query.limit, call.query.agent),
  }),
  route({
    method: 'GET',
    path: '/api/memory/file',
    summary: 'One file of memory',
    query: memoryFileQuery,
    response: textPage,
    handle: async (parts: HttpParts, call) => (await open(parts, call)).show(call.query.path, call.query.agent),
  }),
  route({
    method: 'PUT',
    path: '/api/memory/file',
    summary: 'Replaces one file of memory, where it still is what was read',
    body: memorySave,
    response: textSaved,
    handle: async (parts: HttpParts, call) => {
      const { agent, ...page } = call.body;
      return (await open(parts, call)).save(page, agent);
    },
  }),
  route({
    method: 'POST',
    path: '/api/memory/forget',
    summary: 'Moves a note or a file of memory to the trash',
    body: memoryForget,
    response: memoryForgotten,
    handle: async (parts: HttpParts, call) => (await open(parts, call)).forget(call.body.path, call.body.note, call.body.agent),
  }),
  route({
    method: 'POST',
    path: '/api/memory/reindex',
    summary: 'Reads all files of memory again',
    body: memoryQuery,
    response: memoryStats,
    handle: async (parts: HttpParts, call) => (await open(parts, call)).reindex(call.body.agent),
  }),
  route({
    method: 'GET',
    path: '/api/memory/sight',
    summary: 'What one conversation can see of what is private, and why',
    query: memorySightQuery,
    response: memorySight,
    handle: async (parts: HttpParts, call) => (await open(parts, call)).sight(call.query.session),
  }),
  route({
    method: 'GET',
    path: '/api/memory/sights',
    summary: 'The same of the conversations that were used last',
    query: memorySightsQuery,
    response: memorySights,
    handle: async (parts: HttpParts, call) => ({ sessions: await (await open(parts, call)).sights(call.query.limit) }),
  }),
];

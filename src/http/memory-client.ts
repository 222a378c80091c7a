// Memory of a running CoPaw over HTTP: the server stays the only one that writes the home.
import type { MemoryAdmin } from '../core/memory-admin.ts';
import { memoryFinding, memoryForgotten, memoryList, memorySight, memorySights, memoryStats } from './memory-schema.ts';
import { createAsk, type RemoteRequest } from './remote-ask.ts';
import { textPage, textSaved } from './text-page-schema.ts';

export function createRemoteMemory(request: RemoteRequest): MemoryAdmin {
  const ask = createAsk(request);
  const of = (agent: string | undefined): { readonly agent?: string } => (agent === undefined ? {} : { agent });
  const at = (path: string, values: Readonly<Record<string, string>>): string => `/api/memory${path}?${new URLSearchParams(values)}`;
  return {
    list: (agent) => ask(memoryList, at('', of(agent))),
    stats: (agent) => ask(memoryStats, at('/stats', of(agent))),
    search: (query, limit, agent) => ask(memoryFinding, at('/search', { q: query, limit: String(limit), ...of(agent) })),
    show: (path, agent) => ask(textPage, at('/file', { path, ...of(agent) })),
    save: (page, agent) => ask(textSaved, '/api/memory/file', 'PUT', { ...page, ...of(agent) }),
    forget: (path, note, agent) => ask(memoryForgotten, '/api/memory/forget', 'POST', { path, note, ...of(agent) }),
    reindex: (agent) => ask(memoryStats, '/api/memory/reindex', 'POST', of(agent)),
    sight: (session) => ask(memorySight, at('/sight', { session })),
    sights: async (limit) => (await ask(memorySights, at('/sights', { limit: String(limit) }))).sessions,
  };
}

// The agents of a running CoPaw over HTTP: the server stays the only one that writes the home.
import type { AgentsAdmin } from '../core/agents.ts';
import { agentAnswer, agents } from './agents-schema.ts';
import { createAsk, type RemoteRequest } from './remote-ask.ts';
import { textPage, textSaved } from './text-page-schema.ts';

export function createRemoteAgents(request: RemoteRequest): AgentsAdmin {
  const ask = createAsk(request);
  const one = (id: string): string => `/api/agents/${encodeURIComponent(id)}`;
  return {
    list: () => ask(agents, '/api/agents'),
    change: async (id, change) => (await ask(agentAnswer, one(id), 'PUT', change)).agent,
    show: (id, path) => ask(textPage, `${one(id)}/file?${new URLSearchParams({ path })}`),
    save: (id, draft) => ask(textSaved, `${one(id)}/file`, 'PUT', draft),
  };
}

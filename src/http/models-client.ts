// The models of a running CoPaw over HTTP: the server stays the only one that writes the home and its audit log.
import type { ModelsAdmin } from '../core/operator.ts';
import { detected, done, models, modelTest, provider } from './contract.ts';
import { createAsk, type RemoteRequest } from './remote-ask.ts';

export function createRemoteModels(request: RemoteRequest): ModelsAdmin {
  const ask = createAsk(request);
  return {
    list: async () => (await ask(models, '/api/models')).providers,
    detect: async () => (await ask(detected, '/api/models/detected')).offers,
    add: async (added) => (await ask(provider, '/api/models', 'POST', added)).provider,
    remove: async (id) => void (await ask(done, `/api/models/${encodeURIComponent(id)}`, 'DELETE')),
    setDefault: async (ref) => void (await ask(done, '/api/models/default', 'PUT', { ref })),
    test: (ref) => ask(modelTest, '/api/models/test', 'POST', { ref }),
  };
}

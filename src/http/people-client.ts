// The people of a running CoPaw over HTTP: the server stays the only one that writes config and audit log.
import type { PeopleAdmin } from '../core/people.ts';
import { pairingAnswer, people } from './people-schema.ts';
import { createAsk, type RemoteRequest } from './remote-ask.ts';

export function createRemotePeople(request: RemoteRequest): PeopleAdmin {
  const ask = createAsk(request);
  const one = (code: string, what: string): string => `/api/pairings/${encodeURIComponent(code)}/${what}`;
  return {
    view: () => ask(people, '/api/people'),
    approve: async (code, operator) => (await ask(pairingAnswer, one(code, 'approve'), 'POST', { operator })).pairing,
    deny: async (code) => (await ask(pairingAnswer, one(code, 'deny'), 'POST')).pairing,
  };
}

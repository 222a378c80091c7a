// Conversations of a running CoPaw over HTTP: the server stays the only one that writes the home.

import { CoPawError } from '../core/error.ts';
import type { SessionsAdmin } from '../core/sessions.ts';
import { bytesOf, linesOf } from '../lib/text-lines.ts';
import { accepted, done, saidThere, sessions as sessionList } from './contract.ts';
import { createAsk, type RemoteRequest, searchOf, toError } from './remote-ask.ts';
import { importReport, said, session, sessionsFound } from './sessions-schema.ts';

export function createRemoteSessions(request: RemoteRequest): SessionsAdmin {
  const ask = createAsk(request);
  const one = (id: string, rest = ''): string => `/api/sessions/${encodeURIComponent(id)}${rest}`;
  return {
    list: async ({ limit, before, show }) => (await ask(sessionList, `/api/sessions?${searchOf({ limit, before, show })}`)).sessions,
    get: async (id) => (await ask(session, one(id))).session,
    read: async (id, page) => (await ask(said, one(id, `/said?${searchOf({ ...page })}`))).messages,
    search: ({ text, limit, before }) => ask(sessionsFound, `/api/sessions/search?${searchOf({ text, limit, before })}`),
    change: async (id, change) => (await ask(session, one(id), 'PUT', change)).session,
    remove: async (id, { reminders }) => void (await ask(done, one(id, `?reminders=${reminders}`), 'DELETE')),
    fork: async (id, turnId) => (await ask(session, one(id, '/fork'), 'POST', { turnId })).session,
    regenerate: (id, options) => ask(accepted, one(id, '/regenerate'), 'POST', options),
    say: (id, message) => ask(saidThere, one(id, '/say'), 'POST', message),
    async *export(id, format) {
      const response = await request(one(id, `/export?format=${format}`));
      if (!response.ok || !response.body) throw await toError(response);
      yield* linesOf(response.body, Number.POSITIVE_INFINITY, () => new CoPawError('internal', 'A line has no end.'));
    },
    async importLines(lines) {
      const headers = { accept: 'application/json', 'content-type': 'application/x-ndjson' };
      const response = await request('/api/sessions/import', { method: 'POST', headers, body: bytesOf(lines), duplex: 'half' });
      if (!response.ok) throw await toError(response);
      return importReport.parse(await response.json());
    },
  };
}

// The settings of a running CoPaw over HTTP: the server stays the only one that writes the home and its audit log.
import type { SettingsAdmin } from '../core/settings.ts';
import { createAsk, type RemoteRequest } from './remote-ask.ts';
import { settingsCheck, settingsPage, settingsSchema } from './settings-schema.ts';

export function createRemoteSettings(request: RemoteRequest): SettingsAdmin {
  const ask = createAsk(request);
  return {
    schema: async () => (await ask(settingsSchema, '/api/config/schema')).schema,
    read: () => ask(settingsPage, '/api/config'),
    check: (draft) => ask(settingsCheck, '/api/config/check', 'POST', draft),
    save: (draft) => ask(settingsPage, '/api/config', 'PUT', draft),
    undo: (hash) => ask(settingsPage, '/api/config/undo', 'POST', { hash }),
  };
}

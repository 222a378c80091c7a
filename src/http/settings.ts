// config.json whole: its schema, its text, a check that writes nothing, saving where it still is what was read, and the way back.
import type { HttpParts } from './parts.ts';
import { actorOf, route } from './route.ts';
import { settingsCheck, settingsDraft, settingsPage, settingsSave, settingsSchema, settingsUndo } from './settings-schema.ts';

export const settingsRoutes = [
  route({
    method: 'GET',
    path: '/api/config',
    summary: 'config.json as it stands on disk',
    response: settingsPage,
    handle: async ({ settings }: HttpParts, call) => (await settings(actorOf(call))).read(),
  }),
  route({
    method: 'GET',
    path: '/api/config/schema',
    summary: 'JSON Schema of config.json',
    response: settingsSchema,
    handle: async ({ settings }: HttpParts, call) => ({ schema: await (await settings(actorOf(call))).schema() }),
  }),
  route({
    method: 'POST',
    path: '/api/config/check',
    summary: 'What is wrong with a text, what it would change, and what of that waits for a restart; writes nothing',
    body: settingsDraft,
    response: settingsCheck,
    handle: async ({ settings }: HttpParts, call) => {
      const changes = call.body.changes.map(({ path, value }) => ({ path, value }));
      return (await settings(actorOf(call))).check({ text: call.body.text, changes });
    },
  }),
  route({
    method: 'PUT',
    path: '/api/config',
    summary: 'Replaces config.json, where it still is what was read',
    body: settingsSave,
    response: settingsPage,
    handle: async ({ settings }: HttpParts, call) => (await settings(actorOf(call))).save(call.body),
  }),
  route({
    method: 'POST',
    path: '/api/config/undo',
    summary: 'Goes back to config.json as it was before the last change',
    body: settingsUndo,
    response: settingsPage,
    handle: async ({ settings }: HttpParts, call) => (await settings(actorOf(call))).undo(call.body.hash),
  }),
];

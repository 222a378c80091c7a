// The backups of this home: the list, making one, checking one, what going back to one would change, and the file itself. Named, never by a path.
import { z } from 'zod';
import { backupCreate, backupLook, backupReport, backupWork, restoreOffer, backups as view } from './backups-schema.ts';
import type { HttpParts } from './parts.ts';
import { actorOf, route } from './route.ts';

export const backupRoutes = [
  route({
    method: 'GET',
    path: '/api/backups',
    summary: 'Backups in the home, when the next is made by itself, and how far the one is that was asked for',
    response: view,
    handle: async ({ backups }: HttpParts, call) => (await backups(actorOf(call))).view(),
  }),
  route({
    method: 'POST',
    path: '/api/backups',
    summary: 'Begins to write settings, database, workspaces and skills into one file; secrets are never in it',
    body: backupCreate,
    response: backupWork,
    status: 202,
    handle: async ({ backups }: HttpParts, call) => ({ work: await (await backups(actorOf(call))).create(call.body) }),
  }),
  route({
    method: 'POST',
    path: '/api/backups/{name}/verify',
    summary: 'Checks hashes, signature and database of one',
    body: backupLook,
    response: backupReport,
    handle: async ({ backups }: HttpParts, call) => ({
      backup: await (await backups(actorOf(call))).verify(call.param('name'), { ...call.body, signal: call.signal }),
    }),
  }),
  route({
    method: 'POST',
    path: '/api/backups/{name}/plan',
    summary: 'What going back to one would replace, what stays, and the command that does it once CoPaw was stopped',
    body: backupLook,
    response: restoreOffer,
    handle: async ({ backups }: HttpParts, call) => ({
      plan: await (await backups(actorOf(call))).plan(call.param('name'), { ...call.body, signal: call.signal }),
    }),
  }),
  route({
    method: 'GET',
    path: '/api/backups/{name}/file',
    summary: 'The file itself, to be kept on another disk',
    response: z.string(),
    media: 'application/octet-stream',
    handle: async ({ backups }: HttpParts, call) => {
      const name = call.param('name');
      const { bytes, body } = await (await backups(actorOf(call))).read(name);
      return new Response(body, {
        // A name that was found is one of CoPaw's own: letters, digits, dots and dashes.
        headers: { 'content-type': 'application/octet-stream', 'content-length': String(bytes), 'content-disposition': `attachment; filename="${name}"` },
      });
    },
  }),
];

// Conversations beside talking in them: found, named, put away, copied, taken out, brought in, deleted.
import { z } from 'zod';
import { CoPawError } from '../core/error.ts';
import { bytesOf, linesOf } from '../lib/text-lines.ts';
import { accepted, done, saidThere } from './contract.ts';
import type { HttpParts } from './parts.ts';
import { actorOf, type Call, route } from './route.ts';
import {
  exportQuery,
  forkRequest,
  importReport,
  regenerateRequest,
  removeQuery,
  said,
  saidQuery,
  sayRequest,
  searchQuery,
  session,
  sessionChange,
  sessionsFound,
} from './sessions-schema.ts';

/** Bytes of one line of a file that is imported. */
const mostLine = 16 * 1024 * 1024;
const mediaTypes = { markdown: 'text/markdown; charset=utf-8', jsonl: 'application/x-ndjson' } as const;
const endings = { markdown: 'md', jsonl: 'jsonl' } as const;

const admin = ({ sessions }: HttpParts, call: Pick<Call<unknown, unknown>, 'caller' | 'request'>) => sessions(actorOf(call));

export const sessionAdminRoutes = [
  route({
    method: 'GET',
    path: '/api/sessions/search',
    summary: 'Messages with every word of a text, newest first; where there are none, the best of those with any word',
    query: searchQuery,
    response: sessionsFound,
    handle: async (parts: HttpParts, call) => (await admin(parts, call)).search(call.query),
  }),
  route({
    method: 'POST',
    path: '/api/sessions/import',
    summary: 'Adds the sessions of the JSON lines that are the body, all or none',
    response: importReport,
    longBody: 'application/x-ndjson',
    handle: async (parts: HttpParts, call) => {
      const { body } = call.request;
      if (!body) throw new CoPawError('invalid', 'The body is empty.', { next: 'Send the lines of an export.' });
      const tooLong = (): CoPawError => new CoPawError('too-large', 'A line may have 16 MiB. Nothing was imported.');
      return (await admin(parts, call)).importLines(linesOf(body, mostLine, tooLong));
    },
  }),
  route({
    method: 'GET',
    path: '/api/sessions/{id}',
    summary: 'One session',
    response: session,
    handle: async (parts: HttpParts, call) => ({ session: await (await admin(parts, call)).get(call.param('id')) }),
  }),
  route({
    method: 'GET',
    path: '/api/sessions/{id}/said',
    summary: 'What was said in a session, oldest first: the newest, those before an event, or those around one',
    query: saidQuery,
    response: said,
    handle: async (parts: HttpParts, call) => ({ messages: await (await admin(parts, call)).read(call.param('id'), call.query) }),
  }),
  route({
    method: 'PUT',
    path: '/api/sessions/{id}',
    summary: 'Renames, pins or archives a session',
    body: sessionChange,
    response: session,
    handle: async (parts: HttpParts, call) => ({ session: await (await admin(parts, call)).change(call.param('id'), call.body) }),
  }),
  route({
    method: 'DELETE',
    path: '/api/sessions/{id}',
    summary: 'Stops what runs in a session and forgets its words for good',
    query: removeQuery,
    response: done,
    handle: async (parts: HttpParts, call) => {
      await (await admin(parts, call)).remove(call.param('id'), { reminders: call.query.reminders === 'true' });
      return { done: true as const };
    },
  }),
  route({
    method: 'POST',
    path: '/api/sessions/{id}/fork',
    summary: 'A new session with copies of all turns up to one',
    body: forkRequest,
    response: session,
    handle: async (parts: HttpParts, call) => ({ session: await (await admin(parts, call)).fork(call.param('id'), call.body.turnId) }),
  }),
  route({
    method: 'POST',
    path: '/api/sessions/{id}/regenerate',
    summary: 'Takes the last turn back and asks its message again',
    body: regenerateRequest,
    response: accepted,
    status: 202,
    handle: async (parts: HttpParts, call) => (await admin(parts, call)).regenerate(call.param('id'), call.body),
  }),
  route({
    method: 'POST',
    path: '/api/sessions/{id}/say',
    summary: 'Says something in the chat of a channel, as CoPaw and by no model',
    body: sayRequest,
    response: saidThere,
    status: 202,
    handle: async (parts: HttpParts, call) => (await admin(parts, call)).say(call.param('id'), call.body),
  }),
  route({
    method: 'GET',
    path: '/api/sessions/{id}/export',
    summary: 'The session as Markdown for people, or as JSON lines that can be imported',
    query: exportQuery,
    response: z.string(),
    media: 'text/markdown',
    handle: async (parts: HttpParts, call) => {
      const { format } = call.query;
      const id = call.param('id');
      const sessions = await admin(parts, call);
      await sessions.get(id); // a refusal is an answer of its own
      const name = `${id.replace(/[^A-Za-z0-9_-]/gu, '_')}.${endings[format]}`;
      const headers = { 'content-type': mediaTypes[format], 'content-disposition': `attachment; filename="${name}"` };
      return new Response(bytesOf(sessions.export(id, format)), { headers });
    },
  }),
];

// Files in and out of conversations. What comes in is kept as it is; what goes out can never run in the console's origin.
import { z } from 'zod';
import { CoPawError } from '../core/error.ts';
import { done } from './contract.ts';
import type { HttpParts } from './parts.ts';
import { callerOf, route } from './route.ts';
import { fileQuery, upload, uploadQuery, uploads } from './uploads-schema.ts';

/** What a browser may take a file for; anything else is bytes. None of these is a document that could run something. */
const shown: ReadonlySet<string> = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'audio/webm',
  'audio/ogg',
  'audio/mpeg',
  'audio/wav',
  'audio/mp4',
]);

/** Bytes of a refused file that are still read. */
const mostDrained = 64 * 1024 * 1024;

type Reader = ReadableStreamDefaultReader<Uint8Array>;

export const uploadRoutes = [
  route({
    method: 'GET',
    path: '/api/uploads',
    summary: 'Files that wait for a message, and what they may have',
    response: uploads,
    handle: async ({ operator }: HttpParts) => ({ uploads: await operator.uploads.list(), limits: await operator.uploads.limits() }),
  }),
  route({
    method: 'POST',
    path: '/api/uploads',
    summary: 'Keeps the file that is the body until a message takes it',
    query: uploadQuery,
    response: upload,
    longBody: 'application/octet-stream',
    handle: async ({ operator }: HttpParts, call) => {
      callerOf(call);
      const told = call.request.headers.get('content-length');
      const reader = (call.request.body ?? new Blob([]).stream()).getReader();
      try {
        const more = { ...call.query, ...(told === null ? {} : { size: Number(told) }) };
        return await operator.uploads.add({ ...more, bytes: piecesOf(reader) }, call.signal);
      } catch (error) {
        await drain(reader);
        throw error;
      }
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/uploads/{id}',
    summary: 'Removes a file that waits',
    response: done,
    handle: async ({ operator }: HttpParts, { param }) => {
      if (!(await operator.uploads.remove(param('id')))) throw new CoPawError('not-found', 'This file does not wait any more.');
      return { done: true as const };
    },
  }),
  route({
    method: 'GET',
    path: '/api/sessions/{id}/files',
    summary: "A file of the session's workspace, to be saved; a browser shows none of it as a page",
    query: fileQuery,
    response: z.string(),
    media: 'application/octet-stream',
    handle: async (parts: HttpParts, { param, query }) => {
      const { mediaType, size, bytes } = await parts.file(param('id'), query.path);
      return new Response(ReadableStream.from(bytes), {
        headers: {
          'content-type': shown.has(mediaType) ? mediaType : 'application/octet-stream',
          'content-length': String(size),
          'content-disposition': `attachment; filename*=UTF-8''${headerName(query.path)}`,
          'content-security-policy': "default-src 'none'; sandbox",
          'cross-origin-resource-policy': 'same-origin',
        },
      });
    },
  }),
];

/** The last part of a path, as a header may say it. */
const headerName = (path: string): string =>
  encodeURIComponent(path.split('/').at(-1) ?? '').replaceAll(/['()*]/gu, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** Unlike the stream's own iterator it leaves the rest to be read when it is left. */
async function* piecesOf(reader: Reader): AsyncGenerator<Uint8Array> {
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
}

/** Whoever is still sending hears an answer only once it is through: a little of what nobody wants is read and dropped, then the line is cut. */
async function drain(reader: Reader): Promise<void> {
  try {
    let left = mostDrained;
    for (let piece = await reader.read(); !piece.done && left > 0; piece = await reader.read()) left -= piece.value.byteLength;
    await reader.cancel();
  } catch {
    // it is gone
  }
}

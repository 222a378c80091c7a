// Files for messages to a running CoPaw, over HTTP.
import { CoPawError, toCoPawError } from '../core/error.ts';
import type { Uploads } from '../core/media.ts';
import { done } from './contract.ts';
import { createAsk, type RemoteRequest, toError } from './remote-ask.ts';
import { upload, uploads } from './uploads-schema.ts';

export function createRemoteUploads(request: RemoteRequest): Uploads {
  const ask = createAsk(request);
  return {
    limits: async () => (await ask(uploads, '/api/uploads')).limits,
    list: async () => (await ask(uploads, '/api/uploads')).uploads,
    async add({ name, bytes, voice }, signal) {
      const headers = { accept: 'application/json', 'content-type': 'application/octet-stream' };
      const body = ReadableStream.from(bytes);
      const init = { method: 'POST', headers, body, duplex: 'half', ...(signal ? { signal } : {}) } as const;
      const response = await request(`/api/uploads?${new URLSearchParams({ name, ...(voice === 'said' ? { voice } : {}) })}`, init).catch((error: unknown) => {
        if (signal?.aborted === true) throw new CoPawError('cancelled', 'The upload was cancelled.', { cause: error });
        throw new CoPawError('egress-failed', 'The connection to CoPaw was lost while the file was sent.', {
          cause: error,
          next: 'It may be larger than uploads.fileMegabytes allows.',
        });
      });
      if (!response.ok) throw await toError(response);
      return upload.parse(await response.json());
    },
    async remove(id) {
      try {
        await ask(done, `/api/uploads/${encodeURIComponent(id)}`, 'DELETE');
        return true;
      } catch (error) {
        if (toCoPawError(error).code === 'not-found') return false;
        throw error;
      }
    },
  };
}

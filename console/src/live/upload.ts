// Sends one file to the server, and says how much of it is through: the one request that `fetch` cannot tell the progress of.
import type { UploadBody } from '../../../src/http/contract.ts';
import { ApiError, errorOf } from './api.ts';
import { ownKey } from './own-key.ts';

/** What the microphone of this page heard: words of whoever sends it. */
export class Recording extends File {}

/** `progress`: from 0 to 1. Rejects with an ApiError, "cancelled" once `signal` aborts. */
export function sendFile(file: Blob, name: string, progress: (share: number) => void, signal: AbortSignal): Promise<UploadBody> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/uploads?${new URLSearchParams({ name, ...(file instanceof Recording ? { voice: 'said' } : {}) })}`);
    for (const [header, value] of Object.entries({ accept: 'application/json', 'content-type': 'application/octet-stream', ...ownKey.headers() }))
      request.setRequestHeader(header, value);
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => progress(total === 0 ? 1 : loaded / total);
    request.onload = () => {
      const answer: unknown = request.response;
      if (request.status === 200) return resolve(answer as UploadBody);
      reject(errorOf(request, answer));
    };
    request.onerror = () => reject(new ApiError('unreachable', 'CoPaw does not answer.'));
    request.onabort = () => reject(new ApiError('cancelled', ''));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}

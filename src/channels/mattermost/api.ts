// The REST API of Mattermost, version 4: https://developers.mattermost.com/api-documentation/. One request, and what its refusal means.
import { z } from 'zod';
import type { ChannelHands } from '../../core/channel-kind.ts';
import { CoPawError } from '../../core/error.ts';
import type { SecretRef } from '../../core/secret.ts';
import { askPlatform, type PlatformAnswer, platformFailure, platformFile } from '../platform-request.ts';

interface Call {
  readonly method?: string;
  readonly json?: unknown;
  readonly body?: Uint8Array;
  readonly signal?: AbortSignal | undefined;
}

export interface MattermostApi {
  call<T>(path: string, result: z.ZodType<T>, call?: Call): Promise<T>;
  file(id: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  /** Where events come from. */
  readonly socketUrl: string;
  token(): Promise<string>;
}

const fault = z.object({ message: z.string() });

export function mattermostApi(hands: ChannelHands, secret: SecretRef, url: string): MattermostApi {
  const base = `${url.replace(/\/+$/u, '')}/api/v4`;
  const token = async (): Promise<string> => {
    const value = (await hands.secret(secret)).trim();
    if (/^[\w.-]{8,512}$/u.test(value)) return value;
    throw new CoPawError('unauthenticated', 'This is not an access token of Mattermost.', {
      next: 'Make one for the bot, then run: copaw channels add mattermost',
    });
  };
  const headers = async () => ({ authorization: `Bearer ${await token()}` });
  return {
    socketUrl: `${base.replace(/^http/u, 'ws')}/websocket`,
    token,
    async call(path, result, { body, ...call } = {}) {
      const more = body === undefined ? {} : { body, method: 'POST' };
      const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/octet-stream' };
      const answer = await askPlatform(hands, { url: `${base}${path}`, ...call, ...more, headers: { ...(await headers()), ...type } });
      if (answer.status < 200 || answer.status > 299) throw refusal(answer);
      return answer.json(result);
    },
    file: async (id, signal) => platformFile(hands, `${base}/files/${encodeURIComponent(id)}`, signal, await headers()),
  };
}

function refusal(answer: PlatformAnswer): CoPawError {
  const { status } = answer;
  if (status === 413) return new CoPawError('send-refused', 'It is larger than the Mattermost server takes.', { next: 'Send it another way, or in pieces.' });
  const reset = Number(answer.header('x-ratelimit-reset') ?? Number.NaN);
  const wait = Number.isFinite(reset) && reset >= 0 ? Math.min(reset, 3_600) * 1_000 : 1_000;
  return platformFailure(status, spoken(answer.bytes), status === 429 ? wait : undefined);
}

function spoken(bytes: Uint8Array): string {
  try {
    return fault.parse(JSON.parse(new TextDecoder().decode(bytes))).message;
  } catch {
    return '';
  }
}

// Requests of the Matrix client-server API (spec.matrix.org, v1.11 and newer), and what the answers of a homeserver mean.
import { z } from 'zod';
import type { ChannelHands } from '../../core/channel-kind.ts';
import { CoPawError } from '../../core/error.ts';
import { retryAfter } from '../../lib/retry-after.ts';
import { askPlatform, type PlatformAnswer, type PlatformRequest, platformFailure } from '../platform-request.ts';

const refusal = z.object({ errcode: z.string(), error: z.string().optional(), retry_after_ms: z.number().nonnegative().optional().catch(undefined) });

const badToken: ReadonlySet<string> = new Set(['M_UNKNOWN_TOKEN', 'M_MISSING_TOKEN', 'M_USER_DEACTIVATED', 'M_USER_LOCKED']);

export interface MatrixApi {
  /** The JSON of an answer; a refusal is thrown as what it means for a send and for a connection. */
  ask<T>(path: string, schema: z.ZodType<T>, request?: Omit<PlatformRequest, 'url'>): Promise<T>;
  url(path: string): string;
  /** What each request carries. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A path of the API: what stands between the slashes is escaped. */
export const clientPath = (...segments: readonly string[]): string => `/_matrix/client/v3/${segments.map(encodeURIComponent).join('/')}`;

export function matrixApi(hands: Pick<ChannelHands, 'fetch' | 'clock'>, homeserver: string, token: string): MatrixApi {
  const base = homeserver.replace(/\/+$/u, '');
  const headers = { authorization: `Bearer ${token}` };
  const url = (path: string): string => `${base}${path}`;
  return {
    ...{ url, headers },
    async ask(path, schema, request = {}) {
      const answer = await askPlatform(hands, { ...request, url: url(path), headers: { ...headers, ...request.headers } });
      checkRefusal(answer, hands.clock.now());
      return answer.json(schema);
    },
  };
}

function checkRefusal(answer: PlatformAnswer, now: number): void {
  const { status } = answer;
  if (status >= 200 && status < 300) return;
  const { errcode = '', error = '', retry_after_ms } = refusalOf(answer);
  const words = `${errcode} ${error}`.trim();
  if (badToken.has(errcode))
    throw new CoPawError('unauthenticated', `The homeserver does not take the access token: ${words.slice(0, 200)}`, {
      next: 'Log in again and give the account the new access token: copaw channels add matrix.',
    });
  throw platformFailure(status, words, retryAfter(answer.header('retry-after'), now) ?? retry_after_ms);
}

function refusalOf(answer: PlatformAnswer): Partial<z.output<typeof refusal>> {
  try {
    return answer.json(refusal);
  } catch {
    return {}; // a proxy in between speaks no Matrix
  }
}

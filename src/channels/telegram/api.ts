// The Bot API of Telegram: one HTTP request for each method, and what its refusals mean. https://core.telegram.org/bots/api#making-requests
import { z } from 'zod';
import type { ChannelHands } from '../../core/channel-kind.ts';
import { CoPawError } from '../../core/error.ts';
import type { SecretRef } from '../../core/secret.ts';
import { askPlatform, checkAnswer, platformFailure, platformFile } from '../platform-request.ts';

/** Telegram's own server; any other address is a Bot API server that somebody runs, without limits for files. */
export const publicApi = 'https://api.telegram.org';
const mb = 1024 * 1024;
const mostDown = 20 * mb;
const mostUp = 50 * mb;

export interface Upload {
  readonly field: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
  readonly files?: readonly Upload[];
}

export interface Refusal {
  readonly status: number;
  readonly words: string;
  readonly retryAfterMs?: number;
  /** The group has become a supergroup with this id. */
  readonly movedTo?: string;
}

export type Answer<T> = { readonly ok: true; readonly result: T } | { readonly ok: false; readonly refusal: Refusal };

export interface TelegramApi {
  /** Largest file that may be sent, bytes. */
  readonly mostUp: number;
  /** A refusal in words is a value; what else goes wrong is thrown as `askPlatform` does. */
  ask<T>(method: string, params: object, result: z.ZodType<T>, options?: CallOptions): Promise<Answer<T>>;
  /** As `ask`, its refusal thrown. */
  call<T>(method: string, params: object, result: z.ZodType<T>, options?: CallOptions): Promise<T>;
  file(id: string, size: number | undefined, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}

const envelope = z.object({
  ok: z.boolean(),
  result: z.unknown().optional(),
  error_code: z.int().optional(),
  description: z.string().optional(),
  parameters: z.object({ retry_after: z.number().nonnegative().optional(), migrate_to_chat_id: z.int().optional() }).optional(),
});
const place = z.object({ file_path: z.string().min(1).optional() });

export function telegramApi(hands: ChannelHands, token: SecretRef, apiUrl: string): TelegramApi {
  const base = apiUrl.replace(/\/+$/u, '');
  const hosted = new URL(apiUrl).origin === publicApi;
  const tokenNow = async (): Promise<string> => {
    const value = (await hands.secret(token)).trim();
    if (/^\d{1,20}:[\w-]{20,100}$/u.test(value)) return value;
    throw new CoPawError('unauthenticated', 'This is not the token of a Telegram bot.', {
      next: 'Take it from @BotFather, then run: copaw channels add telegram',
    });
  };

  const api: TelegramApi = {
    mostUp: hosted ? mostUp : Number.POSITIVE_INFINITY,
    async ask(method, params, result, { files = [], ...options } = {}) {
      const body = files.length === 0 ? { json: params } : await multipart(params, files);
      const answer = await askPlatform(hands, { url: `${base}/bot${await tokenNow()}/${method}`, method: 'POST', ...body, ...options });
      const said = spoken(answer.bytes);
      if (!said) {
        checkAnswer(answer, hands.clock);
        throw new CoPawError('channel-down', 'Telegram answered with something that cannot be read.', { retryable: false });
      }
      if (!said.ok) return { ok: false, refusal: refusalOf(said, answer.status) };
      const read = result.safeParse(said.result);
      if (read.success) return { ok: true, result: read.data };
      throw new CoPawError('channel-down', `Telegram answered ${method} in a way that is not known.`, { retryable: false, cause: read.error });
    },
    async call(method, params, result, options) {
      const answer = await api.ask(method, params, result, options);
      if (answer.ok) return answer.result;
      throw failureOf(answer.refusal);
    },
    async file(id, size, signal) {
      if (hosted && size !== undefined && size > mostDown) throw tooLarge();
      const found = await api.ask('getFile', { file_id: id }, place, { signal });
      if (!found.ok && /too big/iu.test(found.refusal.words)) throw tooLarge();
      if (!found.ok) throw failureOf(found.refusal);
      const { file_path: path } = found.result;
      if (path === undefined || path.startsWith('/'))
        throw new CoPawError('not-found', 'the Bot API server keeps files to itself', { next: 'Start it without --local.' });
      const parts = path.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
      return platformFile(hands, `${base}/file/bot${await tokenNow()}/${parts.map(encodeURIComponent).join('/')}`, signal);
    },
  };
  return api;
}

const tooLarge = (): CoPawError => new CoPawError('too-large', 'it is larger than 20 MB, the most that Telegram hands to a bot');

/** What a refusal means for a message that was to be sent, and for a connection. */
export function failureOf({ status, words, retryAfterMs }: Refusal): CoPawError {
  // A token that has never been one is answered with 404.
  if (status === 401 || status === 404)
    return new CoPawError('unauthenticated', 'Telegram does not know this token.', {
      next: 'Take the token of the bot from @BotFather, then run: copaw channels add telegram',
    });
  if (status === 409)
    return new CoPawError('forbidden', `Another program receives the messages of this bot: ${words.slice(0, 200)}`, {
      next: 'Stop the other program, or give CoPaw a bot of its own; then run: copaw channels restart.',
    });
  return platformFailure(status, words, retryAfterMs);
}

function refusalOf({ error_code, description = '', parameters }: z.output<typeof envelope>, status: number): Refusal {
  const { retry_after: seconds, migrate_to_chat_id: chat } = parameters ?? {};
  return {
    ...{ status: error_code ?? status, words: description },
    ...(seconds === undefined ? {} : { retryAfterMs: seconds * 1_000 }),
    ...(chat === undefined ? {} : { movedTo: String(chat) }),
  };
}

function spoken(bytes: Uint8Array): z.output<typeof envelope> | undefined {
  try {
    return envelope.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}

/** The door takes bytes: a form is written out before it leaves. */
async function multipart(params: object, files: readonly Upload[]): Promise<{ body: Uint8Array; headers: Record<string, string> }> {
  const form = new FormData();
  for (const [name, value] of Object.entries(params))
    if (value !== undefined) form.append(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
  for (const { field, name, mediaType, bytes } of files) form.append(field, new Blob([new Uint8Array(bytes)], { type: mediaType }), name);
  const written = new Response(form);
  const headers = { 'content-type': written.headers.get('content-type') ?? '' };
  return { headers, body: new Uint8Array(await written.arrayBuffer()) };
}

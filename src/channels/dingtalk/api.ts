// Requests of the open platform of DingTalk, with the token of the app, and what its refusals mean.
import { z } from 'zod';
import type { ChannelHands } from '../../core/channel-kind.ts';
import { CoPawError } from '../../core/error.ts';
import { retryAfter } from '../../lib/retry-after.ts';
import { multipart } from '../multipart.ts';
import { askPlatform, type PlatformAnswer, platformFailure, uploadOf } from '../platform-request.ts';

const refusal = z.object({ code: z.string(), message: z.string().catch('') });
const tokenAnswer = z.object({ accessToken: z.string().min(1), expireIn: z.number() });
const connection = z.object({ endpoint: z.string().regex(/^wss?:\/\//u), ticket: z.string().min(1) });

export const botMessages = '/v1.0/im/bot/messages/get';
const usualBusyMs = 1_000;
const uploadMs = 120_000;
/** The older interface answers with 200 and says in the body what went wrong. */
const uploaded = z.object({ errcode: z.number(), errmsg: z.string().catch(''), media_id: z.string().min(1).optional() });
const badTokens: ReadonlySet<number> = new Set([40_001, 40_014, 41_001, 42_001]);
const tooBusy: ReadonlySet<number> = new Set([-1, 90_002, 90_018]);
/** A token is not used in its last minutes. */
const spareMs = 5 * 60_000;

export interface DingTalkApi {
  ask<T>(path: string, schema: z.ZodType<T>, json: object, how?: { readonly method?: 'PUT'; readonly signal?: AbortSignal }): Promise<T>;
  /** Its id, good for messages of this app. */
  upload(type: 'image' | 'file', file: { readonly name: string; readonly mediaType: string; readonly value: Uint8Array }): Promise<string>;
  /** A fresh address of the stream, good for one connection. */
  stream(signal: AbortSignal): Promise<string>;
}

export interface DingTalkAccount {
  readonly api: string;
  readonly clientId: string;
  secret(): Promise<string>;
}

export function dingTalkApi(hands: Pick<ChannelHands, 'fetch' | 'clock'>, { api, clientId, secret }: DingTalkAccount): DingTalkApi {
  let token: { readonly value: string; readonly until: number } | undefined;
  const base = api.replace(/\/+$/u, '');
  const accessToken = async (): Promise<string> => {
    if (token && hands.clock.steady() < token.until) return token.value;
    const asked = hands.clock.steady();
    const answer = await askPlatform(hands, { url: `${base}/v1.0/oauth2/accessToken`, json: { appKey: clientId, appSecret: await secret() } });
    checkLogin(answer, hands.clock.now());
    const { accessToken: value, expireIn } = answer.json(tokenAnswer);
    token = { value, until: asked + expireIn * 1_000 - spareMs };
    return value;
  };
  return {
    async ask(path, schema, json, how = {}) {
      const headers = { 'x-acs-dingtalk-access-token': await accessToken() };
      const answer = await askPlatform(hands, { url: `${base}${path}`, headers, json, ...how });
      try {
        checkRefusal(answer, hands.clock.now());
      } catch (error) {
        if (error instanceof CoPawError && error.code === 'unauthenticated') token = undefined;
        throw error;
      }
      return answer.json(schema);
    },
    async upload(type, { name, mediaType, value }) {
      const url = `${uploadsOf(base)}/media/upload?${new URLSearchParams({ access_token: await accessToken(), type })}`;
      const { contentType, body } = multipart([{ name: 'media', value, fileName: name, mediaType }]);
      const answer = await uploadOf(askPlatform(hands, { url, headers: { 'content-type': contentType }, body, timeoutMs: uploadMs }));
      checkRefusal(answer, hands.clock.now());
      const { errcode, errmsg, media_id } = answer.json(uploaded);
      if (errcode === 0 && media_id !== undefined) return media_id;
      if (badTokens.has(errcode)) token = undefined;
      throw platformFailure(badTokens.has(errcode) ? 401 : tooBusy.has(errcode) ? 429 : 400, `${errcode} ${errmsg}`.trim(), usualBusyMs);
    },
    async stream(signal) {
      const json = { clientId, clientSecret: await secret(), subscriptions: [{ type: 'CALLBACK', topic: botMessages }], ua: 'copaw' };
      const answer = await askPlatform(hands, { url: `${base}/v1.0/gateway/connections/open`, headers: { accept: 'application/json' }, json, signal });
      checkLogin(answer, hands.clock.now());
      const { endpoint, ticket } = answer.json(connection);
      return `${endpoint}?${new URLSearchParams({ ticket })}`;
    },
  };
}

/** Files are taken under a name of their own. */
const uploadsOf = (base: string): string => base.replace(/^https:\/\/api\./u, 'https://oapi.');

function checkRefusal(answer: PlatformAnswer, now: number): void {
  const { status } = answer;
  if (status >= 200 && status < 300) return;
  const { code = '', message = '' } = refusalOf(answer);
  const words = `${code} ${message}`.trim();
  if (/QpsLimit|Throttling/u.test(code) || status === 429) throw platformFailure(429, words, retryAfter(answer.header('retry-after'), now) ?? usualBusyMs);
  if (/InvalidAuthentication|invalidAccessToken/iu.test(code)) throw platformFailure(401, words);
  throw platformFailure(status, words);
}

/** Of what shows the secret of the app: a refusal there is one of the account. */
function checkLogin(answer: PlatformAnswer, now: number): void {
  try {
    checkRefusal(answer, now);
  } catch (error) {
    if (!(error instanceof CoPawError) || (error.code !== 'send-refused' && error.code !== 'unauthenticated')) throw error;
    throw new CoPawError('unauthenticated', error.message, {
      next: 'Check Client ID and Client Secret of the app: copaw channels add dingtalk.',
      cause: error,
    });
  }
}

function refusalOf(answer: PlatformAnswer): Partial<z.output<typeof refusal>> {
  try {
    return answer.json(refusal);
  } catch {
    return {};
  }
}

// Requests of the open platform of Feishu and Lark, with the token of the app, and what its codes mean.
import { z } from 'zod';
import type { ChannelHands } from '../../core/channel-kind.ts';
import { CoPawError } from '../../core/error.ts';
import { retryAfter } from '../../lib/retry-after.ts';
import { askPlatform, type PlatformAnswer, type PlatformRequest, platformFailure } from '../platform-request.ts';

const answered = z.object({ code: z.number(), msg: z.string().catch('') });
const tokenAnswer = z.object({ tenant_access_token: z.string().min(1), expire: z.number() });
const endpointAnswer = z.object({
  data: z.object({ URL: z.string().regex(/^wss?:\/\//u), ClientConfig: z.object({ PingInterval: z.number().positive() }).optional().catch(undefined) }),
});

/** The token is missing, wrong, at its end, or of another app. */
const tokenCodes: ReadonlySet<number> = new Set([99991661, 99991663, 99991664, 99991665, 99991668, 99991671, 99991677]);
const busyCodes: ReadonlySet<number> = new Set([99991400, 230020, 11232, 1000040350]);
/** Of the long connection (ws-client/enum.ts of the SDK): it may be better in a moment. */
const passingCodes: ReadonlySet<number> = new Set([1, 1000040343]);
/** The message is just being sent: nobody knows yet. */
const openCodes: ReadonlySet<number> = new Set([230049]);
const jsonType = { 'content-type': 'application/json; charset=utf-8' };
const usualBusyMs = 1_000;
/** A token is not used in its last minutes. */
const spareMs = 5 * 60_000;

export interface FeishuApi {
  ask<T>(path: string, schema: z.ZodType<T>, request?: Omit<PlatformRequest, 'url'>): Promise<T>;
  url(path: string): string;
  headers(): Promise<Readonly<Record<string, string>>>;
  /** Where the long connection goes, for once. */
  endpoint(signal: AbortSignal): Promise<z.output<typeof endpointAnswer>['data']>;
}

export interface FeishuAccount {
  readonly domain: string;
  readonly appId: string;
  secret(): Promise<string>;
}

export function feishuApi(hands: Pick<ChannelHands, 'fetch' | 'clock'>, { domain, appId, secret }: FeishuAccount): FeishuApi {
  let token: { readonly value: string; readonly until: number } | undefined;
  const url = (path: string): string => `${domain.replace(/\/+$/u, '')}${path}`;
  const headers = async (): Promise<Readonly<Record<string, string>>> => {
    if (!token || hands.clock.steady() >= token.until) {
      const asked = hands.clock.steady();
      const json = { app_id: appId, app_secret: await secret() };
      const answer = await askPlatform(hands, { url: url('/open-apis/auth/v3/tenant_access_token/internal'), headers: jsonType, json });
      checkLogin(answer, hands.clock.now());
      const { tenant_access_token: value, expire } = answer.json(tokenAnswer);
      token = { value, until: asked + expire * 1_000 - spareMs };
    }
    return { authorization: `Bearer ${token.value}` };
  };
  return {
    ...{ url, headers },
    async ask(path, schema, request = {}) {
      const answer = await askPlatform(hands, {
        ...request,
        url: url(path),
        headers: { ...(request.json === undefined ? {} : jsonType), ...(await headers()), ...request.headers },
      });
      try {
        checkCode(answer, hands.clock.now());
      } catch (error) {
        if (error instanceof CoPawError && error.code === 'unauthenticated') token = undefined;
        throw error;
      }
      return answer.json(schema);
    },
    async endpoint(signal) {
      const json = { AppID: appId, AppSecret: await secret() };
      const answer = await askPlatform(hands, { url: url('/callback/ws/endpoint'), headers: { ...jsonType, locale: 'en' }, json, signal });
      checkLogin(answer, hands.clock.now());
      return answer.json(endpointAnswer).data;
    },
  };
}

function codeOf(answer: PlatformAnswer): z.output<typeof answered> {
  try {
    return answer.json(answered);
  } catch (error) {
    if (answer.status >= 200 && answer.status < 300) throw error;
    throw platformFailure(answer.status, '');
  }
}

function checkCode(answer: PlatformAnswer, now: number): void {
  const { code, msg } = codeOf(answer);
  const fine = answer.status >= 200 && answer.status < 300;
  if (code === 0 && fine) return;
  const words = `${code} ${msg}`;
  if (tokenCodes.has(code)) throw platformFailure(401, words);
  if (busyCodes.has(code) || answer.status === 429) throw platformFailure(429, words, waitOf(answer, now));
  if (openCodes.has(code)) throw new CoPawError('channel-down', `The platform is not done with it: ${words}`, { retryable: false });
  if (passingCodes.has(code)) throw platformFailure(503, words);
  throw platformFailure(fine ? 400 : answer.status, words);
}

/** Of what shows the secret of the app: a refusal there is one of the account. */
function checkLogin(answer: PlatformAnswer, now: number): void {
  try {
    checkCode(answer, now);
  } catch (error) {
    if (!(error instanceof CoPawError) || error.code !== 'send-refused') throw error;
    const next = 'Check the id and the secret of the app, and that its events come by the long connection: copaw channels add feishu.';
    throw new CoPawError('unauthenticated', error.message, { next, cause: error });
  }
}

/** Seconds until it counts anew (https://open.feishu.cn/document/server-docs/api-call-guide/frequency-control). */
const waitOf = (answer: PlatformAnswer, now: number): number =>
  retryAfter(answer.header('x-ogw-ratelimit-reset'), now) ?? retryAfter(answer.header('retry-after'), now) ?? usualBusyMs;

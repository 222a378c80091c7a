// Slack's Web API for one connection. It answers 200 to almost everything; what went wrong is in `error`.
import { z } from 'zod';
import type { ChannelHands } from '../../core/channel-kind.ts';
import { CoPawError } from '../../core/error.ts';
import { retryAfter } from '../../lib/retry-after.ts';
import { askPlatform, checkAnswer, platformFailure } from '../platform-request.ts';
import { createWaits } from '../waits.ts';

const said = z.looseObject({ ok: z.boolean(), error: z.string().optional(), needed: z.string().optional() });

export interface Call {
  readonly token: string;
  /** Sent as JSON. */
  readonly json?: object;
  /** Sent as a form, for methods that take nothing else. */
  readonly form?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface SlackApi {
  /** Throws as `Channel.send` does. */
  ask<T>(method: string, call: Call, schema: z.ZodType<T>): Promise<T>;
}

export function openApi(hands: ChannelHands, base: string, ended: AbortSignal): SlackApi {
  const waits = createWaits(hands.clock);
  return {
    async ask(method, { token, json, form, signal }, schema) {
      const until = signal ? AbortSignal.any([signal, ended]) : ended;
      await waits.pass(method, until);
      const type = form ? 'application/x-www-form-urlencoded' : 'application/json; charset=utf-8';
      const answer = await askPlatform(hands, {
        ...{ url: `${base}/${method}`, method: 'POST', signal: until, headers: { authorization: `Bearer ${token}`, 'content-type': type } },
        body: form ? new URLSearchParams(form).toString() : JSON.stringify(json ?? {}),
      });
      const wait = retryAfter(answer.header('retry-after'), hands.clock.now());
      if (answer.status === 429) {
        waits.set(method, wait ?? 1_000);
        throw platformFailure(429, 'too many requests', wait ?? 1_000);
      }
      checkAnswer(answer, hands.clock);
      const { ok, error = 'unknown_error', needed } = answer.json(said);
      if (!ok) throw slackFailure(method, error, needed, wait);
      return answer.json(schema);
    },
  };
}

const noAccount: ReadonlySet<string> = new Set([
  ...['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired', 'not_allowed_token_type', 'no_permission'],
]);
/** After these some of it may have happened. */
const unsure: ReadonlySet<string> = new Set(['internal_error', 'fatal_error', 'request_timeout', 'service_unavailable', 'unknown_error']);

/** https://docs.slack.dev/reference/methods/chat.postMessage#errors */
function slackFailure(method: string, error: string, needed: string | undefined, wait: number | undefined): CoPawError {
  const words = `Slack refused ${method}: ${error.slice(0, 100)}.`;
  if (noAccount.has(error)) return new CoPawError('unauthenticated', words, { next: 'Give the account its tokens again: copaw channels add slack.' });
  if (error === 'ratelimited' || error === 'rate_limited') return new CoPawError('busy', words, { retryAfterMs: wait ?? 1_000 });
  if (unsure.has(error)) return new CoPawError('channel-down', words, { retryable: false });
  const scope = error === 'missing_scope' ? `Add the scope ${needed ?? 'it needs'} to the app at api.slack.com/apps, and install it again.` : undefined;
  return new CoPawError('send-refused', words, scope === undefined ? {} : { next: scope });
}

// Discord's HTTP API for one connection: the token on each request, and nothing asked where Discord said to wait.
import { z } from 'zod';
import type { ChannelHands } from '../../core/channel-kind.ts';
import { askPlatform, checkAnswer, type PlatformAnswer, type PlatformRequest, platformFailure } from '../platform-request.ts';
import { createWaits } from '../waits.ts';

const limited = z.object({ retry_after: z.number().nonnegative(), global: z.boolean().default(false) });
const refused = z.object({ message: z.string(), code: z.union([z.int(), z.string()]).optional() });

export interface Rest {
  /** `path` below the API's address. Answers with 2xx; throws as `Channel.send` does. */
  ask(
    method: string,
    path: string,
    given?: Pick<PlatformRequest, 'json' | 'body' | 'headers' | 'timeoutMs'> & { readonly signal?: AbortSignal },
  ): Promise<PlatformAnswer>;
}

export function openRest(hands: ChannelHands, base: string, token: () => Promise<string>, ended: AbortSignal): Rest {
  const waits = createWaits(hands.clock);

  return {
    async ask(method, path, { signal, ...given } = {}) {
      const bucket = `${method} ${path.split(/[/?]/u, 3).join('/')}`;
      const until = signal ? AbortSignal.any([signal, ended]) : ended;
      await waits.pass(bucket, until);
      // What an interaction brings is its own permission; its address names no account.
      const open = /^(?:interactions|webhooks)\//u.test(path);
      const headers = { 'user-agent': 'DiscordBot (https://copaw.invalid, 1)', ...(open ? {} : { authorization: `Bot ${await token()}` }), ...given.headers };
      const answer = await askPlatform(hands, { ...given, url: `${base}/${path}`, method, headers, signal: until });
      if (answer.status === 429) {
        const said = parsed(limited, answer);
        const ms = Math.ceil((said?.retry_after ?? (Number(answer.header('retry-after')) || 1)) * 1_000);
        waits.set(said?.global === true ? '' : bucket, ms);
        throw platformFailure(429, 'too many requests', ms);
      }
      const reset = Number(answer.header('x-ratelimit-reset-after'));
      if (answer.header('x-ratelimit-remaining') === '0' && reset > 0) waits.set(bucket, reset * 1_000);
      const said = answer.status >= 400 ? parsed(refused, answer) : undefined;
      checkAnswer(answer, hands.clock, said && `${said.message}${said.code === undefined ? '' : ` (${said.code})`}`);
      return answer;
    },
  };
}

function parsed<T>(schema: z.ZodType<T>, answer: PlatformAnswer): T | undefined {
  try {
    return answer.json(schema);
  } catch {
    return undefined; // an answer of something in between: the status says enough
  }
}

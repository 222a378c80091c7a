// Anything that can sign a request becomes a channel: events come as signed JSON, answers leave as signed JSON. Whoever writes is a program, and judged as unattended.

import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { type Channel, type ChannelLimits, partName, type Sendable, type WebhookRequest } from '../../core/channel.ts';
import { type ChannelHands, channelKind, channelSecret } from '../../core/channel-kind.ts';
import { CoPawError } from '../../core/error.ts';
import { jsonOf } from '../../lib/json-of.ts';
import { untilAborted } from '../../lib/until-aborted.ts';
import { createWebhookVerifier, type SignatureStyle } from '../../lib/webhook-signature.ts';
import { askPlatform, checkAnswer } from '../platform-request.ts';
import { toInbound, webhookEvent } from './wire.ts';

const settings = z.looseObject({
  secret: channelSecret().describe('Signs what comes and what goes: 16 characters at least, the same on both sides.'),
  url: z.url({ protocol: /^https?$/ }).describe('Where answers are posted.'),
  textLength: z.int().min(160).max(100_000).default(16_000).describe('Most characters of one part of an answer.'),
});

/** HMAC-SHA256 over "<seconds>.<body>", as hex. */
const style = {
  header: 'x-copaw-signature',
  encoding: 'hex',
  prefix: 'sha256=',
  timestamp: { header: 'x-copaw-timestamp', signed: '{timestamp}.{body}' },
} as const satisfies SignatureStyle;

export const webhook = channelKind({
  kind: 'webhook',
  title: 'Webhook',
  settings,
  origins: ({ url }) => [new URL(url).origin],
  open: (chosen, hands) => openWebhook(chosen, hands),
});

function openWebhook({ secret, url, textLength }: z.output<typeof settings>, hands: ChannelHands): Channel {
  const limits: ChannelLimits = { dialect: 'plain', textLength, media: true, edit: true, choices: true, threads: true, liveMs: Number.POSITIVE_INFINITY };
  let take: ((request: WebhookRequest) => Promise<number>) | undefined;

  const post = async (body: object): Promise<void> => {
    const json = JSON.stringify(body);
    const seconds = String(Math.floor(hands.clock.now() / 1_000));
    const signature = createHmac('sha256', await hands.secret(secret))
      .update(`${seconds}.${json}`)
      .digest('hex');
    const headers = { 'content-type': 'application/json', 'x-copaw-timestamp': seconds, 'x-copaw-signature': `sha256=${signature}` };
    checkAnswer(await askPlatform(hands, { url, headers, body: json }), hands.clock);
  };

  const shown = async ({ text, files = [], choices }: Sendable): Promise<object> => ({
    text,
    ...(choices === undefined ? {} : { choices }),
    files: await Promise.all(files.map(async ({ name, mediaType, bytes }) => ({ name, mediaType, base64: Buffer.from(await bytes()).toString('base64') }))),
  });

  return {
    limits,
    async start(inbox, signal) {
      const { verify, forget } = createWebhookVerifier({ secret: strong(await hands.secret(secret)), style, clock: hands.clock });
      take = async ({ header, body }) => {
        const verdict = verify(header, body);
        if (verdict === 'too-many') return 429;
        if (verdict !== 'valid') return 401;
        const parsed = webhookEvent.safeParse(jsonOf(body));
        if (!parsed.success) return 400;
        const { event, files } = toInbound(parsed.data, hands.clock.now());
        try {
          await inbox.receive(event, files);
        } catch (error) {
          forget(header);
          throw error;
        }
        return 202;
      };
      inbox.alive();
      await untilAborted(signal);
      take = undefined;
    },
    webhook: async (request) => ({ status: (await take?.(request)) ?? 503 }),
    async send({ chat, thread }, message, key) {
      const id = partName(key);
      await post({ type: 'message', id, chat, ...(thread === undefined ? {} : { thread }), ...(await shown(message)) });
      return { id };
    },
    async edit({ chat, thread }, { id }, message) {
      await post({ type: 'edit', id, chat, ...(thread === undefined ? {} : { thread }), ...(await shown(message)) });
    },
    stop: async () => {
      take = undefined;
    },
  };
}

function strong(secret: string): string {
  if (secret.length >= 16) return secret;
  throw new CoPawError('config-invalid', 'The secret of a webhook has 16 characters at least.', { next: 'Set a longer one: copaw channels add webhook' });
}

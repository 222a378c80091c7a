// Telegram, by its Bot API: a bot of @BotFather that polls, or is called at a webhook. docs/channels/telegram.md says how one is set up.

import { z } from 'zod';
import type { Channel, ChannelLimits, Inbox, WebhookRequest } from '../../core/channel.ts';
import { type ChannelHands, channelKind, channelSecret } from '../../core/channel-kind.ts';
import { type CommandName, chatCommands } from '../../core/chat-command.ts';
import { CoPawError, toCoPawError } from '../../core/error.ts';
import { jsonOf } from '../../lib/json-of.ts';
import { sameText } from '../../lib/same-text.ts';
import { failureOf, publicApi, telegramApi } from './api.ts';
import { createButtons } from './buttons.ts';
import { poll, type Receiving, takeUpdate } from './receive.ts';
import { createSending } from './send.ts';
import { self, wantedUpdates } from './wire.ts';

const settings = z.looseObject({
  token: channelSecret().describe('The token that @BotFather gives for the bot.'),
  webhookUrl: z
    .url({ protocol: /^https$/ })
    .optional()
    .describe('Public https address of /hooks/telegram/<account>: Telegram then calls CoPaw. Without it CoPaw asks Telegram.'),
  webhookSecret: channelSecret().optional().describe('With webhookUrl: 16 to 256 letters, digits, "_" and "-" by which CoPaw knows Telegram.'),
  apiUrl: z
    .url({ protocol: /^https?$/ })
    .default(publicApi)
    .describe('Another Bot API server, if you run one.'),
});

/** What the menu of the bot shows. */
const menu: ReadonlySet<CommandName> = new Set(['help', 'new', 'stop', 'status', 'model', 'history', 'usage']);
/** How often it is looked whether Telegram still calls here. */
const lookMs = 5 * 60_000;
const notes = { en: 'This button is too old. Ask again.', zh: '这个按钮已失效，请重新提问。' } as const;

export const telegram = channelKind({
  kind: 'telegram',
  title: 'Telegram',
  settings,
  origins: ({ apiUrl }) => [new URL(apiUrl).origin],
  open: (chosen, hands) => openTelegram(chosen, hands),
});

function openTelegram({ token, webhookUrl, webhookSecret, apiUrl }: z.output<typeof settings>, hands: ChannelHands): Channel {
  const called = webhookUrl !== undefined && webhookSecret !== undefined;
  const limits: ChannelLimits = {
    ...{ dialect: 'telegram-html', textLength: 4096, media: true, edit: true, editMs: 3_000, choices: true, threads: true },
    ...(called ? { liveMs: Number.POSITIVE_INFINITY } : {}),
  };
  const api = telegramApi(hands, token, apiUrl);
  const buttons = createButtons();
  const sending = createSending(api, buttons, hands);
  const ended = new AbortController();
  let take: ((request: WebhookRequest) => Promise<number>) | undefined;

  const connect = async (inbox: Inbox, signal: AbortSignal): Promise<void> => {
    const me = await api.call('getMe', {}, self, { signal });
    const receiving: Receiving = {
      ...{ hands, api, inbox },
      albums: new Map(),
      reading: () => ({ me, now: hands.clock.now(), language: hands.language(), open: api.file, value: buttons.value }),
      pressed: (id, known) => aside('answerCallbackQuery', { callback_query_id: id, ...(known ? {} : { text: notes[hands.language()] }) }, signal),
    };
    const commands = chatCommands.filter(({ name }) => menu.has(name)).map(({ name, says }) => ({ command: name, description: says[hands.language()] }));
    if (!called) {
      if (webhookUrl !== undefined || webhookSecret !== undefined) throw halfWebhook();
      await api.call('deleteWebhook', { drop_pending_updates: false }, z.unknown(), { signal });
      if (signal.aborted) return;
      inbox.alive();
      aside('setMyCommands', { commands }, signal);
      return poll(receiving, signal);
    }
    const secret = await hands.secret(webhookSecret);
    if (!/^[\w-]{16,256}$/u.test(secret)) throw weakSecret();
    take = async ({ header, body }) => {
      if (!sameText(header('x-telegram-bot-api-secret-token') ?? '', secret)) return 401;
      const update = jsonOf(body);
      if (update === undefined) return 400;
      inbox.alive();
      await takeUpdate(update, receiving);
      return 200;
    };
    await setWebhook(webhookUrl, secret, signal);
    if (signal.aborted) return;
    inbox.alive();
    aside('setMyCommands', { commands }, signal);
    return watch(webhookUrl, signal);
  };

  const setWebhook = async (url: string, secret: string, signal: AbortSignal): Promise<void> => {
    const params = { url, secret_token: secret, max_connections: 4, allowed_updates: wantedUpdates, drop_pending_updates: false };
    const answer = await api.ask('setWebhook', params, z.unknown(), { signal });
    if (answer.ok) return;
    if (answer.refusal.status !== 400) throw failureOf(answer.refusal);
    throw new CoPawError('config-invalid', `Telegram does not take this webhook: ${answer.refusal.words.slice(0, 200)}`, {
      next: 'Correct webhookUrl, or take it out: CoPaw then asks Telegram by itself.',
    });
  };

  /** Telegram calls nobody once another program has asked for the messages. */
  const watch = async (url: string, signal: AbortSignal): Promise<void> => {
    const info = z.object({ url: z.string(), pending_update_count: z.int().default(0), last_error_message: z.string().optional() });
    for (;;) {
      await hands.clock.sleep(lookMs, signal);
      const found = await api.call('getWebhookInfo', {}, info, { signal });
      if (found.url !== url) throw new CoPawError('channel-down', 'Somebody took the webhook of this bot away.', { next: 'Stop the other program.' });
      if (found.pending_update_count > 0 && found.last_error_message !== undefined)
        hands.log('warn', 'telegram-webhook-failing', { waiting: found.pending_update_count, said: found.last_error_message.slice(0, 200) });
    }
  };

  /** Of no weight: that it fails is written down, and nothing waits for it. */
  const aside = (method: string, params: object, signal: AbortSignal): void => {
    void api
      .call(method, params, z.unknown(), { signal, timeoutMs: 10_000 })
      .catch((error: unknown) => (signal.aborted ? undefined : hands.log('info', 'telegram-aside-failed', { method, code: toCoPawError(error).code })));
  };

  return {
    limits,
    async start(inbox, signal) {
      const both = AbortSignal.any([signal, ended.signal]);
      if (both.aborted) return;
      try {
        await connect(inbox, both);
      } catch (error) {
        if (!both.aborted) throw error;
      } finally {
        take = undefined;
      }
    },
    send: (to, message) => sending.send(to, message),
    edit: (to, ref, message) => sending.edit(to, ref, message),
    typing: (to) => sending.typing(to),
    ...(called ? { webhook: async (request: WebhookRequest) => ({ status: (await take?.(request)) ?? 503 }) } : {}),
    stop: async () => {
      ended.abort();
      take = undefined;
    },
  };
}

const halfWebhook = (): CoPawError =>
  new CoPawError('config-invalid', 'A webhook of Telegram needs both webhookUrl and webhookSecret.', {
    next: 'Set both, or none: CoPaw then asks Telegram by itself.',
  });

const weakSecret = (): CoPawError =>
  new CoPawError('config-invalid', 'webhookSecret has 16 to 256 letters, digits, "_" and "-".', { next: 'Make one, for example: openssl rand -hex 32' });

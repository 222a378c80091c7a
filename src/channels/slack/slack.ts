// Slack, as an app: events by Socket Mode or by signed HTTP, everything else by the Web API. Both are spoken here, through the doors of CoPaw (docs/channels/slack.md).

import { z } from 'zod';
import type { Address } from '../../core/address.ts';
import { type Channel, type ChannelLimits, type Inbox, partName, type Sendable, type WebhookAnswer, type WebhookRequest } from '../../core/channel.ts';
import { type ChannelHands, channelKind, channelSecret } from '../../core/channel-kind.ts';
import { CoPawError, toCoPawError } from '../../core/error.ts';
import { jsonOf } from '../../lib/json-of.ts';
import { untilAborted } from '../../lib/until-aborted.ts';
import { createWebhookVerifier, signatureStyles } from '../../lib/webhook-signature.ts';
import { askPlatform, checkAnswer, platformFile } from '../platform-request.ts';
import { socketOrigin } from '../web-socket.ts';
import { openApi } from './api.ts';
import { openSocket } from './socket.ts';
import { type Around, blockActions, eventCallback, fromAction, fromCommand, fromEvent, type Received, slashCommand } from './wire.ts';

/** A block of text has 3,000 characters; a message may have more, but not beside buttons. */
const textLength = 3_000;
const mostButtons = 25;
const mostLabel = 75;
const historyPages = 5;
const metadataType = 'copaw_part';

const settings = z.looseObject({
  botToken: channelSecret().describe('The bot token of the app, "xoxb-…", from the page "OAuth & Permissions" at api.slack.com/apps.'),
  appToken: channelSecret().optional().describe('An app-level token with the scope connections:write, "xapp-…": events then come by Socket Mode.'),
  signingSecret: channelSecret()
    .optional()
    .describe('The signing secret of the page "Basic Information": events then come by HTTP, to /hooks/slack/<account>.'),
  api: z
    .url({ protocol: /^https?$/u })
    .optional()
    .describe("Another address of Slack's Web API; files and the web socket are then expected on the same host."),
});

const official = 'https://slack.com/api';

export const slack = channelKind({
  kind: 'slack',
  title: 'Slack',
  settings,
  origins: ({ api }) => (api === undefined ? officialOrigins : [new URL(api).origin, socketOrigin(new URL(api))]),
  open: openSlack,
});

const officialOrigins = ['https://slack.com', 'https://files.slack.com', 'tls://*.slack.com:443'];

const whoami = z.object({ user_id: z.string().min(1), bot_id: z.string().optional() });
const connection = z.object({ url: z.url({ protocol: /^wss?$/u }) });
const posted = z.object({ ts: z.string().min(1) });
const upload = z.object({ upload_url: z.url({ protocol: /^https?$/u }), file_id: z.string().min(1) });
const history = z.object({
  messages: z.array(z.object({ ts: z.string(), metadata: z.object({ event_payload: z.object({ part: z.string().optional() }).optional() }).optional() })),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

function openSlack({ botToken, appToken, signingSecret, api: base = official }: z.output<typeof settings>, hands: ChannelHands): Channel {
  const stopped = new AbortController();
  const api = openApi(hands, base.replace(/\/+$/u, ''), stopped.signal);
  const bot = (): Promise<string> => hands.secret(botToken);
  const filesOrigin = base === official ? 'https://files.slack.com' : new URL(base).origin;
  const limits: ChannelLimits = {
    ...{ dialect: 'slack-mrkdwn', textLength, media: true, edit: true, choices: true, threads: true },
    ...(appToken === undefined ? { liveMs: Number.POSITIVE_INFINITY } : {}),
  };
  let take: ((request: WebhookRequest) => Promise<WebhookAnswer>) | undefined;

  /** The token goes to where Slack keeps files, and nowhere else that an event names. */
  const openFile = async (url: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> => {
    if (new URL(url).origin !== filesOrigin) throw new CoPawError('egress-refused', 'This file is not kept by Slack.', { rule: 'R18' });
    return platformFile(hands, url, signal, { authorization: `Bearer ${await bot()}` });
  };

  const receive = async (inbox: Inbox, received: readonly (Received | undefined)[]): Promise<void> => {
    for (const one of received) if (one) await inbox.receive(one.event, one.files);
  };

  const webhook = (inbox: Inbox, secret: string, around: () => Around): NonNullable<typeof take> => {
    const { verify } = createWebhookVerifier({ secret, style: signatureStyles.versioned, clock: hands.clock });
    return async ({ header, body }) => {
      const verdict = verify(header, body);
      if (verdict !== 'valid') return { status: verdict === 'too-many' ? 429 : 401 };
      const text = new TextDecoder().decode(body);
      if (header('content-type')?.startsWith('application/x-www-form-urlencoded')) {
        const form = Object.fromEntries(new URLSearchParams(text));
        const action = blockActions.safeParse(jsonOf(form.payload ?? ''));
        const command = slashCommand.safeParse(form);
        await receive(inbox, action.success ? fromAction(action.data) : command.success ? [fromCommand(command.data, around())] : []);
        return { status: 200 };
      }
      const given = jsonOf(text);
      const challenge = z.object({ type: z.literal('url_verification'), challenge: z.string().max(1_000) }).safeParse(given);
      if (challenge.success) return { status: 200, json: { challenge: challenge.data.challenge } };
      const event = eventCallback.safeParse(given);
      if (event.success) await receive(inbox, [fromEvent(event.data.event, around())]);
      return { status: 200 };
    };
  };

  /** Until Slack closes it unasked; a connection that Slack wants to end is followed by another one first. */
  const listen = async (inbox: Inbox, token: string, around: () => Around, signal: AbortSignal): Promise<void> => {
    const begin = async () => {
      const { url } = await api.ask('apps.connections.open', { token, signal }, connection);
      return openSocket(hands, url, signal, {
        alive: () => void (signal.aborted || inbox.alive()),
        async take(type, payload) {
          const event = type === 'events_api' ? eventCallback.safeParse(payload).data : undefined;
          const action = type === 'interactive' ? blockActions.safeParse(payload).data : undefined;
          const command = type === 'slash_commands' ? slashCommand.safeParse(payload).data : undefined;
          await receive(inbox, [event && fromEvent(event.event, around()), ...(action ? fromAction(action) : []), command && fromCommand(command, around())]);
        },
      });
    };
    for (let socket = await begin(); ; ) {
      const why = await socket.over.catch(async (error: unknown) => {
        await socket.close();
        throw error;
      });
      const before = socket;
      if (why === 'closed') await before.close();
      if (why === 'closed') throw new CoPawError('channel-down', 'Slack closed the connection.');
      socket = await begin();
      await before.close();
    }
  };

  const place = ({ chat, thread }: Address) => ({ channel: chat, ...(thread === undefined ? {} : { thread_ts: thread }) });

  const uploaded = async (files: NonNullable<Sendable['files']>): Promise<readonly { readonly id: string; readonly title: string }[]> => {
    const done: { id: string; title: string }[] = [];
    for (const { name, bytes } of files) {
      const body = await bytes();
      const form = { filename: name, length: String(body.byteLength) };
      const { upload_url: url, file_id: id } = await api.ask('files.getUploadURLExternal', { token: await bot(), form }, upload);
      if (new URL(url).origin !== filesOrigin) throw new CoPawError('send-refused', 'Slack named a place for the file that is not its own.');
      const headers = { 'content-type': 'application/octet-stream' };
      checkAnswer(await askPlatform(hands, { url, method: 'POST', headers, body, signal: stopped.signal, timeoutMs: 50_000 }), hands.clock);
      done.push({ id, title: name });
    }
    return done;
  };

  return {
    limits,
    async start(inbox, outer) {
      const signal = AbortSignal.any([outer, stopped.signal]);
      if (signal.aborted) return;
      try {
        const secrets = { bot: await bot(), app: appToken && (await hands.secret(appToken)), signing: signingSecret && (await hands.secret(signingSecret)) };
        if (secrets.app === undefined && secrets.signing === undefined)
          throw new CoPawError('config-invalid', 'Slack needs an app token or a signing secret to bring events.', { next: 'Run: copaw channels add slack' });
        if (secrets.signing !== undefined && secrets.signing.length < 16)
          throw new CoPawError('config-invalid', "This is not Slack's signing secret: it is too short.", {
            next: 'Copy it from the page "Basic Information" of the app.',
          });
        const me = await api.ask('auth.test', { token: secrets.bot, signal }, whoami);
        const around = (): Around => ({ self: me.user_id, selfBot: me.bot_id, now: hands.clock.now(), openFile });
        if (secrets.signing !== undefined) take = webhook(inbox, secrets.signing, around);
        if (secrets.app !== undefined) return await listen(inbox, secrets.app, around, signal);
        inbox.alive();
        await untilAborted(signal);
      } catch (error) {
        if (signal.aborted) return;
        const { code, message, next } = toCoPawError(error);
        // What refuses a message is here a refusal of the account.
        throw code === 'send-refused' ? new CoPawError('forbidden', message, { cause: error, ...(next === undefined ? {} : { next }) }) : error;
      } finally {
        take = undefined;
      }
    },

    ...(signingSecret === undefined ? {} : { webhook: async (request: WebhookRequest) => (await take?.(request)) ?? { status: 503 } }),

    async send(to, { files = [], ...message }, key) {
      const ready = await uploaded(files).catch(unseen);
      const metadata = { event_type: metadataType, event_payload: { part: partName(key) } };
      const json = { ...place(to), ...shown(message), unfurl_links: false, unfurl_media: false, mrkdwn: true, metadata };
      const { ts } = await api.ask('chat.postMessage', { token: await bot(), json }, posted);
      if (ready.length === 0) return { id: ts };
      const { channel: channel_id, ...thread } = place(to);
      await api
        .ask('files.completeUploadExternal', { token: await bot(), json: { files: ready, channel_id, ...thread } }, z.unknown())
        .catch((error: unknown) => {
          throw new CoPawError('channel-down', 'The words were sent, their files perhaps not.', { retryable: false, cause: error });
        });
      return { id: ts };
    },

    async edit({ chat }, { id }, message) {
      await api.ask('chat.update', { token: await bot(), json: { channel: chat, ts: id, ...shown(message) } }, z.unknown());
    },

    async reconcile({ chat, thread }, key) {
      const wanted = partName(key);
      const method = thread === undefined ? 'conversations.history' : 'conversations.replies';
      let cursor: string | undefined;
      for (let page = 0; page < historyPages; page++) {
        const where = { channel: chat, limit: '200', include_all_metadata: 'true', ...(thread === undefined ? {} : { ts: thread }) };
        const said = await api.ask(method, { token: await bot(), form: { ...where, ...(cursor ? { cursor } : {}) } }, history);
        const found = said.messages.find(({ metadata }) => metadata?.event_payload?.part === wanted);
        if (found) return { id: found.ts };
        cursor = said.response_metadata?.next_cursor;
        if (!cursor) return 'absent';
      }
      return 'unknown';
    },

    stop: async () => stopped.abort(),
  };
}

/** Nothing is parsed into mentions or links that the text does not write as such. */
function shown({ text, choices = [] }: Pick<Sendable, 'text' | 'choices'>): object {
  if (choices.length === 0) return { text, parse: 'none' };
  const buttons = choices.slice(0, mostButtons).map(({ label, value }, index) => ({
    ...{ type: 'button', action_id: `choice-${index}`, value },
    text: { type: 'plain_text', text: [...label].slice(0, mostLabel).join(''), emoji: false },
  }));
  const words = text === '' ? [] : [{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }];
  return { text, parse: 'none', blocks: [...words, { type: 'actions', elements: buttons }] };
}

/** A file that was not shared is seen by nobody: it may be sent again. */
function unseen(error: unknown): never {
  const { code, message } = toCoPawError(error);
  throw code === 'channel-down' ? new CoPawError('channel-down', message, { cause: error }) : error;
}

// Discord, as a bot: events by the gateway, everything else by the HTTP API. Both are spoken here, through the doors of CoPaw (docs/channels/discord.md).

import { z } from 'zod';
import type { Address } from '../../core/address.ts';
import type { Channel, ChannelLimits, Inbox, PartKey, SentRef } from '../../core/channel.ts';
import { type ChannelHands, channelKind, channelSecret } from '../../core/channel-kind.ts';
import { CoPawError, toCoPawError } from '../../core/error.ts';
import { remember } from '../../lib/remember.ts';
import { createLongValues } from '../long-values.ts';
import { platformFile } from '../platform-request.ts';
import { socketOrigin } from '../web-socket.ts';
import { runGateway, type Session } from './gateway.ts';
import { writeMenu } from './menu.ts';
import { inMessages, messageBody, nonceOf } from './outgoing.ts';
import { openRest } from './rest.ts';
import { channelShape, historyShape, parentIn, readDispatch, type Seen } from './wire.ts';

const limits: ChannelLimits = {
  ...{ dialect: 'discord', textLength: 2_000, media: true, edit: true, choices: true, threads: true },
  /** Life is an answered heartbeat, one in 41 seconds; a resumed connection has missed one. */
  liveMs: 120_000,
};
/** Connections in a row that brought nothing, before somebody else begins anew. */
const mostFailures = 12;
const longestWaitMs = 30_000;
const longestCustomId = 100;
const mostRemembered = 2_000;
const historyLength = 100;

const settings = z.looseObject({
  token: channelSecret().describe('The token of the bot, from the page "Bot" of its application at discord.com/developers/applications.'),
  menu: z.boolean().default(true).describe('Shows CoPaw\'s commands behind "/" in Discord\'s clients. It replaces other commands of the same application.'),
  api: z
    .url({ protocol: /^https?$/u })
    .optional()
    .describe("Another address of Discord's HTTP API; files and the gateway are then expected on the same host."),
});

const official = 'https://discord.com/api/v10';

export const discord = channelKind({
  kind: 'discord',
  title: 'Discord',
  settings,
  origins: ({ api }) => (api === undefined ? officialOrigins : [new URL(api).origin, socketOrigin(new URL(api))]),
  open: openDiscord,
});

const officialOrigins = ['https://discord.com', 'tls://*.discord.gg:443', 'https://cdn.discordapp.com', 'https://media.discordapp.net'];

const gatewayShape = z.object({ url: z.url({ protocol: /^wss?$/u }), session_start_limit: z.object({ remaining: z.number(), reset_after: z.number() }) });
const sentShape = z.object({ id: z.string().min(1) });

function openDiscord({ token: ref, menu, api = official }: z.output<typeof settings>, hands: ChannelHands): Channel {
  const stopped = new AbortController();
  const token = (): Promise<string> => hands.secret(ref);
  const rest = openRest(hands, api.replace(/\/+$/u, ''), token, stopped.signal);
  /** Channel -> the one above it, where it is a thread. */
  const parents = new Map<string, string | undefined>();
  /** Message -> who wrote it. */
  const authors = new Map<string, string>();
  /** Our own message -> its nonce, as the gateway said; the history does not. */
  const nonces = new Map<string, string>();
  /** Meanings of buttons that are too long for Discord. One from before a restart means its name: nothing. */
  const meanings = createLongValues(mostRemembered);
  let self: string | undefined;

  const shortValue = (value: string): string => (value.length <= longestCustomId && !value.startsWith('#') ? value : meanings.keep(value));

  const parentOf = async (channel: string, signal: AbortSignal): Promise<string | undefined> => {
    if (parents.has(channel)) return parents.get(channel);
    const parent = await rest.ask('GET', `channels/${channel}`, { signal }).then(
      (answer) => parentIn(answer.json(channelShape)),
      (error: unknown) => {
        if (toCoPawError(error).code !== 'send-refused') throw error;
        return undefined; // it may not be looked at: a place of its own, which nobody listed
      },
    );
    remember(parents, channel, parent, mostRemembered);
    return parent;
  };

  /** At once, or Discord tells the person that nothing happened. Their words are answered as any others are. */
  const acknowledge = async ({ id, token: permission, application, button }: Extract<Seen, { kind: 'interaction' }>): Promise<void> => {
    await rest.ask('POST', `interactions/${id}/${permission}/callback`, { json: button ? { type: 6 } : { type: 5, data: { flags: 64 } } });
    if (!button) await rest.ask('DELETE', `webhooks/${application}/${permission}/messages/@original`);
  };

  const take = async (inbox: Inbox, seen: Seen): Promise<void> => {
    if (seen.kind === 'channels') {
      for (const channel of seen.channels) remember(parents, channel.id, parentIn(channel), mostRemembered);
    } else if (seen.kind === 'own') remember(nonces, seen.message, seen.nonce, mostRemembered);
    else if (seen.kind === 'event') {
      await inbox.receive(seen.event, seen.files);
      if (seen.author) remember(authors, ...seen.author, mostRemembered);
    } else {
      const { event } = seen;
      if (event) await inbox.receive(event.kind === 'choice' ? { ...event, value: meanings.value(event.value) ?? event.value } : event);
      void acknowledge(seen).catch((error: unknown) => hands.log('warn', 'discord-interaction-unanswered', { code: toCoPawError(error).code }));
    }
  };

  const begin = async (signal: AbortSignal): Promise<string> => {
    const { url, session_start_limit: left } = (await rest.ask('GET', 'gateway/bot', { signal })).json(gatewayShape);
    // Discord takes the token away from whoever begins more sessions than that.
    if (left.remaining < 1) throw new CoPawError('busy', 'Discord lets this bot begin no more sessions today.', { retryAfterMs: left.reset_after });
    return url;
  };

  const post = async ({ chat, thread }: Address, body: ReturnType<typeof messageBody>): Promise<SentRef> => ({
    id: (await rest.ask('POST', `channels/${thread ?? chat}/messages`, body)).json(sentShape).id,
  });

  return {
    limits,
    async start(inbox, outer) {
      const signal = AbortSignal.any([outer, stopped.signal]);
      if (signal.aborted) return;
      try {
        const url = await begin(signal);
        let session: Session | undefined;
        for (let failures = 0; !signal.aborted; ) {
          const ending = await runGateway({
            ...{ hands, url, token, session, signal, alive: () => void (signal.aborted || inbox.alive()) },
            ready(now, resumed) {
              if (signal.aborted) return;
              self = now.self;
              inbox.alive();
              if (!resumed && menu)
                void writeMenu(rest, now.application, hands.language()).catch((error: unknown) => {
                  if (!signal.aborted) hands.log('warn', 'discord-menu-failed', { code: toCoPawError(error).code });
                });
            },
            async dispatch(now, name, data, sequence) {
              const around = {
                ...{ self: now.self, eventId: `${now.id}:${sequence}`, now: hands.clock.now(), authorOf: (message: string) => authors.get(message) },
                parentOf: (channel: string) => parentOf(channel, signal),
                openFile: async (file: string, until: AbortSignal) => platformFile(hands, file, until),
              };
              for (const seen of await readDispatch(name, data, around)) await take(inbox, seen);
            },
          }).catch((error: unknown) => {
            // Where a session waits to be resumed, not reaching Discord is worth another try.
            if (!session || signal.aborted || !toCoPawError(error).retryable) throw error;
            return { session, progress: false, error: toCoPawError(error) };
          });
          if (signal.aborted) return;
          failures = ending.progress ? 0 : failures + 1;
          if (!ending.session || failures >= mostFailures) throw ending.error;
          session = ending.session;
          await hands.clock.sleep(Math.min(longestWaitMs, (100 + 100 * hands.random()) * 2 ** failures), signal);
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },

    async send(to, { files = [], ...message }, key) {
      const [first = [], ...more] = await inMessages(files);
      const sent = await post(to, messageBody(message, first, nonceOf(key), shortValue));
      for (const [index, group] of more.entries())
        await post(to, messageBody({ text: '' }, group, nonceOf(key, index + 1), shortValue)).catch((error: unknown) => {
          throw new CoPawError('channel-down', 'Only some of the files were taken.', { retryable: false, cause: error });
        });
      return sent;
    },

    async edit({ chat, thread }, { id }, { text, choices = [] }) {
      await rest.ask('PATCH', `channels/${thread ?? chat}/messages/${id}`, messageBody({ text, choices }, [], undefined, shortValue));
    },

    async typing({ chat, thread }) {
      await rest.ask('POST', `channels/${thread ?? chat}/typing`);
    },

    async reconcile({ chat, thread }: Address, key: PartKey) {
      const history = (await rest.ask('GET', `channels/${thread ?? chat}/messages?limit=${historyLength}`)).json(historyShape);
      const wanted = nonceOf(key);
      if (self === undefined) return 'unknown';
      const own = history.filter(({ author }) => author.id === self).map(({ id, nonce }) => ({ id, nonce: nonce == null ? nonces.get(id) : String(nonce) }));
      const found = own.find(({ nonce }) => nonce === wanted);
      if (found) return { id: found.id };
      // It is not there only if all that is there is known to be something else.
      return history.length < historyLength && own.every(({ nonce }) => nonce !== undefined && nonce !== '') ? 'absent' : 'unknown';
    },

    stop: async () => stopped.abort(),
  };
}

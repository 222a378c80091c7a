// Mattermost, by its REST API and web socket: a bot account of a server. docs/channels/mattermost.md says how one is set up.

import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { type Channel, type ChannelLimits, type Inbox, type PartKey, partName, type Sendable, type SentRef, type WebhookRequest } from '../../core/channel.ts';
import { type ChannelHands, channelKind, channelSecret } from '../../core/channel-kind.ts';
import { CoPawError, toCoPawError } from '../../core/error.ts';
import { sameText } from '../../lib/same-text.ts';
import { socketOrigin } from '../web-socket.ts';
import { mattermostApi } from './api.ts';
import { calm } from './calm.ts';
import { listen } from './receive.ts';
import { channelType, keyProp, post, postList, read, self } from './wire.ts';

const settings = z.looseObject({
  url: z.url({ protocol: /^https?$/ }).describe('Address of the server, as people open it.'),
  token: channelSecret().describe('Access token of the bot account.'),
  webhookUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address of /hooks/mattermost/<account> as the server reaches it: then there are buttons.'),
  webhookSecret: channelSecret().optional().describe('With webhookUrl: 16 characters at least, known to nobody else. Signs what the buttons say.'),
});

/** "limited to 5 files maximum", https://developers.mattermost.com/api-documentation/#/operations/CreatePost */
const mostFiles = 5;
const lookPages = 3;
const lookPage = 100;
const created = z.object({ id: z.string().min(1) });

export const mattermost = channelKind({
  kind: 'mattermost',
  title: 'Mattermost',
  settings,
  origins: ({ url }) => [new URL(url).origin, socketOrigin(new URL(url))],
  open: (chosen, hands) => openMattermost(chosen, hands),
});

function openMattermost({ url, token, webhookUrl, webhookSecret }: z.output<typeof settings>, hands: ChannelHands): Channel {
  const api = mattermostApi(hands, token, url);
  const buttons = webhookUrl !== undefined && webhookSecret !== undefined ? { url: webhookUrl, secret: webhookSecret } : undefined;
  // A server takes 16,383 characters; a name that must call nobody grows by one.
  const limits: ChannelLimits = { dialect: 'discord', textLength: 12_000, media: true, edit: true, choices: buttons !== undefined, threads: true };
  const ended = new AbortController();
  let taking: Inbox | undefined;

  const sign = async (chat: string, value: string): Promise<string> => {
    const secret = buttons ? await hands.secret(buttons.secret) : '';
    if (secret.length < 16)
      throw new CoPawError('config-invalid', 'webhookSecret has 16 characters at least.', { next: 'Make one, for example: openssl rand -hex 32' });
    return createHmac('sha256', secret)
      .update(JSON.stringify([chat, value]))
      .digest('hex');
  };

  /** No preview is fetched of what a model wrote, and no picture in it is loaded. */
  const propsOf = async (chat: string, choices: Sendable['choices'] = [], key?: string): Promise<object> => {
    const actions = buttons
      ? await Promise.all(
          choices.map(async ({ label, value }, index) => {
            const integration = { url: buttons.url, context: { value, mac: await sign(chat, value) } };
            return { id: `choice${index}`, name: label, type: 'button', integration };
          }),
        )
      : [];
    return { unsafe_links: 'true', ...(key === undefined ? {} : { [keyProp]: key }), ...(actions.length === 0 ? {} : { attachments: [{ actions }] }) };
  };

  const upload = async (chat: string, files: NonNullable<Sendable['files']>): Promise<readonly string[]> => {
    const ids: string[] = [];
    const uploaded = z.object({ file_infos: z.array(created).length(1) });
    for (const { name, bytes } of files) {
      const query = new URLSearchParams({ channel_id: chat, filename: name });
      const body = await bytes();
      const { file_infos } = await api.call(`/files?${query}`, uploaded, { body }).catch((error: unknown) => Promise.reject(nothingShown(error)));
      ids.push(...file_infos.map(({ id }) => id));
    }
    return ids;
  };

  const presses = async ({ body }: WebhookRequest): Promise<number> => {
    const request = read(new TextDecoder().decode(body), pressed);
    if (!request) return 400;
    const { channel_id, post_id, user_id, trigger_id, context } = request;
    if (!sameText(context.mac, await sign(channel_id, context.value))) return 401;
    if (!taking) return 503;
    const { type } = await api.call(`/channels/${encodeURIComponent(channel_id)}`, z.object({ type: channelType }));
    const at = hands.clock.now();
    await taking.receive({
      ...{ kind: 'choice', id: `choice-${trigger_id ?? `${post_id}-${user_id}-${at}`}`, target: post_id, value: context.value, at },
      ...{ chat: { id: channel_id, kind: type === 'D' ? 'direct' : 'group' }, sender: { id: user_id } },
    });
    return 200;
  };

  const reconcile = async (chat: string, key: PartKey): Promise<SentRef | 'absent' | 'unknown'> => {
    for (let page = 0; page < lookPages; page++) {
      const { order, posts } = await api.call(`/channels/${encodeURIComponent(chat)}/posts?page=${page}&per_page=${lookPage}`, postList);
      const found = order.flatMap((id) => post.safeParse(posts[id]).data ?? []).find(({ props }) => props?.[keyProp] === partName(key));
      if (found) return { id: found.id };
      if (order.length < lookPage) return 'absent';
    }
    return 'unknown';
  };

  return {
    limits,
    async start(inbox, signal) {
      const both = AbortSignal.any([signal, ended.signal]);
      if (both.aborted) return;
      try {
        if ((webhookUrl === undefined) !== (webhookSecret === undefined))
          throw new CoPawError('config-invalid', 'Buttons of Mattermost need both webhookUrl and webhookSecret.', { next: 'Set both, or none.' });
        if (buttons) await sign('', '');
        const me = await api.call('/users/me', self, { signal: both });
        taking = inbox;
        await listen({ hands, api, inbox, me }, both);
      } catch (error) {
        if (!both.aborted) throw error;
      } finally {
        taking = undefined;
      }
    },
    async send({ chat, thread }, { text, files = [], choices }, key) {
      const ids = await upload(chat, files);
      const root = thread === undefined ? {} : { root_id: thread };
      const [first = [], ...more] = inGroups(ids);
      const name = partName(key);
      const say = async (message: string, file_ids: readonly string[], part: string, shown: Sendable['choices']): Promise<string> => {
        const props = await propsOf(chat, shown, part);
        const json = { channel_id: chat, ...root, message, file_ids, props, pending_post_id: `copaw:${part}` };
        return (await api.call('/posts', created, { json })).id;
      };
      const id = await say(calm(text), first, name, choices);
      for (const [index, group] of more.entries())
        await say('', group, `${name}+${index + 1}`, []).catch((cause: unknown) => {
          throw new CoPawError('channel-down', 'Only a part of it arrived: Mattermost takes five files with a post.', { retryable: false, cause });
        });
      return { id };
    },
    async edit({ chat }, { id }, { text, choices }) {
      const json = { message: calm(text), props: await propsOf(chat, choices) };
      await api.call(`/posts/${encodeURIComponent(id)}/patch`, created, { method: 'PUT', json });
    },
    async typing({ chat, thread }) {
      await api.call('/users/me/typing', z.unknown(), { json: { channel_id: chat, ...(thread === undefined ? {} : { parent_id: thread }) } });
    },
    reconcile: ({ chat }, key) => reconcile(chat, key),
    ...(buttons ? { webhook: async (request: WebhookRequest) => answerOf(await presses(request)) } : {}),
    stop: async () => {
      ended.abort();
      taking = undefined;
    },
  };
}

/** What the server sends when a button is pressed: https://developers.mattermost.com/integrate/plugins/interactive-messages */
const pressed = z.object({
  user_id: z.string().min(1).max(64),
  channel_id: z.string().min(1).max(64),
  post_id: z.string().min(1).max(64),
  trigger_id: z.string().min(1).max(500).optional(),
  context: z.object({ value: z.string().min(1).max(500), mac: z.string() }),
});

const answerOf = (status: number) => ({ status, ...(status === 200 ? { json: {} } : {}) });

/** Nobody sees a file before a post has it: whatever became of it, it may be tried again. */
function nothingShown(error: unknown): unknown {
  const { code, message } = toCoPawError(error);
  return code === 'channel-down' ? new CoPawError('egress-failed', message, { cause: error }) : error;
}

function inGroups(ids: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(ids.length / mostFiles) }, (_, index) => ids.slice(index * mostFiles, (index + 1) * mostFiles));
}

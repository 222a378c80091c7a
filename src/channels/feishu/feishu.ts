// Feishu and Lark: events come by the long connection of the open platform, answers go out as cards, which can be changed and have buttons.

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Channel, type ChannelLimits, type OutgoingFile, type PartKey, partName, type SentRef } from '../../core/channel.ts';
import { type ChannelHands, channelKind, channelSecret } from '../../core/channel-kind.ts';
import { CoPawError } from '../../core/error.ts';
import { multipart } from '../multipart.ts';
import { platformFile, restOf, uploadOf } from '../platform-request.ts';
import { createWorkingSign } from '../working-sign.ts';
import { type FeishuApi, feishuApi } from './api.ts';
import { card } from './card.ts';
import { listen } from './listen.ts';
import { feishuEvent, type Known, know, toInbound } from './wire.ts';

const settings = z.looseObject({
  appId: z.string().min(1).describe('App ID of a self-built app, for example cli_a10fbf7e738d100e.'),
  appSecret: channelSecret().describe('App Secret of the app.'),
  domain: z
    .url({ protocol: /^https?$/ })
    .default('https://open.feishu.cn')
    .describe('https://open.feishu.cn, or https://open.larksuite.com for Lark.'),
});

/** A card has 30 KB with its buttons. The platform wants a ping every two minutes at the latest, and is sent one each minute. */
const limits: ChannelLimits = {
  ...{ dialect: 'feishu-card', textLength: 26_000, media: true, edit: true, editMs: 1_000, choices: true, threads: true },
  liveMs: 150_000,
};

const usualPingSeconds = 120;
const uploadMs = 50_000;
const longestUuid = 50;
const imageTypes: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
const mostImage = 10 * 1024 * 1024;

const botInfo = z.object({ bot: z.object({ open_id: z.string().min(1) }) });
const sentMessage = z.object({ data: z.object({ message_id: z.string().min(1) }) });
const reaction = z.object({ data: z.object({ reaction_id: z.string().min(1) }) });
const image = z.object({ data: z.object({ image_key: z.string().min(1) }) });
const file = z.object({ data: z.object({ file_key: z.string().min(1) }) });

export const feishu = channelKind({
  kind: 'feishu',
  title: 'Feishu / Lark',
  settings,
  origins: ({ domain }) => originsOf(new URL(domain)),
  open: (chosen, hands) => openFeishu(chosen, hands),
});

/** Where the long connection goes is told anew each time: a name below the platform's own. */
function originsOf({ origin, protocol, hostname, port }: URL): readonly string[] {
  if (protocol === 'http:') return [origin, `tcp://${hostname}:${port || 80}`];
  return [origin, `tls://*.${hostname.split('.').slice(1).join('.')}:443`];
}

function openFeishu(chosen: z.output<typeof settings>, hands: ChannelHands): Channel {
  const stopped = new AbortController();
  const known: Known = new Map();
  const api = feishuApi(hands, { domain: chosen.domain, appId: chosen.appId, secret: () => hands.secret(chosen.appSecret) });

  const sign = createWorkingSign(hands.clock, async (_place, messageId) => {
    const path = `/open-apis/im/v1/messages/${encodeURIComponent(messageId)}/reactions`;
    const { data } = await api.ask(path, reaction, { json: { reaction_type: { emoji_type: 'Typing' } } });
    return () => api.ask(`${path}/${encodeURIComponent(data.reaction_id)}`, z.unknown(), { method: 'DELETE' });
  });

  return {
    limits,
    async start(inbox, given) {
      const signal = AbortSignal.any([given, stopped.signal]);
      try {
        const { bot } = await api.ask('/open-apis/bot/v3/info', botInfo, { signal });
        const { URL: url, ClientConfig } = await api.endpoint(signal);
        const place = {
          ...{ own: bot.open_id, known },
          open: async (message: string, key: string, type: 'image' | 'file', stop: AbortSignal) => {
            const path = `/open-apis/im/v1/messages/${encodeURIComponent(message)}/resources/${encodeURIComponent(key)}?type=${type}`;
            return platformFile(hands, api.url(path), stop, await api.headers());
          },
        };
        await listen({
          ...{ hands, url, signal, pingSeconds: ClientConfig?.PingInterval ?? usualPingSeconds, alive: () => inbox.alive() },
          async take(frame) {
            const { data } = feishuEvent.safeParse(frame);
            const received = data && toInbound(data, place);
            if (!received) return;
            const { event } = received;
            const { id: chat, thread } = event.chat;
            if (event.kind === 'message') sign.came({ chat, ...(thread === undefined ? {} : { thread }) }, event.id);
            await inbox.receive(event, received.files);
          },
        });
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
    async send(to, message, key) {
      sign.leave(to);
      const files = [];
      for (const one of message.files ?? []) files.push(await upload(api, one));
      const words = message.text === '' && files.length > 0 ? [] : [{ type: 'interactive', content: card(message, to.peer !== undefined) }];
      const sent: SentRef[] = [];
      for (const [index, { type, content }] of [...words, ...files].entries()) {
        const json = { msg_type: type, content: JSON.stringify(content), uuid: uuidOf(key, index) };
        sent.push(await restOf(index, post(api, to.chat, to.thread, json)));
      }
      const [first] = sent;
      if (!first) throw new CoPawError('send-refused', 'There is nothing to send.');
      const chat = {
        id: to.chat,
        kind: to.peer === undefined ? ('group' as const) : ('direct' as const),
        ...(to.thread === undefined ? {} : { thread: to.thread }),
      };
      for (const { id } of sent) know(known, id, chat);
      return first;
    },
    async edit(to, { id }, message) {
      const json = { content: JSON.stringify(card(message, to.peer !== undefined)) };
      await api.ask(`/open-apis/im/v1/messages/${encodeURIComponent(id)}`, z.object({}), { method: 'PATCH', json });
    },
    typing: (to) => sign.show(to),
    async stop() {
      sign.stop();
      stopped.abort();
    },
  };
}

async function post(api: FeishuApi, chat: string, thread: string | undefined, json: object): Promise<SentRef> {
  const answer =
    thread === undefined
      ? api.ask('/open-apis/im/v1/messages?receive_id_type=chat_id', sentMessage, { json: { receive_id: chat, ...json } })
      : api.ask(`/open-apis/im/v1/messages/${encodeURIComponent(thread)}/reply`, sentMessage, { json: { ...json, reply_in_thread: true } });
  const { data } = await answer;
  return { id: data.message_id };
}

async function upload(api: FeishuApi, { name, mediaType, bytes }: OutgoingFile): Promise<{ readonly type: string; readonly content: object }> {
  const value = await bytes();
  const asImage = imageTypes.has(mediaType) && value.byteLength <= mostImage;
  const part = { name: asImage ? 'image' : 'file', value, fileName: name, mediaType };
  const names = asImage ? [{ name: 'image_type', value: 'message' }] : [...[{ name: 'file_type', value: 'stream' }], { name: 'file_name', value: name }];
  const { contentType, body } = multipart([...names, part]);
  const request = { body, headers: { 'content-type': contentType }, timeoutMs: uploadMs };
  if (asImage) return { type: 'image', content: { image_key: (await uploadOf(api.ask('/open-apis/im/v1/images', image, request))).data.image_key } };
  return { type: 'file', content: { file_key: (await uploadOf(api.ask('/open-apis/im/v1/files', file, request))).data.file_key } };
}

/** Within an hour the platform takes one message with it. */
function uuidOf(key: PartKey, index: number): string {
  const name = `${partName(key)}.${index}`;
  return name.length <= longestUuid ? name : createHash('sha256').update(name).digest('hex').slice(0, longestUuid);
}

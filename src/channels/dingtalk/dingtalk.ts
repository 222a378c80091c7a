// DingTalk: what people say to the bot of an app comes by the stream of the open platform, answers go out by the robot's own requests.

import { z } from 'zod';
import type { Address } from '../../core/address.ts';
import { type Channel, type ChannelLimits, partName, type SentRef } from '../../core/channel.ts';
import { type ChannelHands, channelKind, channelSecret } from '../../core/channel-kind.ts';
import { CoPawError } from '../../core/error.ts';
import { jsonOf } from '../../lib/json-of.ts';
import { platformFile, restOf } from '../platform-request.ts';
import { createWorkingSign } from '../working-sign.ts';
import { botMessages, type DingTalkApi, dingTalkApi } from './api.ts';
import { createCards } from './cards.ts';
import { fileMessage, type RobotMessage } from './files.ts';
import { listen } from './listen.ts';
import { botMessage, toInbound } from './wire.ts';

const settings = z.looseObject({
  clientId: z.string().min(1).describe('Client ID (formerly AppKey) of an internal app, for example dingk3x8vq2example.'),
  clientSecret: channelSecret().describe('Client Secret (formerly AppSecret) of the app.'),
  robotCode: z.string().min(1).optional().describe('Code of the robot, where it is another than the Client ID.'),
  cardTemplate: z
    .string()
    .min(1)
    .optional()
    .describe('Id of an AI card template: answers grow in a card of it. One that the platform brings: 382e4302-551d-4880-bf29-a30acfab2e71.schema'),
  cardVariable: z.string().min(1).default('msgContent').describe('Variable of the card template that takes the words.'),
  api: z
    .url({ protocol: /^https?$/ })
    .default('https://api.dingtalk.com')
    .describe('Address of the open platform.'),
});

/** The parameters of a message have 15,000 bytes, as JSON, its title among them. */
const limits: ChannelLimits = { dialect: 'dingtalk-markdown', textLength: 14_500, media: true, edit: false, choices: false, threads: false };
/** The words of a card have 10 KB; clients show nothing of one that has more. Requests that follow closely are refused. */
const limitsOfCards: ChannelLimits = { ...limits, textLength: 8_000, edit: true, editMs: 1_000 };

const busyMs = 1_000;
/** Characters: beside a full text there is room for so many of three bytes. */
const longestTitle = 40;

const sentOne = z.object({
  processQueryKey: z.string().min(1).optional(),
  invalidStaffIdList: z.array(z.string()).optional().catch(undefined),
  flowControlledStaffIdList: z.array(z.string()).optional().catch(undefined),
});
const download = z.object({ downloadUrl: z.url({ protocol: /^https?$/ }) });

export const dingtalk = channelKind({
  kind: 'dingtalk',
  title: 'DingTalk',
  settings,
  origins: ({ api }) => originsOf(new URL(api)),
  open: (chosen, hands) => openDingTalk(chosen, hands),
});

/** The stream and the files that people send are below names of the platform and of its storage, told anew each time. */
function originsOf({ origin, protocol, hostname, port }: URL): readonly string[] {
  if (protocol === 'http:') return [origin, `tcp://${hostname}:${port || 80}`];
  return [origin, `tls://*.${hostname.split('.').slice(1).join('.')}:443`, 'https://*.dingtalk.com', 'https://*.aliyuncs.com'];
}

function openDingTalk(chosen: z.output<typeof settings>, hands: ChannelHands): Channel {
  const stopped = new AbortController();
  const api = dingTalkApi(hands, { api: chosen.api, clientId: chosen.clientId, secret: () => hands.secret(chosen.clientSecret) });
  const robotCode = chosen.robotCode ?? chosen.clientId;
  const cards =
    chosen.cardTemplate === undefined ? undefined : createCards({ hands, api, robotCode, template: chosen.cardTemplate, variable: chosen.cardVariable });

  const sign = createWorkingSign(hands.clock, async ({ chat }, openMsgId) => {
    const text = hands.language() === 'zh' ? '🤔思考中' : '🤔Thinking';
    const textEmotion = { emotionId: '2659900', emotionName: text, text, backgroundId: 'im_bg_1' };
    const json = { robotCode, openMsgId, openConversationId: chat, emotionType: 2, emotionName: text, textEmotion };
    await api.ask('/v1.0/robot/emotion/reply', z.unknown(), json);
    return () => api.ask('/v1.0/robot/emotion/recall', z.unknown(), json);
  });

  return {
    limits: cards ? limitsOfCards : limits,
    async start(inbox, given) {
      const signal = AbortSignal.any([given, stopped.signal]);
      try {
        await listen({
          ...{ hands, url: await api.stream(signal), signal, alive: () => inbox.alive() },
          async take({ headers, data }) {
            const message = headers.topic === botMessages ? botMessage.safeParse(jsonOf(data)).data : undefined;
            const received =
              message &&
              toInbound(message, async (downloadCode, stop) => {
                const json = { downloadCode, robotCode: message.robotCode ?? robotCode };
                const { downloadUrl } = await api.ask('/v1.0/robot/messageFiles/download', download, json, { signal: stop });
                return platformFile(hands, secure(downloadUrl, chosen.api), stop);
              });
            if (!received) return;
            if (received.event.kind === 'message') sign.came({ chat: message.conversationId }, message.msgId);
            await inbox.receive(received.event, received.files);
          },
        });
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
    async send(to, { text, files = [], goesOn }, key) {
      sign.leave({ chat: to.chat });
      if (goesOn && cards) {
        await cards.open(to, partName(key), text);
        return { id: partName(key) };
      }
      const messages: RobotMessage[] = text === '' && files.length > 0 ? [] : [{ msgKey: 'sampleMarkdown', param: { title: titleOf(text), text } }];
      for (const file of files) messages.push(await fileMessage(file, api.upload));
      const sent: SentRef[] = [];
      for (const [index, message] of messages.entries()) sent.push(await restOf(index, post(api, robotCode, to, message)));
      const [first] = sent;
      if (first) return first;
      throw new CoPawError('send-refused', 'There is nothing to send.');
    },
    ...(cards ? { edit: (_to, { id }, { text, goesOn }) => (goesOn ? cards.write(id, text) : cards.finish(id, text)) } : {}),
    typing: ({ chat }) => sign.show({ chat }),
    async stop() {
      sign.stop();
      stopped.abort();
    },
  };
}

async function post(api: DingTalkApi, robotCode: string, { chat, peer }: Address, { msgKey, param }: RobotMessage): Promise<SentRef> {
  const json = { robotCode, msgKey, msgParam: JSON.stringify(param) };
  const answer =
    peer === undefined
      ? await api.ask('/v1.0/robot/groupMessages/send', sentOne, { ...json, openConversationId: chat })
      : await api.ask('/v1.0/robot/oToMessages/batchSend', sentOne, { ...json, userIds: [peer] });
  // A 200 that sent nothing says to whom.
  if (answer.invalidStaffIdList?.length) throw new CoPawError('send-refused', 'The platform knows nobody of this id in the organisation.');
  if (answer.flowControlledStaffIdList?.length) throw new CoPawError('busy', 'The platform takes no more for this person now.', { retryAfterMs: busyMs });
  if (answer.processQueryKey !== undefined) return { id: answer.processQueryKey };
  throw new CoPawError('channel-down', 'The platform gave no receipt.', { retryable: false });
}

/** What the list of chats and the notice show: the first words, without marks and entities. */
function titleOf(text: string): string {
  const words = text.replace(/```\S*\n|&#?\w+;|\]\(\S*\)|[#*>`[\]\p{Cf}]/gu, ' ').replace(/\s+/gu, ' ');
  return Array.from(words.trim()).slice(0, longestTitle).join('').trim() || 'CoPaw';
}

/** The platform writes addresses of its storage with http now and then; they answer to https too. */
function secure(url: string, api: string): string {
  return new URL(url).origin === new URL(api).origin ? url : url.replace(/^http:/u, 'https:');
}

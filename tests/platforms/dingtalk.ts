// The open platform of DingTalk on loopback, as far as a bot needs it: token, stream, robot messages, downloads. It takes nothing that its pages do not allow
// (https://open.dingtalk.com/document/orgapp, https://open-dingtalk.github.io/developerpedia/docs/learn/stream/protocol).

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Lexer, walkTokens } from 'marked';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { dingtalk } from '../../src/channels/dingtalk/dingtalk.ts';
import { readZip } from '../../src/lib/archive-zip.ts';
import type { ChannelWorld, Platform, PlatformFault, ShownMessage } from '../../src/testing/channel-world.ts';
import { type CardDouble, cardTemplate, openCards } from './dingtalk-cards.ts';
import { listen, shut } from './loopback.ts';

const client = 'dingk3x8vq2example';
const secret = 'Xq3vY8bN2mK7pL5wR9tZ1cF6hJ4dS0gA';
const token = 'fw8ef8we8f76e6f7s8df8s';
const ids = { ana: '01426861-1254332033', ben: '01426861-1254332034', self: '$:LWCP_v1:$self', bot: 'other-bot' } as const;
const group = 'cidFbEwwavwcAsXDZbYqSBLnA==';
/** msgParam: "The length must not exceed 15,000 bytes." */
const mostParam = 15_000;

const tokenBody = z.strictObject({ appKey: z.string(), appSecret: z.string() });
const openBody = z.strictObject({
  ...{ clientId: z.string(), clientSecret: z.string(), localIp: z.string().optional(), ua: z.string().optional() },
  subscriptions: z.tuple([z.strictObject({ type: z.literal('CALLBACK'), topic: z.literal('/v1.0/im/bot/messages/get') })]),
});
const words = { robotCode: z.literal(client), msgKey: z.enum(['sampleMarkdown', 'sampleImageMsg', 'sampleFile']), msgParam: z.string() };
/** robot/oToMessages/batchSend: 20 people at most. */
const directBody = z.strictObject({ ...words, userIds: z.array(z.string().min(1)).min(1).max(20) });
/** robot/groupMessages/send: the chat of one person is no group. */
const groupBody = z.strictObject({ ...words, openConversationId: z.literal(group) });
/** robot-message-type: a picture would be loaded from wherever it says; tags are read as HTML; what is linked elsewhere than to the web may do things. */
function faultOf(text: string): string | undefined {
  const faults: string[] = [];
  walkTokens(new Lexer().lex(text), (token) => {
    if (token.type === 'html' || token.type === 'image') faults.push(`markup that is not meant: ${token.raw.slice(0, 60)}`);
    if (token.type === 'link' && !/^(?:https?|mailto):/u.test(token.href)) faults.push(`a link to ${token.href.slice(0, 60)}`);
  });
  if (/[<>]/u.test(text.replace(/^(?: *(?:[-+*]|\d+\.) +)*(?:> ?)+/gmu, ''))) faults.push('a tag');
  return faults[0];
}
const markdownParam = z.strictObject({ title: z.string().min(1), text: z.string().min(1) }).superRefine(({ text }, context) => {
  const fault = faultOf(text);
  if (fault !== undefined) context.addIssue(fault);
});
const mostFile = 20 * 1024 * 1024;
type ShownFile = ShownMessage['files'][number];
/** What is packed shows what is in it, as to whoever opens it. */
function opened(file: ShownFile): ShownFile {
  const inside = file.name.replace(/\.zip$/u, '');
  if (inside === file.name) return file;
  const [entry] = readZip(file.bytes, { archiveBytes: mostFile, totalBytes: mostFile, fileBytes: mostFile, entries: 1, depth: 1, ratio: 1_000_000 });
  return entry?.path === inside ? { name: inside, bytes: entry.data } : file;
}
const mediaId = z.string().regex(/^@/u);
const pictureParam = z.strictObject({ photoURL: mediaId });
/** "Supported are xlsx, pdf, zip, rar, doc, docx" and the other files of Office. */
const fileParam = z
  .strictObject({ mediaId, fileName: z.string().min(1), fileType: z.enum(['pdf', 'doc', 'docx', 'xls', 'xlsx', 'ppt', 'pptx', 'zip', 'rar']) })
  .refine(({ fileName, fileType }) => fileName.toLowerCase().endsWith(`.${fileType}`));
/** Not on the public pages; as the platform's own SDK of robots has it. */
const emotionBody = z
  .strictObject({
    ...{ robotCode: z.literal(client), openMsgId: z.string().min(1), openConversationId: z.string().min(1), emotionType: z.literal(2) },
    emotionName: z.string().min(1),
    textEmotion: z.strictObject({ emotionId: z.literal('2659900'), emotionName: z.string(), text: z.string(), backgroundId: z.literal('im_bg_1') }),
  })
  .refine(({ emotionName, textEmotion }) => textEmotion.emotionName === emotionName && textEmotion.text === emotionName);
const downloadBody = z.strictObject({ downloadCode: z.string().min(1), robotCode: z.literal(client) });
const answerFrame = z.strictObject({
  ...{ code: z.literal(200), message: z.literal('OK'), data: z.string() },
  headers: z.strictObject({ contentType: z.literal('application/json'), messageId: z.string().min(1) }),
});

export interface DingTalkPlatform extends Platform {
  readonly cards: CardDouble;
  /** What stands at messages of people: "message emotion". */
  emotions(): readonly string[];
  /** A message to the bot, of any kind; or what another topic brings. */
  brings(message: object, topic?: string): void;
  /** Sends a system frame; of a ping, resolves with what was answered. */
  system(topic: 'ping' | 'disconnect', data: string): Promise<string>;
  unacknowledged(): number;
  /** What a 200 of the next direct message says beside or in place of its receipt. */
  says200(more: object): void;
  /** Of the messages that are shown. */
  titles(): readonly string[];
  /** Something to be downloaded; its code. */
  stores(bytes: Uint8Array): string;
}

export const dingTalkWorld = {
  kind: dingtalk,
  can: { group: true, mention: true, filesIn: true, filesOut: true, redelivers: true, login: true, readsMarkup: true },
  open: openDingTalkPlatform,
} satisfies ChannelWorld;

export async function openDingTalkPlatform(): Promise<DingTalkPlatform> {
  const shown: ShownMessage[] = [];
  const files = new Map<string, Uint8Array>();
  const uploads = new Map<string, ShownFile>();
  const emotions = new Set<string>();
  const messages = new Map<string, object>();
  const held = new Map<string, { readonly data: string; readonly topic: string }>();
  const pings = new Map<string, (data: string) => void>();
  const tickets = new Set<string>();
  const faults: PlatformFault[] = [];
  const complaints: string[] = [];
  const titles: string[] = [];
  const sockets = new Set<WebSocket>();
  const chatOf = (space: string): string | undefined => {
    const person = Object.entries(ids).find(([, id]) => id === space)?.[0];
    return space === group ? group : person && `cid_direct_${person}`;
  };
  const cards = openCards({ robotCode: client, chatOf, faultOf, shown });
  let said: object | undefined;
  let known = true;
  let count = 0;

  const answer = (response: ServerResponse, status: number, body: object): unknown =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const refuse = (response: ServerResponse, status: number, code: string, message = 'No.'): unknown =>
    answer(response, status, { code, message, requestid: 'R-1' });
  const complain = (response: ServerResponse, what: string): unknown => {
    complaints.push(what);
    return refuse(response, 400, 'invalidParameter', what);
  };
  const checked = <T>(response: ServerResponse, schema: z.ZodType<T>, text: string): T | undefined => {
    const parsed = schema.safeParse(JSON.parse(text));
    if (!parsed.success) complain(response, z.prettifyError(parsed.error));
    return parsed.data;
  };

  const frame = (type: string, topic: string, messageId: string, data: string): string => {
    const headers = { appId: 'a', connectionId: 'c', contentType: 'application/json', messageId, time: String(Date.now()), topic };
    return JSON.stringify({ specVersion: '1.0', type, headers, data });
  };
  const deliver = (key: string): void => {
    const one = held.get(key);
    if (one) [...sockets].at(-1)?.send(frame('CALLBACK', one.topic, key, one.data));
  };
  const bring = (data: string, topic = '/v1.0/im/bot/messages/get'): void => {
    const key = `frame_${++count}`;
    held.set(key, { data, topic });
    deliver(key);
  };
  const listens = (socket: WebSocket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.on('message', (bytes: Buffer) => {
      try {
        const { headers, data } = answerFrame.parse(JSON.parse(bytes.toString()));
        const ping = pings.get(headers.messageId);
        if (ping) return ping(data);
        if (!held.delete(headers.messageId)) throw new Error('an acknowledgement of what is not there');
      } catch (error) {
        complaints.push(String(error));
        socket.terminate();
      }
    });
    // What was not acknowledged comes again: here with the next connection, on the platform after a minute too.
    for (const key of held.keys()) deliver(key);
  };

  /** Whether it was one. */
  const fails = (response: ServerResponse, fault: PlatformFault | undefined): boolean => {
    if (fault === undefined || fault === 'lost') return false;
    if (fault === 'unauthenticated') refuse(response, 400, 'InvalidAuthentication', 'The access token is not valid.');
    else if (fault === 'forbidden') refuse(response, 403, 'Forbidden.AccessDenied.AccessTokenPermissionDenied', 'The app lacks the permission.');
    else if (fault === 'busy') refuse(response, 403, 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi', 'Too many.');
    else refuse(response, 500, 'systemError');
    return true;
  };
  const changes = (request: IncomingMessage, response: ServerResponse, what: string, text: string): unknown => {
    const fault = faults.shift();
    if (fails(response, fault)) return undefined;
    const outcome = cards.ask(what, text);
    if (outcome === undefined) return complain(response, what);
    if (typeof outcome === 'string') return outcome.startsWith('!') ? complain(response, outcome) : refuse(response, 400, outcome);
    return fault === 'lost' ? request.socket.destroy() : answer(response, 200, outcome);
  };
  const read = (response: ServerResponse, { msgKey, msgParam }: { readonly msgKey: string; readonly msgParam: string }) => {
    const fileOf = (media: string, name?: string) => {
      const file = uploads.get(media);
      if (!file) complain(response, `media ${media} that was never uploaded`);
      return file && { text: '', title: undefined, files: [opened({ ...file, ...(name === undefined ? {} : { name }) })] };
    };
    if (msgKey === 'sampleMarkdown') {
      const param = checked(response, markdownParam, msgParam);
      return param && { ...param, files: [] };
    }
    if (msgKey === 'sampleImageMsg') {
      const param = checked(response, pictureParam, msgParam);
      return param && fileOf(param.photoURL);
    }
    const param = checked(response, fileParam, msgParam);
    return param && fileOf(param.mediaId, param.fileName);
  };
  const takesFile = async (response: ServerResponse, url: URL, contentType: string, bytes: Buffer): Promise<unknown> => {
    if (url.searchParams.get('access_token') !== token) return answer(response, 200, { errcode: 40_014, errmsg: 'invalid access_token' });
    const type = url.searchParams.get('type') ?? '';
    const media = (await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData()).get('media');
    if (!(media instanceof File) || !['image', 'file'].includes(type)) return complain(response, 'an upload without its file or type');
    if (media.size > mostFile) return complain(response, `a file of ${media.size} bytes`);
    const id = `@lAD${++count}`;
    uploads.set(id, { name: media.name, bytes: new Uint8Array(await media.arrayBuffer()) });
    return answer(response, 200, { errcode: 0, errmsg: 'ok', type, media_id: id, created_at: Date.now() });
  };

  const sends = (request: IncomingMessage, response: ServerResponse, text: string, direct: boolean): unknown => {
    const fault = faults.shift();
    if (fails(response, fault)) return undefined;
    const given = direct ? checked(response, directBody, text) : checked(response, groupBody, text);
    if (!given) return undefined;
    if (Buffer.byteLength(given.msgParam) > mostParam) return complain(response, `parameters of ${Buffer.byteLength(given.msgParam)} bytes`);
    const param = read(response, given);
    if (!param) return undefined;
    const more = said;
    said = undefined;
    if (more) return answer(response, 200, more);
    const chat = 'openConversationId' in given ? given.openConversationId : (chatOf(given.userIds[0] ?? '') ?? 'nobody');
    if (param.title !== undefined) titles.push(param.title);
    const id = `query-${++count}`;
    shown.push({ id, chat, text: param.text, files: param.files, choices: [], edits: 0 });
    if (fault === 'lost') return request.socket.destroy();
    return answer(response, 200, { processQueryKey: id, ...(direct ? { invalidStaffIdList: [], flowControlledStaffIdList: [] } : {}) });
  };

  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const text = bytes.toString();
    const what = `${request.method} ${request.url}`;
    if (what.startsWith('POST /media/upload?'))
      return takesFile(response, new URL(request.url ?? '', 'http://dingtalk.test'), request.headers['content-type'] ?? '', bytes);
    if (what.startsWith('GET /files/')) return response.writeHead(200).end(files.get(what.slice('GET /files/'.length)));
    if (request.headers['content-type'] !== 'application/json') return complain(response, 'a body that is not JSON');
    if (what === 'POST /v1.0/oauth2/accessToken') {
      const given = checked(response, tokenBody, text);
      if (!given) return;
      if (!known || given.appSecret !== secret) return refuse(response, 400, 'invalidClientIdOrSecret');
      return answer(response, 200, { accessToken: token, expireIn: 7_200 });
    }
    if (what === 'POST /v1.0/gateway/connections/open') {
      const given = checked(response, openBody, text);
      if (!given) return;
      if (request.headers.accept !== 'application/json') return complain(response, 'without its Accept the answer is XML');
      if (!known || given.clientId !== client || given.clientSecret !== secret) return refuse(response, 401, 'authFailed');
      const ticket = `ticket+/=${++count}`;
      tickets.add(ticket);
      return answer(response, 200, { endpoint: `ws://127.0.0.1:${port}/connect`, ticket });
    }
    if (request.headers['x-acs-dingtalk-access-token'] !== token) {
      complaints.push('a request without its token');
      return refuse(response, 400, 'InvalidAuthentication');
    }
    if (what === 'POST /v1.0/robot/emotion/reply' || what === 'POST /v1.0/robot/emotion/recall') {
      const given = checked(response, emotionBody, text);
      if (!given) return;
      if (!messages.has(given.openMsgId)) return complain(response, `an emotion at ${given.openMsgId}`);
      const one = `${given.openMsgId} ${given.emotionName}`;
      if (what.endsWith('reply')) emotions.add(one);
      else if (!emotions.delete(one)) return refuse(response, 400, 'emotion.notExist');
      return answer(response, 200, { success: true });
    }
    if (what === 'POST /v1.0/robot/oToMessages/batchSend') return sends(request, response, text, true);
    if (what === 'POST /v1.0/robot/groupMessages/send') return sends(request, response, text, false);
    if (what === 'POST /v1.0/robot/messageFiles/download') {
      const given = checked(response, downloadBody, text);
      if (!given) return;
      if (!files.has(given.downloadCode)) return refuse(response, 400, 'invalidParameter.downloadCode.invalid');
      return answer(response, 200, { downloadUrl: `http://127.0.0.1:${port}/files/${given.downloadCode}` });
    }
    return what.includes('/card/') ? changes(request, response, what, text) : complain(response, what);
  });
  const webSockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://dingtalk.test');
    // A ticket is good for one connection.
    if (pathname !== '/connect' || !tickets.delete(searchParams.get('ticket') ?? '')) return void socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
    webSockets.handleUpgrade(request, socket, head, listens);
  });
  const port = await listen(server);

  const stores = (bytes: Uint8Array): string => {
    const code = `code${++count}`;
    files.set(code, bytes);
    return code;
  };
  return {
    settings: { clientId: client, clientSecret: { vault: 'dingtalk' }, cardTemplate, api: `http://127.0.0.1:${port}` },
    ...{ secrets: { dingtalk: secret }, ids, complaints, stores, cards },
    chat: (where, person = 'ana') => (where === 'group' ? group : `cid_direct_${person}`),
    async says({ from = 'ana', where, text, mention, files: given = [], displayName = from, at = Date.now() }) {
      const id = `msg${++count}==`;
      const [file] = given;
      const content = file
        ? { msgtype: 'file', content: { spaceId: '1', fileId: '2', fileName: file.name, downloadCode: stores(file.bytes) } }
        : { msgtype: 'text', text: { content: mention ? ` ${text}` : text } };
      const message = {
        ...{ conversationId: where === 'group' ? group : `cid_direct_${from}`, conversationType: where === 'group' ? '2' : '1', msgId: id, createAt: at },
        ...{ senderNick: displayName, senderStaffId: ids[from], senderId: `$:LWCP_v1:$${from}`, senderCorpId: 'ding1', chatbotCorpId: 'ding1' },
        ...{ chatbotUserId: ids.self, isAdmin: false, isInAtList: mention === true, robotCode: client, sessionWebhook: 'https://x.y', ...content },
      };
      messages.set(id, message);
      bring(JSON.stringify(message));
      return id;
    },
    async again(id) {
      bring(JSON.stringify(messages.get(id) ?? {}));
    },
    async raw(data) {
      [...sockets].at(-1)?.send(data);
      bring(data);
    },
    shown: () => shown,
    next: (...more) => void faults.push(...more),
    knowsAccount(now) {
      known = now;
    },
    cut() {
      for (const socket of sockets) socket.terminate();
    },
    connections: () => sockets.size,
    brings: (message, topic) => bring(JSON.stringify(message), topic),
    system: (topic, data) =>
      new Promise((resolve) => {
        const key = `system_${++count}`;
        pings.set(key, resolve);
        [...sockets].at(-1)?.send(frame('SYSTEM', topic, key, data));
        if (topic === 'disconnect') resolve('');
      }),
    unacknowledged: () => held.size,
    titles: () => titles,
    emotions: () => [...emotions],
    says200(more) {
      said = more;
    },
    close() {
      for (const socket of sockets) socket.terminate();
      webSockets.close();
      server.closeAllConnections();
      return shut(server);
    },
  };
}

// The open platform of Feishu on loopback, as far as a bot needs it: tokens, the long connection, messages, cards, files. It takes nothing that its pages do not allow.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { feishu } from '../../src/channels/feishu/feishu.ts';
import type { ChannelWorld, Platform, PlatformFault, PlatformPerson, ShownMessage } from '../../src/testing/channel-world.ts';
import { cardContent, createBody, endpointBody, fileContent, imageContent, patchBody, readFrame, replyBody, tokenBody, writeFrame } from './feishu-wire.ts';
import { listen, shut } from './loopback.ts';

const secret = 'bpkLqYtcCXYa1cUtM5rSlf0gXXaAbCdE';
const app = 'cli_a10fbf7e738d100e';
const token = 't-g1044qeGEDXTB6NDJOGV4JQCYDGHRBARFTGT1234';
const ids = { ana: 'ou_84aad35d084aa403a838cf73ee18467a', ben: 'ou_84aad35d084aa403a838cf73ee18467b', self: 'ou_self', bot: 'ou_other_bot' } as const;
const group = 'oc_5ce6d572455d361153b7cb51da133945';
const mostCard = 30 * 1024;
const mostFile = 30 * 1024 * 1024;
/** A frame of ours says so much, in this order. */
const pingHeaders = z.strictObject({ type: z.literal('ping') });
const ackHeaders = z.strictObject({
  ...{ type: z.literal('event'), message_id: z.string(), sum: z.string(), seq: z.string(), trace_id: z.string(), biz_rt: z.string().regex(/^\d+$/u) },
});
const ackPayload = z.strictObject({ code: z.union([z.literal(200), z.literal(500)]), data: z.string().optional() });

interface Held {
  readonly payload: Buffer;
  tries: number;
}

/** im-v1/message-reaction/create */
const reactionBody = z.strictObject({ reaction_type: z.strictObject({ emoji_type: z.enum(['Typing', 'OnIt', 'THUMBSUP', 'OK']) }) });

export interface FeishuPlatform extends Platform {
  /** An event of any kind, as the platform brings it. */
  brings(type: string, event: object): void;
  /** Events are cut into so many frames from now on. */
  cutInto(frames: number): void;
  /** Events that were not acknowledged. */
  unacknowledged(): number;
  readonly tokens: number;
  /** What stands at messages of people: "message emoji". */
  reactions(): readonly string[];
}

export const feishuWorld = {
  kind: feishu,
  can: {
    ...{ group: true, mention: true, thread: true, reply: true, filesIn: true, filesOut: true },
    ...{ deleteIn: true, reactionIn: true, redelivers: true, login: true },
    ...{ oddPresses: true, readsMarkup: true },
  },
  open: openFeishuPlatform,
} satisfies ChannelWorld;

export async function openFeishuPlatform(): Promise<FeishuPlatform> {
  const shown: (ShownMessage & { edits: number })[] = [];
  const uuids = new Map<string, string>();
  const resources = new Map<string, { readonly name: string; readonly bytes: Uint8Array }>();
  const chats = new Map<string, string>();
  const reactions = new Map<string, string>();
  const events = new Map<string, object>();
  const held = new Map<string, Held>();
  const faults: PlatformFault[] = [];
  const complaints: string[] = [];
  const sockets = new Set<WebSocket>();
  let known = true;
  let pieces = 1;
  let count = 0;
  let tokens = 0;

  const answer = (response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void =>
    void response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(JSON.stringify(body));
  const complain = (response: ServerResponse, what: string): void => {
    complaints.push(what);
    answer(response, 400, { code: 230001, msg: what });
  };
  const checked = <T>(response: ServerResponse, schema: z.ZodType<T>, body: Buffer | string): T | undefined => {
    const parsed = schema.safeParse(JSON.parse(body.toString()));
    if (!parsed.success) complain(response, z.prettifyError(parsed.error));
    return parsed.data;
  };

  const deliver = (key: string): void => {
    const one = held.get(key);
    const socket = [...sockets].at(-1);
    if (!one || !socket) return;
    const size = Math.ceil(one.payload.length / pieces);
    for (let seq = 0; seq < pieces; seq++) {
      const headers = { type: 'event', message_id: key, sum: String(pieces), seq: String(seq), trace_id: `trace-${key}` };
      socket.send(writeFrame(1, headers, one.payload.subarray(seq * size, (seq + 1) * size)));
    }
  };
  const bring = (payload: string): void => {
    const key = `frame-${++count}`;
    held.set(key, { payload: Buffer.from(payload), tries: 0 });
    deliver(key);
  };
  const brings = (type: string, event: object): void => {
    const header = { event_id: `event-${++count}`, event_type: type, create_time: String(Date.now()), token: '', app_id: app, tenant_key: 'tenant' };
    bring(JSON.stringify({ schema: '2.0', header, event }));
  };

  const listens = (socket: WebSocket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.on('message', (bytes: Buffer, binary) => {
      try {
        if (!binary) throw new Error('a frame of text');
        const frame = readFrame(bytes);
        if (frame.service !== 7) throw new Error('a frame of another service');
        if (frame.method === 0) {
          pingHeaders.parse(frame.headers);
          return socket.send(
            writeFrame(0, { type: 'pong' }, Buffer.from(JSON.stringify({ PingInterval: 90, ReconnectCount: -1, ReconnectInterval: 120, ReconnectNonce: 30 }))),
          );
        }
        const { message_id: key } = ackHeaders.parse(frame.headers);
        const one = held.get(key);
        if (!one) throw new Error('an acknowledgement of what is not there');
        if (frame.log !== 7_000_000_123) throw new Error('an acknowledgement that does not keep its log id');
        const { code } = ackPayload.parse(JSON.parse(frame.payload.toString()));
        if (code === 200 || ++one.tries > 4) return void held.delete(key);
        deliver(key);
      } catch (error) {
        complaints.push(String(error));
        socket.terminate();
      }
    });
    for (const key of held.keys()) deliver(key);
  };

  const show = (response: ServerResponse, body: { readonly msg_type: string; readonly content: string }, chat: string, thread?: string): string | undefined => {
    const place = { chat, ...(thread === undefined ? {} : { thread }), edits: 0 };
    const id = `om_${++count}`;
    if (body.msg_type === 'interactive') {
      const card = checked(response, cardContent, body.content);
      if (!card) return undefined;
      shown.push({ id, ...place, ...ofCard(card), files: [] });
    } else {
      const content = checked(response, z.union([imageContent, fileContent]), body.content);
      if (!content) return undefined;
      const file = resources.get('file_key' in content ? content.file_key : content.image_key);
      if (!file) return void complain(response, 'a file that was never uploaded');
      shown.push({ id, ...place, text: '', choices: [], files: [file] });
    }
    chats.set(id, chat);
    return id;
  };
  const sends = (request: IncomingMessage, response: ServerResponse, body: Buffer, url: URL, thread?: string): unknown => {
    const fault = faults.shift();
    if (fault === 'unauthenticated')
      return answer(response, 400, { code: 99991663, msg: 'Invalid access token for authorization. Please make a request with token attached.' });
    if (fault === 'forbidden') return answer(response, 400, { code: 230002, msg: 'The bot can not be outside the group.' });
    if (fault === 'busy')
      return answer(
        response,
        429,
        { code: 99991400, msg: 'request trigger frequency limit' },
        { 'x-ogw-ratelimit-limit': '100', 'x-ogw-ratelimit-reset': '2' },
      );
    if (fault === 'broken') return answer(response, 500, { code: 2200, msg: 'internal error' });
    if (body.byteLength > mostCard) return complain(response, `a card of ${body.byteLength} bytes`);
    const given = thread === undefined ? checked(response, createBody, body) : checked(response, replyBody, body);
    if (!given) return undefined;
    if (thread === undefined && url.searchParams.get('receive_id_type') !== 'chat_id') return complain(response, 'no kind of receiver');
    const chat = 'receive_id' in given ? String(given.receive_id) : (chats.get(thread ?? '') ?? '');
    const id = uuids.get(given.uuid) ?? show(response, given, chat, thread);
    if (id === undefined) return undefined;
    uuids.set(given.uuid, id);
    if (fault === 'lost') return request.socket.destroy();
    return answer(response, 200, { code: 0, msg: 'success', data: { message_id: id, chat_id: chat, msg_type: given.msg_type } });
  };
  const changes = (response: ServerResponse, body: Buffer, id: string): unknown => {
    if (body.byteLength > mostCard) return complain(response, `a card of ${body.byteLength} bytes`);
    const given = checked(response, patchBody, body);
    const card = given && checked(response, cardContent, given.content);
    const at = shown.findIndex((one) => one.id === id);
    const old = shown[at];
    if (!card) return undefined;
    if (!old) return answer(response, 400, { code: 230011, msg: 'The message is recalled.' });
    shown[at] = { ...old, ...ofCard(card), edits: old.edits + 1 };
    return answer(response, 200, { code: 0, msg: 'success', data: {} });
  };
  const uploads = async (response: ServerResponse, body: Buffer, type: string, kind: 'image' | 'file'): Promise<unknown> => {
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
    const value = form.get(kind);
    if (!(value instanceof File) || value.size === 0 || value.size > mostFile) return complain(response, 'an upload without a file, or too large');
    const named = kind === 'image' ? form.get('image_type') === 'message' : form.get('file_type') === 'stream' && typeof form.get('file_name') === 'string';
    if (!named) return complain(response, 'an upload that does not say what it is');
    const key = `${kind === 'image' ? 'img' : 'file'}_v2_${++count}`;
    resources.set(key, { name: kind === 'image' ? 'image' : String(form.get('file_name')), bytes: new Uint8Array(await value.arrayBuffer()) });
    return answer(response, 200, { code: 0, msg: 'success', data: { [`${kind}_key`]: key } });
  };

  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const url = new URL(request.url ?? '/', 'http://feishu.test');
    const type = request.headers['content-type'] ?? '';
    const what = `${request.method} ${url.pathname}`;
    if (body.length > 0 && type !== 'application/json; charset=utf-8' && !type.startsWith('multipart/form-data; boundary='))
      return complain(response, `a body of ${type}`);
    if (what === 'POST /open-apis/auth/v3/tenant_access_token/internal') {
      const given = checked(response, tokenBody, body);
      if (!given) return;
      if (!known || given.app_id !== app || given.app_secret !== secret) return answer(response, 400, { code: 10014, msg: 'app secret invalid' });
      tokens++;
      return answer(response, 200, { code: 0, msg: 'ok', tenant_access_token: token, expire: 7_200 });
    }
    if (what === 'POST /callback/ws/endpoint') {
      const given = checked(response, endpointBody, body);
      if (!given) return;
      if (!known || given.AppSecret !== secret) return answer(response, 200, { code: 514, msg: 'auth failed', data: null });
      const ClientConfig = { PingInterval: 120, ReconnectCount: -1, ReconnectInterval: 120, ReconnectNonce: 30 };
      return answer(response, 200, { code: 0, msg: '', data: { URL: `ws://127.0.0.1:${port}/ws/v2?device_id=1&service_id=7&ticket=x`, ClientConfig } });
    }
    if (request.headers.authorization !== `Bearer ${token}`) {
      complaints.push('a request without its token');
      return answer(response, 401, { code: 99991661, msg: 'Missing access token for authorization.' });
    }
    if (what === 'GET /open-apis/bot/v3/info')
      return answer(response, 200, { code: 0, msg: 'ok', bot: { activate_status: 2, app_name: 'CoPaw', open_id: ids.self } });
    if (what === 'POST /open-apis/im/v1/messages') return sends(request, response, body, url);
    if (what === 'POST /open-apis/im/v1/images') return uploads(response, body, type, 'image');
    if (what === 'POST /open-apis/im/v1/files') return uploads(response, body, type, 'file');
    const [id = '', more, key = ''] = url.pathname.replace('/open-apis/im/v1/messages/', '').split('/').map(decodeURIComponent);
    if (request.method === 'POST' && more === 'reply') return sends(request, response, body, url, id);
    if (request.method === 'PATCH' && more === undefined) return changes(response, body, id);
    if (more === 'reactions' && chats.has(id)) {
      if (request.method === 'DELETE' && reactions.delete(key)) return answer(response, 200, { code: 0, msg: 'success', data: {} });
      if (request.method !== 'POST') return complain(response, what);
      const given = checked(response, reactionBody, body);
      if (!given) return;
      const reaction = `ZCaCIjUBVVWSrm5L-${++count}`;
      reactions.set(reaction, `${id} ${given.reaction_type.emoji_type}`);
      return answer(response, 200, { code: 0, msg: 'success', data: { reaction_id: reaction, reaction_type: given.reaction_type } });
    }
    const resource = resources.get(key);
    if (request.method === 'GET' && more === 'resources' && resource && ['image', 'file'].includes(url.searchParams.get('type') ?? ''))
      return response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(resource.bytes);
    return complain(response, what);
  });
  const webSockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    if (!request.url?.startsWith('/ws/v2?device_id=1&service_id=7&ticket=x')) return void socket.destroy();
    webSockets.handleUpgrade(request, socket, head, listens);
  });
  const port = await listen(server);

  const direct = (person: PlatformPerson): string => `oc_direct_${person}`;
  return {
    settings: { appId: app, appSecret: { vault: 'feishu' }, domain: `http://127.0.0.1:${port}` },
    ...{ secrets: { feishu: secret }, ids, complaints, brings },
    reactions: () => [...reactions.values()],
    get tokens() {
      return tokens;
    },
    chat: (where, person = 'ana') => (where === 'group' ? group : direct(person)),
    async says({ from = 'ana', where, text, mention, replyTo, thread, files = [], at = Date.now() }) {
      const id = `om_in_${++count}`;
      const chat = where === 'group' ? group : direct(from);
      chats.set(id, chat);
      const [file] = files;
      const key = `file_v2_${++count}`;
      if (file) resources.set(key, file);
      // A file comes without words, which are a message of their own.
      const content = file ? { file_key: key, file_name: file.name } : { text: mention ? `@_user_1 ${text}` : text };
      const person = { open_id: ids[from], union_id: 'on_x', user_id: 'x' };
      const event = {
        sender: { sender_id: person, sender_type: from === 'bot' ? 'app' : 'user', tenant_key: 'tenant' },
        message: {
          ...{ message_id: id, chat_id: chat, chat_type: where === 'group' ? 'group' : 'p2p', create_time: String(at), update_time: String(at) },
          ...{ message_type: file ? 'file' : 'text', content: JSON.stringify(content) },
          ...(thread === undefined ? {} : { root_id: thread, parent_id: thread, thread_id: `omt_${thread}` }),
          ...(replyTo === undefined ? {} : { root_id: replyTo, parent_id: replyTo }),
          ...(mention
            ? { mentions: [{ key: '@_user_1', id: { open_id: ids.self, union_id: 'on_b', user_id: '' }, name: 'CoPaw', tenant_key: 'tenant' }] }
            : {}),
        },
      };
      events.set(id, event);
      brings('im.message.receive_v1', event);
      return id;
    },
    async again(id) {
      const event = events.get(id);
      if (event) brings('im.message.receive_v1', event);
    },
    async withdraws(id) {
      brings('im.message.recalled_v1', { message_id: id, chat_id: chats.get(id), recall_time: String(Date.now()), recall_type: 'message_owner' });
    },
    async reacts(id, _emoji, from = 'ana') {
      const user = { open_id: ids[from], union_id: 'on_x', user_id: 'x' };
      brings('im.message.reaction.created_v1', {
        message_id: id,
        reaction_type: { emoji_type: 'THUMBSUP' },
        operator_type: 'user',
        user_id: user,
        action_time: String(Date.now()),
      });
    },
    async presses(id, value, from = 'ana') {
      const direct = shown.find((one) => one.id === id)?.chat !== group;
      const action = { value: { copaw: value, direct }, tag: 'button', timezone: 'Asia/Shanghai' };
      const context = { open_message_id: id, open_chat_id: chats.get(id) };
      brings('card.action.trigger', { operator: { open_id: ids[from], tenant_key: 'tenant' }, token: 'c-1', action, host: 'im_message', context });
    },
    oddPresses(id) {
      const { ana, ben } = ids;
      const value = { copaw: 'approval:appr_1:always:mac', direct: true };
      const pressed = (operator: unknown, action: unknown, context: unknown): string => {
        const header = { event_id: `event-${++count}`, event_type: 'card.action.trigger', create_time: String(Date.now()), token: '', app_id: app };
        return JSON.stringify({ schema: '2.0', header, event: { operator, token: 'c-1', action, host: 'im_message', context } });
      };
      const here = { open_message_id: id, open_chat_id: direct('ana') };
      // A value is text or an object, as the card said; its members are of any type.
      const values = [value.copaw, [value], 7, null, { copaw: 7, direct: true }, { copaw: [value.copaw], direct: true }, { ...value, direct: 'true' }];
      const more = [{ copaw: { toString: 'x' }, direct: true }, { copaw: '', direct: true }, { copaw: 'x'.repeat(501), direct: true }, { direct: true }];
      return [
        ...[...values, ...more].map((one) => pressed({ open_id: ana }, { tag: 'button', value: one }, here)),
        ...[{}, null, 'x', { open_id: 7 }, { open_id: [ana] }, { open_id: '' }, { user_id: ana }, { open_id: ben }].map((one) => pressed(one, { value }, here)),
        ...[{}, null, [here], { ...here, open_message_id: 7 }, { open_message_id: id }].map((one) => pressed({ open_id: ana }, { value }, one)),
        pressed({ open_id: ana }, [{ value }], here),
      ];
    },
    async raw(frame) {
      bring(frame);
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
    cutInto(frames) {
      pieces = frames;
    },
    unacknowledged: () => held.size,
    close() {
      for (const socket of sockets) socket.terminate();
      webSockets.close();
      server.closeAllConnections();
      return shut(server);
    },
  };
}

function ofCard({ body: { elements } }: z.output<typeof cardContent>): Pick<ShownMessage, 'text' | 'choices'> {
  return {
    text: elements.flatMap((element) => (element.tag === 'markdown' ? [element.content] : [])).join('\n'),
    choices: elements.flatMap((element) =>
      element.tag === 'button' ? [{ label: element.text.content, value: String(element.behaviors[0].value.copaw) }] : [],
    ),
  };
}

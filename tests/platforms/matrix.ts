// A homeserver on loopback, as far as a bot needs one: rooms, /sync with tokens and limited timelines, transactions, media. It takes nothing that the spec does not allow.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { z } from 'zod';
import { matrix } from '../../src/channels/matrix/matrix.ts';
import type { ChannelWorld, Platform, PlatformFault, PlatformPerson, ShownMessage } from '../../src/testing/channel-world.ts';
import { bodyOf, listen, shut } from './loopback.ts';
import { joinBody, messagesQuery, type RoomMessage, receiptBody, roomMessage, syncQuery, typingBody } from './matrix-wire.ts';

const token = 'syt_Y29wYXc_KbDsRcmMrBQmYNEaKAbc_1HMMJd';
const ids = { ana: '@ana:home.test', ben: '@ben:home.test', self: '@copaw:home.test', bot: '@bridge:home.test' } as const;
/** What an event has beside what a client sent: hashes, signatures, earlier events (#size-limits counts all of it). */
const aroundEvent = 3_000;
const mostUpload = 50 * 1024 * 1024;

interface Stored {
  readonly position: number;
  readonly room: string;
  readonly id: string;
  readonly type: string;
  readonly sender: string;
  readonly stateKey?: string;
  /** As it goes out. */
  readonly json: string;
}

interface Room {
  readonly members: Set<string>;
  readonly invited: Set<string>;
  encrypted: boolean;
}

export interface MatrixPlatform extends Platform {
  /** Any event of a room, as a server passes it on. */
  put(
    room: string,
    sender: string,
    type: string,
    content: object,
    more?: { readonly stateKey?: string; readonly at?: number; readonly redacts?: string },
  ): string;
  /** One more comes into ana's direct chat. */
  enters(person: PlatformPerson): void;
  /** Invites the account into a room of their own; its id. */
  invites(person: PlatformPerson): string;
  isIn(room: string): boolean;
  readonly receipts: readonly { readonly room: string; readonly event: string }[];
  readonly typing: readonly string[];
  /** Requests of this kind so far. */
  asked(kind: string): number;
}

export const matrixWorld = {
  kind: matrix,
  can: {
    ...{ group: true, mention: true, thread: true, reply: true, filesIn: true, filesOut: true, self: true, bot: true },
    ...{ editIn: true, deleteIn: true, reactionIn: true, redelivers: true, login: true },
  },
  open: openMatrixPlatform,
} satisfies ChannelWorld;

export async function openMatrixPlatform(): Promise<MatrixPlatform> {
  const rooms = new Map<string, Room>();
  const stream: Stored[] = [];
  const invites = new Map<string, { readonly sender: string; readonly position: number }>();
  const transactions = new Map<string, string>();
  const media = new Map<string, Uint8Array>();
  const shown: (ShownMessage & { edits: number })[] = [];
  const receipts: { room: string; event: string }[] = [];
  const typing: string[] = [];
  const faults: PlatformFault[] = [];
  const complaints: string[] = [];
  const asked: string[] = [];
  const waiting = new Set<() => void>();
  const polls = new Set<Socket>();
  let known = true;
  let cutNext = false;
  let count = 0;

  const roomOf = (...members: string[]): string => {
    const id = `!room${rooms.size}:home.test`;
    rooms.set(id, { members: new Set(members), invited: new Set(), encrypted: false });
    return id;
  };
  const direct = { ana: roomOf(ids.ana, ids.self), ben: roomOf(ids.ben, ids.self), bot: roomOf(ids.bot, ids.self), self: roomOf(ids.self) };
  const group = roomOf(...Object.values(ids));
  const wake = (): void => {
    for (const one of [...waiting]) one();
  };
  const push = (room: string, id: string, type: string, sender: string, json: string, stateKey?: string): void => {
    stream.push({ position: stream.length + 1, room, id, type, sender, json, ...(stateKey === undefined ? {} : { stateKey }) });
    wake();
  };
  const put: MatrixPlatform['put'] = (room, sender, type, content, { stateKey, at = Date.now(), redacts } = {}) => {
    const id = `$event${++count}`;
    const event = { type, event_id: id, sender, origin_server_ts: at, content, unsigned: { age: 1 } };
    const more = { ...(stateKey === undefined ? {} : { state_key: stateKey }), ...(redacts === undefined ? {} : { redacts }) };
    push(room, id, type, sender, JSON.stringify({ ...event, ...more }), stateKey);
    return id;
  };
  for (const [room, { members }] of rooms)
    for (const user of members) put(room, user, 'm.room.member', { membership: 'join' }, { stateKey: user, at: Date.now() - 100 * 86_400_000 });

  const send = (response: ServerResponse, status: number, body: object | string, headers: Record<string, string> = {}): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const refuse = (response: ServerResponse, status: number, errcode: string, error = 'No.', more: object = {}): void =>
    send(response, status, { errcode, error, ...more });
  const complain = (response: ServerResponse, what: string): void => {
    complaints.push(what);
    refuse(response, 400, 'M_BAD_JSON', what);
  };

  const sync = async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<unknown> => {
    const query = syncQuery.safeParse(Object.fromEntries(url.searchParams));
    if (!query.success) return complain(response, z.prettifyError(query.error));
    const { since, timeout, filter } = query.data;
    const from = since === undefined ? 0 : Number(since.slice(1));
    polls.add(request.socket);
    if (cutNext) {
      cutNext = false;
      request.socket.destroy();
    }
    if (since !== undefined && stream.length <= from)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => done(), timeout);
        const done = (): void => {
          waiting.delete(done);
          clearTimeout(timer);
          request.socket.off('close', done);
          resolve();
        };
        waiting.add(done);
        request.socket.once('close', done);
      });
    polls.delete(request.socket);
    if (request.socket.destroyed) return;
    if (!known) return refuse(response, 401, 'M_UNKNOWN_TOKEN');
    const limit = filter.room.timeline?.limit ?? 10;
    const types = new Set(filter.room.timeline?.types);
    const join: string[] = [];
    for (const [id, room] of rooms) {
      if (!room.members.has(ids.self)) continue;
      const all = stream.filter((event) => event.room === id && event.position > from && (types.has(event.type) || event.type === 'raw'));
      if (since !== undefined && all.length === 0) continue;
      const events = all.slice(-limit);
      const state = since === undefined && room.encrypted ? [JSON.stringify({ type: 'm.room.encryption', state_key: '', sender: ids.ana, content: {} })] : [];
      const summary = JSON.stringify({ 'm.joined_member_count': room.members.size, 'm.invited_member_count': room.invited.size });
      const timeline = `{"events":[${events.map(({ json }) => json).join()}],"limited":${all.length > limit},"prev_batch":"t${events[0]?.position ?? from}"}`;
      join.push(`${JSON.stringify(id)}:{"summary":${summary},"state":{"events":[${state.join()}]},"timeline":${timeline}}`);
    }
    const invite = Object.fromEntries(
      [...invites]
        .filter(([, { position }]) => position > from)
        .map(([room, { sender }]) => [
          room,
          { invite_state: { events: [{ type: 'm.room.member', state_key: ids.self, sender, content: { membership: 'invite' } }] } },
        ]),
    );
    send(response, 200, `{"next_batch":"s${stream.length}","rooms":{"join":{${join.join()}},"invite":${JSON.stringify(invite)}}}`);
  };

  const messages = (response: ServerResponse, url: URL, room: string): unknown => {
    const query = messagesQuery.safeParse(Object.fromEntries(url.searchParams));
    if (!query.success) return complain(response, z.prettifyError(query.error));
    const { from, to, limit, filter } = query.data;
    const before = from === undefined ? Number.POSITIVE_INFINITY : Number(from.slice(1));
    const after = to === undefined ? 0 : Number(to.slice(1));
    const { types, senders } = filter ?? {};
    const all = stream
      .filter((event) => event.room === room && event.position < before && event.position > after)
      .filter(({ type, sender }) => (types?.includes(type) ?? true) && (senders?.includes(sender) ?? true))
      .reverse();
    const chunk = all.slice(0, limit);
    const end = all.length > limit ? `,"end":"t${chunk.at(-1)?.position}"` : '';
    send(response, 200, `{"start":"t0","chunk":[${chunk.map(({ json }) => json).join()}]${end}}`);
  };

  const show = (room: string, id: string, content: RoomMessage): void => {
    const relates = content['m.relates_to'];
    if (relates?.rel_type === 'm.replace') {
      const at = shown.findIndex((one) => one.id === relates.event_id);
      const old = shown[at];
      if (!old || !('m.new_content' in content)) return void complaints.push('an edit of what is not there, or not its own');
      const { formatted_body, body } = content['m.new_content'];
      shown[at] = { ...old, text: formatted_body ?? body, edits: old.edits + 1 };
      return;
    }
    const bytes = 'url' in content ? media.get(content.url) : undefined;
    if ('url' in content && !bytes) return void complaints.push('a file that was never uploaded');
    const text = 'url' in content ? '' : (content.formatted_body ?? content.body);
    const files = 'url' in content && bytes ? [{ name: content.filename, bytes }] : [];
    shown.push({ id, chat: room, ...(relates ? { thread: relates.event_id } : {}), text, files, choices: [], edits: 0 });
  };

  const sendEvent = (request: IncomingMessage, response: ServerResponse, room: string, transaction: string, body: Buffer): unknown => {
    const fault = faults.shift();
    if (fault === 'unauthenticated') return refuse(response, 401, 'M_UNKNOWN_TOKEN');
    if (fault === 'forbidden') return refuse(response, 403, 'M_FORBIDDEN');
    if (fault === 'busy') return refuse(response, 429, 'M_LIMIT_EXCEEDED', 'Too many.', { retry_after_ms: 2_000 });
    if (fault === 'broken') return refuse(response, 502, 'M_UNKNOWN');
    if (body.byteLength + aroundEvent > 65_536) {
      complaints.push(`an event of ${body.byteLength} bytes`);
      return refuse(response, 413, 'M_TOO_LARGE');
    }
    const parsed = roomMessage.safeParse(JSON.parse(body.toString()));
    if (!parsed.success) return complain(response, z.prettifyError(parsed.error));
    // The same transaction of the same device is the same event (#transaction-identifiers).
    const key = `${room} ${transaction}`;
    const id = transactions.get(key) ?? put(room, ids.self, 'm.room.message', parsed.data);
    if (!transactions.has(key)) show(room, id, parsed.data);
    transactions.set(key, id);
    if (fault === 'lost') return void request.socket.destroy();
    send(response, 200, { event_id: id });
  };

  const inRoom = async (request: IncomingMessage, response: ServerResponse, url: URL, body: Buffer, path: readonly string[]): Promise<unknown> => {
    const [id = '', what, ...more] = path;
    const room = rooms.get(id);
    const json = (): unknown => JSON.parse(body.toString());
    if (request.method === 'POST' && what === 'join') {
      if (!joinBody.safeParse(json()).success) return complain(response, 'a join that says too much');
      if (!invites.delete(id)) return refuse(response, 403, 'M_FORBIDDEN');
      room?.members.add(ids.self);
      room?.invited.delete(ids.self);
      put(id, ids.self, 'm.room.member', { membership: 'join' }, { stateKey: ids.self });
      return send(response, 200, { room_id: id });
    }
    if (!room?.members.has(ids.self)) return refuse(response, 403, 'M_FORBIDDEN', 'You are not in this room.');
    if (request.method === 'GET' && what === 'messages') return messages(response, url, id);
    if (request.method === 'GET' && what === 'joined_members')
      return send(response, 200, { joined: Object.fromEntries([...room.members].map((one) => [one, {}])) });
    if (request.method === 'PUT' && what === 'send' && more[0] === 'm.room.message' && more[1]) return sendEvent(request, response, id, more[1], body);
    if (request.method === 'PUT' && what === 'typing' && more[0] === ids.self) {
      if (!typingBody.safeParse(json()).success) return complain(response, 'typing that is none');
      typing.push(id);
      return send(response, 200, {});
    }
    if (request.method === 'POST' && what === 'receipt' && more[0] === 'm.read' && more[1]) {
      if (!receiptBody.safeParse(json()).success) return complain(response, 'a receipt that is none');
      receipts.push({ room: id, event: more[1] });
      return send(response, 200, {});
    }
    complain(response, `${request.method} ${url.pathname}`);
  };

  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const url = new URL(request.url ?? '/', 'http://home.test');
    const [, ...path] = url.pathname.split('/').map(decodeURIComponent);
    asked.push(`${request.method} ${path.slice(3, 4)}${path[3] === 'rooms' ? ` ${path[5]}` : ''}`);
    if (request.headers.authorization !== `Bearer ${token}`) {
      complaints.push('a request without its token');
      return refuse(response, 401, 'M_MISSING_TOKEN');
    }
    if (!known) return refuse(response, 401, 'M_UNKNOWN_TOKEN', 'Unrecognised access token.', { soft_logout: false });
    if (['PUT', 'POST'].includes(request.method ?? '') && path[1] === 'client' && request.headers['content-type'] !== 'application/json')
      return complain(response, 'a body that is not JSON');
    const where = `${request.method} ${path.slice(0, 4).join('/')}`;
    if (where === 'GET _matrix/client/v3/account' && path[4] === 'whoami')
      return send(response, 200, { user_id: ids.self, device_id: 'BOTDEVICE', is_guest: false });
    if (where === 'GET _matrix/client/v3/sync') return sync(request, response, url);
    if (path.slice(0, 4).join('/') === '_matrix/client/v3/rooms') return inRoom(request, response, url, body, path.slice(4));
    if (where === 'POST _matrix/media/v3/upload') {
      if (!request.headers['content-type']) return complain(response, 'an upload without a type');
      if (body.byteLength > mostUpload) return refuse(response, 413, 'M_TOO_LARGE');
      const uri = `mxc://home.test/media${++count}`;
      media.set(uri, body);
      return send(response, 200, { content_uri: uri });
    }
    if (where === 'GET _matrix/client/v1/media' && path[4] === 'download') {
      const bytes = media.get(`mxc://${path[5]}/${path[6]}`);
      if (!bytes) return refuse(response, 404, 'M_NOT_FOUND');
      return void response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(bytes);
    }
    complain(response, `${request.method} ${url.pathname}`);
  });
  const port = await listen(server);

  const relation = (replyTo: string | undefined, thread: string | undefined): object => {
    if (thread !== undefined)
      return { 'm.relates_to': { rel_type: 'm.thread', event_id: thread, is_falling_back: true, 'm.in_reply_to': { event_id: thread } } };
    return replyTo === undefined ? {} : { 'm.relates_to': { 'm.in_reply_to': { event_id: replyTo } } };
  };
  const whereIs = (id: string): string => stream.find((one) => one.id === id)?.room ?? direct.ana;

  return {
    settings: { homeserver: `http://127.0.0.1:${port}`, accessToken: { vault: 'matrix' }, invitesFrom: [ids.ana] },
    ...{ secrets: { matrix: token }, ids, receipts, typing, complaints, put },
    chat: (where, person = 'ana') => (where === 'group' ? group : direct[person]),
    async says({ from = 'ana', where, text, mention, replyTo, thread, files = [], displayName, at }) {
      const room = where === 'group' ? group : from === 'self' ? direct.ana : direct[from];
      const sender = ids[from];
      if (displayName !== undefined) put(room, sender, 'm.room.member', { membership: 'join', displayname: displayName }, { stateKey: sender });
      const [file] = files;
      const uri = `mxc://home.test/in${++count}`;
      if (file) media.set(uri, file.bytes);
      const calls = mention ? { 'm.mentions': { user_ids: [ids.self] } } : { 'm.mentions': {} };
      const content = file
        ? {
            msgtype: 'm.file',
            body: text,
            filename: file.name,
            url: uri,
            info: { size: file.bytes.byteLength, mimetype: file.mediaType ?? 'application/octet-stream' },
          }
        : { msgtype: from === 'bot' ? 'm.notice' : 'm.text', body: mention ? `CoPaw: ${text}` : text, ...(mention ? pill(text) : {}) };
      return put(room, sender, 'm.room.message', { ...content, ...calls, ...relation(replyTo, thread) }, at === undefined ? {} : { at });
    },
    async again(id) {
      const one = stream.find((event) => event.id === id);
      if (one) push(one.room, one.id, one.type, one.sender, one.json, one.stateKey);
    },
    async edits(id, text, from = 'ana') {
      const words = { msgtype: 'm.text', body: text };
      const relates = { rel_type: 'm.replace', event_id: id };
      put(whereIs(id), ids[from], 'm.room.message', { ...words, body: `* ${text}`, 'm.new_content': words, 'm.relates_to': relates });
    },
    async withdraws(id, from = 'ana') {
      put(whereIs(id), ids[from], 'm.room.redaction', {}, { redacts: id });
    },
    async reacts(id, emoji, from = 'ana') {
      put(whereIs(id), ids[from], 'm.reaction', { 'm.relates_to': { rel_type: 'm.annotation', event_id: id, key: emoji } });
    },
    async raw(frame) {
      push(direct.ana, `$raw${++count}`, 'raw', ids.ana, isJson(frame) ? frame : JSON.stringify(frame));
    },
    shown: () => shown,
    next: (...more) => void faults.push(...more),
    knowsAccount(now) {
      known = now;
      if (!known) wake();
    },
    cut() {
      cutNext = polls.size === 0;
      for (const socket of [...polls]) socket.destroy();
    },
    connections: () => polls.size,
    enters(person) {
      rooms.get(direct.ana)?.members.add(ids[person]);
      put(direct.ana, ids[person], 'm.room.member', { membership: 'join' }, { stateKey: ids[person] });
    },
    invites(person) {
      const room = roomOf(ids[person]);
      rooms.get(room)?.invited.add(ids.self);
      invites.set(room, { sender: ids[person], position: stream.length + 1 });
      push(room, '', 'invite', ids[person], '{}');
      return room;
    },
    isIn: (room) => rooms.get(room)?.members.has(ids.self) ?? false,
    asked: (kind) => asked.filter((one) => one === kind).length,
    close() {
      server.closeAllConnections();
      return shut(server);
    },
  };
}

/** As Element writes whom it names: words beside a link. */
const pill = (text: string): object => ({
  format: 'org.matrix.custom.html',
  formatted_body: `<a href="https://matrix.to/#/${ids.self}">CoPaw</a>: ${text}`,
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

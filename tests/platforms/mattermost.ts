// A double of a Mattermost server, from https://developers.mattermost.com/api-documentation/: posts and files over REST, events with their numbers over the web
// socket, and up to where each channel was read.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { mattermost } from '../../src/channels/mattermost/mattermost.ts';
import type { Channel } from '../../src/core/channel.ts';
import type { ChannelWorld, Platform, PlatformFault, PlatformPerson, ShownMessage } from '../../src/testing/channel-world.ts';
import { bodyOf, listen, shut } from './loopback.ts';
import { action1, isRoute, props as propsShape, type Route, requests } from './mattermost-requests.ts';

const token = 'abcdefghijklmnopqrstuvwx12';
const hookUrl = 'http://127.0.0.1:9/hooks/mattermost/main';
const ids = { ana: 'an'.padEnd(26, '1'), ben: 'be'.padEnd(26, '1'), self: 'se'.padEnd(26, '1'), bot: 'bo'.padEnd(26, '1') } as const;
const group = 'gr'.padEnd(26, '1');
const direct = (person: PlatformPerson): string => `d${person}`.padEnd(26, '1');
const mostFile = 100 * 1024 * 1024; // "FileSettings.MaxFileSize", its default
const statusOf = { unauthenticated: 401, forbidden: 403, busy: 429, broken: 500, lost: 0 } as const;

interface Post {
  readonly id: string;
  readonly create_at: number;
  update_at: number;
  edit_at: number;
  delete_at: number;
  readonly user_id: string;
  readonly channel_id: string;
  readonly root_id: string;
  message: string;
  readonly type: string;
  props: Record<string, unknown>;
  readonly pending_post_id: string;
  readonly metadata: { readonly files?: readonly object[] };
}

export interface MattermostPlatform extends Platform {
  readonly requests: readonly { readonly route: Route; readonly given: Record<string, unknown> }[];
  /** Somebody writes and the event is lost on its way. */
  loses(text: string): string;
  /** The group is closed to CoPaw: it is in its list and cannot be read. */
  closes(): void;
  /** A notice of the server. */
  notices(text: string): void;
  /** A request to the webhook of the channel. */
  hook(body: string): Promise<number>;
}

export const mattermostWorld: ChannelWorld = {
  kind: mattermost,
  can: {
    ...{ group: true, mention: true, thread: true, reply: true, filesIn: true, filesOut: true, self: true, bot: true },
    ...{ editIn: true, deleteIn: true, reactionIn: true, redelivers: true, login: true },
  },
  open: () => openMattermostPlatform(),
};

export async function openMattermostPlatform({ buttons = true } = {}): Promise<MattermostPlatform> {
  const posts = new Map<string, Post>();
  const files = new Map<string, { name: string; bytes: Uint8Array }>();
  const contents = new Map<string, readonly string[]>();
  const edits = new Map<string, number>();
  const viewed = new Map<string, number>();
  const pending = new Map<string, string>();
  const asked: { route: Route; given: Record<string, unknown> }[] = [];
  const faults: PlatformFault[] = [];
  const complaints: string[] = [];
  const sockets = new Map<WebSocket, { seq: number; open: boolean }>();
  const busy = new Set<ServerResponse>();
  const opened = Date.now();
  let [known, closed, count, channel] = [true, false, 0, undefined as Pick<Channel, 'webhook'> | undefined];

  const newId = (): string => `${++count}`.padStart(6, '0').padStart(26, 'x');
  const say = (response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  const refuse = (response: ServerResponse, status: number, id: string, headers?: Record<string, string>): void =>
    say(response, status, { id, message: `refused: ${id}`, request_id: '', status_code: status, is_oauth: false }, headers);

  const emit = (event: string, channelId: string, data: object): void => {
    for (const [socket, state] of sockets) {
      if (!state.open) continue;
      const broadcast = { omit_users: null, user_id: '', channel_id: channelId, team_id: '' };
      socket.send(JSON.stringify({ event, data, broadcast, seq: state.seq++ }));
    }
  };
  const typeOf = (id: string): string => (id === group ? 'O' : 'D');
  const post = (user: string, channelId: string, message: string, more: Partial<Post> = {}): Post => {
    const at = Math.max(Date.now(), opened + 1);
    const base = { id: newId(), create_at: at, update_at: at, edit_at: 0, delete_at: 0, root_id: '', type: '', props: {}, pending_post_id: '', metadata: {} };
    const one = { ...base, user_id: user, channel_id: channelId, message, ...more };
    posts.set(one.id, one);
    return one;
  };
  const posted = (one: Post, name: string, mentions: readonly string[] = []): void =>
    emit('posted', one.channel_id, {
      ...{ channel_display_name: 'x', channel_name: 'x', channel_type: typeOf(one.channel_id), sender_name: `@${name}`, team_id: '', set_online: true },
      ...{ post: JSON.stringify(one), ...(mentions.length > 0 ? { mentions: JSON.stringify(mentions) } : {}) },
    });

  /** Stored without what a button holds for the integration: "StripActionIntegrations". */
  const handle = (route: Route, id: string, given: Record<string, unknown>, bytes: Uint8Array, response: ServerResponse): unknown => {
    asked.push({ route, given });
    const own = z.looseObject({ channel_id: z.string().default(''), message: z.string().default('') }).parse(given);
    if ((id !== '' && route.includes('/channels/:id')) || own.channel_id !== '') {
      const at = own.channel_id === '' ? id : own.channel_id;
      if (closed ? at === group : at !== group && ![direct('ana'), direct('ben'), direct('bot')].includes(at))
        return refuse(response, 403, 'api.context.permissions.app_error');
    }
    switch (route) {
      case 'GET /users/me':
        return say(response, 200, { id: ids.self, username: 'copaw', is_bot: true });
      case 'GET /users/me/channels': {
        const all = [group, direct('ana'), direct('ben'), direct('bot')];
        const last = (at: string) => Math.max(0, ...[...posts.values()].filter((one) => one.channel_id === at).map((one) => one.create_at));
        return say(
          response,
          200,
          all.map((at) => ({ id: at, type: typeOf(at), last_post_at: last(at), name: 'x' })),
        );
      }
      case 'GET /users/me/channel_members':
        return say(
          response,
          200,
          [group, direct('ana'), direct('ben'), direct('bot')].map((at) => ({ channel_id: at, user_id: ids.self, last_viewed_at: viewed.get(at) ?? opened })),
        );
      case 'GET /channels/:id':
        return say(response, 200, { id, type: typeOf(id) });
      case 'GET /channels/:id/posts': {
        const { since, page, per_page } = z
          .object({ since: z.coerce.number().optional(), page: z.coerce.number().default(0), per_page: z.coerce.number().default(60) })
          .parse(given);
        const inOrder = [...posts.values()].filter((one) => one.channel_id === id).toReversed();
        const found =
          since === undefined
            ? inOrder.filter((one) => one.delete_at === 0).slice(page * per_page, (page + 1) * per_page)
            : inOrder.filter((one) => one.update_at > since);
        return say(response, 200, {
          order: found.map((one) => one.id),
          posts: Object.fromEntries(found.map((one) => [one.id, one])),
          next_post_id: '',
          prev_post_id: '',
        });
      }
      case 'POST /channels/members/me/view':
        viewed.set(own.channel_id, Date.now());
        return say(response, 200, { status: 'OK' });
      case 'POST /posts':
        return create(given, response);
      case 'PUT /posts/:id/patch': {
        const one = posts.get(id);
        if (!one || one.user_id !== ids.self) return refuse(response, 403, 'api.context.permissions.app_error');
        edits.set(id, (edits.get(id) ?? 0) + (one.message === own.message ? 0 : 1));
        const now = Date.now();
        Object.assign(one, { message: own.message, edit_at: now, update_at: now }, given.props === undefined ? {} : { props: given.props });
        emit('post_edited', one.channel_id, { post: JSON.stringify(one) });
        return say(response, 200, one);
      }
      case 'POST /files': {
        if (bytes.length > mostFile) return refuse(response, 413, 'api.file.upload_file.too_large_detailed.app_error');
        const file = newId();
        files.set(file, { name: String(given.filename), bytes });
        return say(response, 201, { file_infos: [{ id: file, name: given.filename, size: bytes.length }], client_ids: [] });
      }
      case 'GET /files/:id': {
        const file = files.get(id);
        return void (file ? response.writeHead(200).end(file.bytes) : refuse(response, 404, 'app.file_info.get.app_error'));
      }
      default:
        return say(response, 200, { status: 'OK' });
    }
  };

  const create = (given: Record<string, unknown>, response: ServerResponse): unknown => {
    const fault = faults.shift();
    if (fault !== undefined && fault !== 'lost') return refuse(response, statusOf[fault], 'a.fault', fault === 'busy' ? { 'x-ratelimit-reset': '2' } : {});
    const { channel_id, root_id = '', message, file_ids = [], props = {}, pending_post_id = '' } = requests['POST /posts'].parse(given);
    const same = posts.get(pending.get(pending_post_id) ?? '');
    if (same) return say(response, 201, same);
    if (message === '' && file_ids.length === 0) return refuse(response, 400, 'model.post.is_valid.msg.app_error');
    if (root_id !== '' && (posts.get(root_id)?.channel_id !== channel_id || posts.get(root_id)?.root_id !== ''))
      return refuse(response, 400, 'api.post.create_post.root_id.app_error');
    if (file_ids.some((file) => !files.has(file))) return refuse(response, 400, 'api.post.create_post.file_ids.app_error');
    const one = post(ids.self, channel_id, message, {
      root_id,
      props: { ...props, from_bot: 'true' },
      metadata: { files: file_ids.map((file) => ({ id: file, name: files.get(file)?.name })) },
    });
    contents.set(one.id, file_ids);
    if (pending_post_id !== '') pending.set(pending_post_id, one.id);
    posted(one, 'copaw');
    if (fault === 'lost') return void response.destroy();
    return say(response, 201, one);
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    const body = await bodyOf(request);
    const url = new URL(request.url ?? '', 'http://x');
    const [, id = ''] = /^\/api\/v4\/(?:channels|posts|files)\/(\w{26})(?:\/|$)/u.exec(url.pathname) ?? [];
    const route = `${request.method} ${url.pathname.replace('/api/v4', '').replace(id === '' ? '\0' : id, ':id')}`;
    if (request.headers.authorization !== `Bearer ${token}` || !known) {
      if (known) complaints.push('a request without the token');
      return refuse(response, 401, 'api.context.session_expired.app_error');
    }
    if (!isRoute(route)) {
      complaints.push(`nothing is documented for ${route}`);
      return refuse(response, 404, 'api.context.404.app_error');
    }
    const query = Object.fromEntries(url.searchParams);
    const raw = route === 'POST /files';
    if (!raw && body.length > 0 && request.headers['content-type'] !== 'application/json') complaints.push(`${route}: a body that is no JSON`);
    const parsed = requests[route].safeParse(raw || body.length === 0 ? query : JSON.parse(body.toString()));
    if (!parsed.success) {
      complaints.push(`${route}: ${z.prettifyError(parsed.error)}`);
      return refuse(response, 400, 'api.context.invalid_body_param.app_error');
    }
    return handle(route, id, parsed.data, body, response);
  };
  const server = createServer((request, response) => {
    busy.add(response);
    response.once('close', () => busy.delete(response));
    void serve(request, response);
  });
  const hub = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    if (request.url !== '/api/v4/websocket') return void socket.destroy();
    hub.handleUpgrade(request, socket, head, (one) => {
      const state = { seq: 0, open: false };
      sockets.set(one, state);
      one.once('close', () => sockets.delete(one));
      one.on('error', () => undefined);
      one.on('message', (bytes) => {
        const parsed = action1.safeParse(JSON.parse(String(bytes)));
        if (!parsed.success || state.open) return void complaints.push(`a frame nobody expects: ${String(bytes).slice(0, 100)}`);
        if (parsed.data.data.token !== token || !known) {
          one.send(JSON.stringify({ status: 'FAIL', seq_reply: 1, error: { id: 'api.web_socket_router.not_authenticated.app_error', message: 'x' } }));
          return one.close();
        }
        one.send(JSON.stringify({ status: 'OK', seq_reply: 1 }));
        state.open = true;
        const broadcast = { omit_users: null, user_id: ids.self, channel_id: '', team_id: '' };
        one.send(JSON.stringify({ event: 'hello', data: { server_version: '11.0.0', connection_id: newId() }, broadcast, seq: state.seq++ }));
      });
    });
  });
  const port = await listen(server);

  const call = async (body: string): Promise<number> => {
    const answer = await channel?.webhook?.({ header: () => undefined, query: {}, body: new TextEncoder().encode(body) });
    return answer?.status ?? 404;
  };
  const actionsOf = (one: Post | undefined) =>
    (
      propsShape
        .partial()
        .loose()
        .parse(one?.props ?? {}).attachments ?? []
    ).flatMap(({ actions }) => actions);
  const change = (id: string, more: Partial<Post>): Post => {
    const one = posts.get(id);
    if (!one) throw new Error('There is no such post.');
    return Object.assign(one, { update_at: Date.now() }, more);
  };
  const webhook = { webhookUrl: hookUrl, webhookSecret: { vault: 'hook' } };

  return {
    settings: { url: `http://127.0.0.1:${port}`, token: { vault: 'token' }, ...(buttons ? webhook : {}) },
    secrets: { token, hook: 'a secret of the buttons 0123456789' },
    ids,
    chat: (where, person = 'ana') => (where === 'group' ? group : direct(person)),
    requests: asked,
    async says({ from = 'ana', where = 'direct', text, mention, replyTo, thread, files: given = [], at }) {
      const infos = given.map(({ name, bytes }) => {
        const id = newId();
        files.set(id, { name, bytes });
        return { id, name, size: bytes.length, mime_type: 'application/octet-stream' };
      });
      const one = post(ids[from], where === 'group' ? group : direct(from === 'self' ? 'ana' : from), mention ? `@copaw ${text}` : text, {
        ...{ root_id: thread ?? replyTo ?? '', metadata: { files: infos }, ...(at === undefined ? {} : { create_at: at }) },
        ...(from === 'bot' ? { props: { from_bot: 'true' } } : {}),
      });
      posted(one, from, where === 'direct' || mention ? [ids.self] : []);
      return one.id;
    },
    again: async (id) => posted(change(id, {}), 'ana'),
    async edits(id, text) {
      const one = change(id, { message: text, edit_at: Date.now() });
      emit('post_edited', one.channel_id, { post: JSON.stringify(one) });
    },
    async withdraws(id, from = 'ana') {
      const one = change(id, { delete_at: Date.now() });
      emit('post_deleted', one.channel_id, { post: JSON.stringify(one), delete_by: ids[from] });
    },
    async reacts(id, emoji, from = 'ana') {
      const reaction = { user_id: ids[from], post_id: id, emoji_name: emoji === '👍' ? '+1' : 'x', create_at: Date.now(), update_at: Date.now(), delete_at: 0 };
      emit('reaction_added', posts.get(id)?.channel_id ?? '', { reaction: JSON.stringify(reaction) });
    },
    ...(buttons
      ? {
          async presses(id: string, value: string, from: PlatformPerson = 'ana') {
            const one = posts.get(id);
            const action = actionsOf(one).find(({ integration }) => integration.context.value === value);
            const place = { channel_id: one?.channel_id, channel_name: 'x', team_id: '', team_domain: '', post_id: id };
            await call(
              JSON.stringify({
                user_id: ids[from],
                user_name: from,
                ...place,
                trigger_id: newId(),
                type: 'button',
                data_source: '',
                context: action?.integration.context,
              }),
            );
          },
        }
      : {}),
    async raw(frame) {
      for (const [socket, { open }] of sockets) if (open) socket.send(frame);
      emit('posted', group, { channel_type: 'O', post: frame });
      emit('reaction_added', group, { reaction: frame });
    },
    shown: () =>
      [...posts.values()]
        .filter(({ id, user_id }) => user_id === ids.self && contents.has(id))
        .map((one) => ({
          ...{ id: one.id, chat: one.channel_id, text: one.message, edits: edits.get(one.id) ?? 0, ...(one.root_id === '' ? {} : { thread: one.root_id }) },
          files: (contents.get(one.id) ?? []).flatMap((id) => files.get(id) ?? []),
          choices: actionsOf(one).map(({ name, integration }) => ({ label: name, value: String(integration.context.value) })),
        })) satisfies ShownMessage[],
    next: (...more) => void faults.push(...more),
    calls(to) {
      channel = to;
    },
    knowsAccount(is) {
      known = is;
    },
    cut() {
      for (const socket of sockets.keys()) socket.terminate();
    },
    connections: () => sockets.size + busy.size,
    complaints,
    close() {
      for (const socket of sockets.keys()) socket.terminate();
      server.closeAllConnections();
      return shut(server);
    },
    loses(text) {
      const { id } = post(ids.ana, direct('ana'), text);
      for (const state of sockets.values()) state.seq++;
      return id;
    },
    closes() {
      closed = true;
    },
    notices: (text) => posted(post(ids.ana, group, text, { type: 'system_join_channel' }), 'ana'),
    hook: call,
  };
}

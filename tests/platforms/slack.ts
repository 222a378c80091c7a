// A made-up Slack on loopback: Web API, files, Socket Mode and signed requests as https://docs.slack.dev has them. What the documentation does not allow is
// refused and noted.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { z } from 'zod';
import { slack } from '../../src/channels/slack/slack.ts';
import { jsonOf } from '../../src/lib/json-of.ts';
import type { ChannelWorld, Platform, PlatformFault, PlatformPerson, PlatformWords, ShownMessage } from '../../src/testing/channel-world.ts';
import { bodyOf, listen, shut } from './loopback.ts';
import { type EnvelopeType, type SlackRequests, type SlackSockets, slackRequests, slackSockets } from './slack-events.ts';
import { methods } from './slack-schema.ts';

const botToken = 'xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcBrzbqgy';
const appToken = 'xapp-1-A111-222-3333333333333333';
const signingSecret = '8f742231b10e8888abcd99yyyzzz85a5';
const people = { ana: 'U061F7AUR', ben: 'U062G8BVS', self: 'U0SELF0BOT', bot: 'U0OTHERBOT' } as const;
const direct = { ana: 'D024BE91L', ben: 'D024BE92M', self: 'D024BE93N', bot: 'D024BE94P' } as const;
const group = 'C2147483705';

type Method = keyof typeof methods;

export interface SlackPlatform extends Platform {
  presses: NonNullable<Platform['presses']>;
  readonly sockets: SlackSockets;
  readonly requests: SlackRequests;
  readonly asked: string[];
  /** An event, as Slack wraps it. */
  event(event: object): Promise<void>;
  command(command: string, text: string, from?: PlatformPerson): Promise<void>;
  /** The next call of a method answers `ok: false` with this. */
  fails(method: Method, error: string): void;
  /** Where files that were sent are. */
  readonly origin: string;
}

interface Stored {
  readonly ts: string;
  readonly channel: string;
  readonly thread: string | undefined;
  text: string;
  choices: readonly { readonly label: string; readonly value: string }[];
  readonly metadata: object | undefined;
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  edits: number;
}

const can = {
  ...{ group: true, mention: true, thread: true, reply: true, forwarded: true, filesIn: true, filesOut: true, self: true, bot: true },
  ...{ editIn: true, deleteIn: true, reactionIn: true, redelivers: true },
};
/** By Socket Mode. */
export const slackWorld: ChannelWorld = { kind: slack, can: { ...can, login: true }, open: () => openSlackPlatform() };
/** By signed HTTP. */
export const slackHttpWorld: ChannelWorld = { kind: slack, can, open: () => openSlackPlatform({ http: true }) };

export async function openSlackPlatform({ http = false } = {}): Promise<SlackPlatform> {
  const complaints: string[] = [];
  const stored: Stored[] = [];
  const kept = new Map<string, Uint8Array>();
  const uploads = new Map<string, { name: string; length: number; bytes?: Uint8Array }>();
  const events = new Map<string, Record<string, unknown>[]>();
  const faults: PlatformFault[] = [];
  const failures = new Map<Method, string>();
  const asked: string[] = [];
  const sockets = slackSockets(complaints);
  const requests = slackRequests(signingSecret);
  let known = true;
  let count = 0;
  let last = 0;
  const newTs = (at = Date.now()): string => {
    last++;
    return `${String(Math.floor(at / 1_000)).padStart(10, '0')}.${String(((at % 1_000) * 1_000 + last) % 1_000_000).padStart(6, '0')}`;
  };
  const send = async (type: EnvelopeType, payload: object): Promise<void> => (http ? requests.send(type, payload) : sockets.send(type, payload));
  const event = (given: object): Promise<void> =>
    send('events_api', {
      ...{ token: 'unused', team_id: 'T1', api_app_id: 'A1', type: 'event_callback', event_id: `Ev${++count}`, event_time: Math.floor(Date.now() / 1_000) },
      ...{ authorizations: [{ team_id: 'T1', user_id: people.self, is_bot: true }], event: given },
    });
  const typeOf = (channel: string): string => (channel.startsWith('D') ? 'im' : 'channel');

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      complaints.push(String(error));
      response.writeHead(500).end();
    });
  });
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  server.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head));
  const port = await listen(server);
  const origin = `http://127.0.0.1:${port}`;

  const say = (response: ServerResponse, body: object, status = 200, headers: Record<string, string> = {}) => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(JSON.stringify(body));
  };
  const refuse = (response: ServerResponse, error: string, more: object = {}) => say(response, { ok: false, error, ...more });

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const body = await bodyOf(request);
    const path = new URL(request.url ?? '/', origin).pathname;
    const authorization = request.headers.authorization;
    if (path.startsWith('/files-pri/')) {
      const bytes = kept.get(path);
      // Without a token Slack shows its page for logging in.
      if (authorization !== `Bearer ${botToken}` || !bytes) return void response.writeHead(302, { location: `${origin}/login` }).end();
      return void response.writeHead(200).end(bytes);
    }
    if (path.startsWith('/upload/')) {
      const file = uploads.get(path.slice('/upload/'.length));
      if (authorization) complaints.push('the token went where files are put');
      if (file?.length !== body.length) complaints.push('a file that is not as long as was said');
      if (!file) return void response.writeHead(404).end();
      file.bytes = body;
      return void response.writeHead(200).end(`OK - ${body.length}`);
    }
    const method = path.replace('/api/', '') as Method;
    asked.push(method);
    if (!Object.hasOwn(methods, method) || request.method !== 'POST') {
      complaints.push(`Slack has no ${request.method} ${path}`);
      return refuse(response, 'unknown_method');
    }
    if (authorization !== `Bearer ${method === 'apps.connections.open' ? appToken : botToken}` || !known) return refuse(response, 'invalid_auth');
    const { type, body: schema } = methods[method];
    const contentType = String(request.headers['content-type']);
    const wanted = type === 'json' ? 'application/json; charset=utf-8' : 'application/x-www-form-urlencoded';
    const parsed = schema.safeParse(type === 'json' ? jsonOf(body.toString()) : Object.fromEntries(new URLSearchParams(body.toString())));
    if (contentType !== wanted || !parsed.success) {
      complaints.push(`${method}: ${contentType} ${parsed.success ? '' : z.prettifyError(parsed.error)}`);
      return refuse(response, 'invalid_arguments');
    }
    const failure = failures.get(method);
    failures.delete(method);
    if (failure !== undefined) return refuse(response, failure, failure === 'missing_scope' ? { needed: 'chat:write', provided: 'users:read' } : {});
    return handle[method](parsed.data as never, request, response);
  }

  const isKnown = (channel: string): boolean => channel === group || Object.values<string>(direct).includes(channel);
  const choicesOf = (blocks: z.output<(typeof methods)['chat.update']['body']>['blocks'] = []) =>
    blocks.flatMap((block) => (block.type === 'actions' ? block.elements.map(({ text, value }) => ({ label: text.text, value })) : []));
  type Given<Name extends Method> = z.output<(typeof methods)[Name]['body']>;
  /** Fewer than were asked for may come. */
  const page = (messages: readonly Stored[], response: ServerResponse, wanted: number, cursor = '0') => {
    const limit = Math.min(wanted, 20);
    const from = Number(cursor);
    const more = from + limit < messages.length;
    say(response, {
      ...{ ok: true, has_more: more, response_metadata: { next_cursor: more ? String(from + limit) : '' } },
      messages: messages.slice(from, from + limit).map(({ ts, text, metadata, thread }) => ({
        ...{ type: 'message', user: people.self, bot_id: 'B0SELF', ts, text, ...(thread === undefined ? {} : { thread_ts: thread }) },
        ...(metadata === undefined ? {} : { metadata }),
      })),
    });
  };

  const handle: { [Name in Method]: (given: Given<Name>, request: IncomingMessage, response: ServerResponse) => unknown } = {
    'auth.test': (_, __, response) =>
      say(response, { ok: true, url: 'https://made-up.slack.com/', team: 'made-up', user: 'copaw', team_id: 'T1', user_id: people.self, bot_id: 'B0SELF' }),
    'apps.connections.open': (_, __, response) => say(response, { ok: true, url: `ws://127.0.0.1:${port}/link/?ticket=${sockets.ticket()}&app_id=A1` }),
    async 'chat.postMessage'(given, request, response) {
      const fault = faults.shift();
      if (fault === 'unauthenticated') return refuse(response, 'token_revoked');
      if (fault === 'forbidden') return refuse(response, 'not_in_channel');
      if (fault === 'busy') return say(response, { ok: false, error: 'ratelimited' }, 429, { 'retry-after': '1' });
      if (fault === 'broken') return void response.writeHead(502).end('<html>');
      if (!isKnown(given.channel)) return refuse(response, 'channel_not_found');
      if (given.text === '' && given.blocks === undefined) return refuse(response, 'no_text');
      const { channel, thread_ts: thread, text, metadata } = given;
      const ts = newTs();
      stored.push({ ts, channel, thread, text, choices: choicesOf(given.blocks), metadata, files: [], edits: 0 });
      const message = { type: 'message', user: people.self, bot_id: 'B0SELF', text, ts, ...(thread === undefined ? {} : { thread_ts: thread }) };
      await event({ ...message, channel, channel_type: typeOf(channel), event_ts: ts });
      if (fault === 'lost') return void request.socket.destroy();
      return say(response, { ok: true, channel, ts, message });
    },
    async 'chat.update'({ channel, ts, text, blocks }, _, response) {
      const found = stored.find((one) => one.ts === ts && one.channel === channel);
      if (!found) return refuse(response, 'message_not_found');
      found.text = text;
      found.choices = choicesOf(blocks);
      found.edits++;
      const message = { type: 'message', user: people.self, bot_id: 'B0SELF', text, ts, edited: { user: people.self, ts: newTs() } };
      await event({ type: 'message', subtype: 'message_changed', hidden: true, channel, channel_type: typeOf(channel), ts: newTs(), message });
      return say(response, { ok: true, channel, ts, text });
    },
    'files.getUploadURLExternal'({ filename, length }, _, response) {
      const id = `F${++count}ABCDEF`;
      uploads.set(id, { name: filename, length: Number(length) });
      say(response, { ok: true, upload_url: `${origin}/upload/${id}`, file_id: id });
    },
    'files.completeUploadExternal'({ files, channel_id: channel, thread_ts: thread }, _, response) {
      const found = files.map(({ id }) => uploads.get(id));
      if (found.some((one) => one?.bytes === undefined)) return refuse(response, 'file_not_found');
      if (!isKnown(channel)) return refuse(response, 'channel_not_found');
      const all = found.flatMap((one) => (one?.bytes ? [{ name: one.name, bytes: one.bytes }] : []));
      stored.push({ ts: newTs(), channel, thread, text: '', choices: [], metadata: undefined, files: all, edits: 0 });
      return say(response, { ok: true, files: files.map(({ id, title }) => ({ id, title })) });
    },
    'conversations.history': ({ channel, limit, cursor }, _, response) =>
      page(stored.filter((one) => one.channel === channel && one.thread === undefined).reverse(), response, Number(limit), cursor),
    'conversations.replies': ({ channel, ts, limit, cursor }, _, response) =>
      page(
        stored.filter((one) => one.channel === channel && (one.thread === ts || one.ts === ts)),
        response,
        Number(limit),
        cursor,
      ),
  };

  const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const author = (person: PlatformPerson) => ({
    user: people[person],
    ...(person === 'self' ? { bot_id: 'B0SELF' } : person === 'bot' ? { bot_id: 'B0OTHER' } : {}),
  });
  const said = ({ from = 'ana', where = 'direct', text, mention, replyTo, thread, forwarded, files = [], displayName, at }: PlatformWords) => {
    const channel = where === 'group' ? group : direct[from];
    const ts = newTs(at);
    const given = files.map(({ name, bytes, mediaType = 'application/octet-stream' }) => {
      const path = `/files-pri/T1-F${++count}/download/file`;
      kept.set(path, bytes);
      return {
        id: `F${count}`,
        name,
        title: name,
        size: bytes.length,
        mimetype: mediaType,
        mode: 'hosted',
        url_private: `${origin}${path}`,
        url_private_download: `${origin}${path}`,
      };
    });
    const root = thread ?? replyTo;
    const words = `${mention ? `<@${people.self}> ` : ''}${escaped(text)}`;
    return {
      ...{ type: 'message', channel, channel_type: typeOf(channel), ...author(from), ts, event_ts: ts, client_msg_id: `c${ts}` },
      ...{ text: forwarded ? '' : words, ...(displayName === undefined ? {} : { user_profile: { real_name: displayName } }) },
      ...(root === undefined ? {} : { thread_ts: root }),
      ...(given.length === 0 ? {} : { files: given, subtype: 'file_share' }),
      ...(forwarded ? { attachments: [{ is_share: true, is_msg_unfurl: true, text: words, author_id: 'U0SOMEBODY', fallback: words }] } : {}),
    };
  };

  const platform: SlackPlatform = {
    ...{ sockets, requests, asked, complaints, event, origin },
    settings: {
      ...{ botToken: { vault: 'slack-bot' }, api: `${origin}/api` },
      ...(http ? { signingSecret: { vault: 'slack-signing' } } : { appToken: { vault: 'slack-app' } }),
    },
    secrets: { 'slack-bot': botToken, ...(http ? { 'slack-signing': signingSecret } : { 'slack-app': appToken }) },
    ids: { ...people },
    chat: (where, person = 'ana') => (where === 'group' ? group : direct[person]),
    async says(words) {
      const message = said(words);
      const all = [message, ...(words.mention && words.where === 'group' ? [{ ...message, type: 'app_mention', channel_type: undefined }] : [])];
      events.set(message.ts, all);
      for (const one of all) await event(one);
      return message.ts;
    },
    async again(id) {
      for (const one of events.get(id) ?? []) await event(one);
    },
    async edits(id, text) {
      const [before] = events.get(id) ?? [];
      const { channel, channel_type, ...rest } = before ?? {};
      const message = { ...rest, text: escaped(text), edited: { user: rest.user, ts: newTs() } };
      const ts = newTs();
      await event({ type: 'message', subtype: 'message_changed', hidden: true, channel, channel_type, ts, event_ts: ts, message, previous_message: rest });
    },
    async withdraws(id) {
      const [before] = events.get(id) ?? [];
      const ts = newTs();
      const { channel = direct.ana, channel_type, ...rest } = before ?? {};
      const previous = before ? rest : { type: 'message', user: people.self, bot_id: 'B0SELF', text: '', ts: id };
      await event({
        type: 'message',
        subtype: 'message_deleted',
        hidden: true,
        channel,
        channel_type,
        ts,
        event_ts: ts,
        deleted_ts: id,
        previous_message: previous,
      });
    },
    async reacts(id, emoji, from = 'ana') {
      const channel = stored.find((one) => one.ts === id)?.channel ?? direct[from];
      await event({
        ...{ type: 'reaction_added', user: people[from], reaction: emoji === '👍' ? '+1' : 'other', item_user: people.self, event_ts: newTs() },
        item: { type: 'message', channel, ts: id },
      });
    },
    async presses(id, value, from = 'ana') {
      const found = stored.find((one) => one.ts === id);
      const channel = found?.channel ?? direct[from];
      const thread = found?.thread === undefined ? {} : { thread_ts: found.thread };
      await send('interactive', {
        ...{ type: 'block_actions', team: { id: 'T1' }, api_app_id: 'A1', trigger_id: `13345224609.${++count}`, response_url: `${origin}/response` },
        ...{ user: { id: people[from], username: from, name: from, team_id: 'T1' }, channel: { id: channel, name: 'directmessage' } },
        container: { type: 'message', message_ts: found?.ts ?? newTs(), channel_id: channel, is_ephemeral: false, ...thread },
        actions: [{ action_id: 'choice-0', block_id: 'b1', type: 'button', value, text: { type: 'plain_text', text: 'x' }, action_ts: newTs() }],
      });
    },
    async command(command, text, from = 'ana') {
      await send('slash_commands', {
        ...{
          command,
          text,
          user_id: people[from],
          user_name: from,
          channel_id: direct[from],
          channel_name: 'directmessage',
          team_id: 'T1',
          team_domain: 'made-up',
        },
        ...{ api_app_id: 'A1', is_enterprise_install: 'false', response_url: `${origin}/response`, trigger_id: `13345224609.${++count}` },
      });
    },
    async raw(frame) {
      if (!http) return sockets.raw(frame);
      for (const type of ['application/json', 'application/x-www-form-urlencoded'])
        await requests.post(frame, type, { seconds: Math.floor(Date.now() / 1_000) - (++count % 250) });
    },
    fails: (method, error) => void failures.set(method, error),
    shown: (): ShownMessage[] =>
      stored.map(({ ts, channel, thread, text, files, choices, edits }) => ({
        ...{ id: ts, chat: channel, ...(thread === undefined ? {} : { thread }), text, files, choices, edits },
      })),
    next: (...more) => void faults.push(...more),
    ...(http ? { calls: requests.to } : { cut: () => sockets.cut() }),
    knowsAccount(now) {
      known = now;
    },
    connections: () => sockets.connections(),
    async close() {
      sockets.stop();
      for (const socket of open) socket.destroy();
      await shut(server);
    },
  };
  return platform;
}

// A made-up Discord on loopback: gateway and HTTP API as https://discord.com/developers/docs has them. What the documentation does not allow is refused and noted.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { discord } from '../../src/channels/discord/discord.ts';
import { jsonOf } from '../../src/lib/json-of.ts';
import type { ChannelWorld, Platform, PlatformFault, PlatformPerson, ShownMessage } from '../../src/testing/channel-world.ts';
import { type DiscordGateway, discordGateway } from './discord-gateway.ts';
import { callbackBody, commandsBody, editBody, messageBody } from './discord-schema.ts';
import { bodyOf, listen, shut } from './loopback.ts';

const token = 'MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs';
const people = { ana: '80351110224678912', ben: '80351110224678913', self: '80351110224678914', bot: '80351110224678915' } as const;
const guild = '90000000000000001';
const group = '90000000000000002';
const application = '70000000000000001';
const mostFile = 20 * 1024 * 1024;
const mostRequest = 25 * 1024 * 1024;

export interface DiscordPlatform extends Platform {
  presses: NonNullable<Platform['presses']>;
  readonly gateway: DiscordGateway;
  /** Everything that was asked: "POST channels/1/messages". */
  readonly asked: string[];
  /** Callbacks of interactions. */
  readonly callbacks: object[];
  /** The menu of commands as it was written. */
  menu: z.output<typeof commandsBody>;
  /** Intents that were switched on in the portal. */
  intents: number;
  sessionsLeft: number;
  /** A thread that CoPaw was not told of. */
  hiddenThread(): string;
  command(name: string, text: string, from?: PlatformPerson, where?: 'direct' | 'group'): Promise<void>;
  /** A frame of the gateway: somebody else's doing. */
  event(name: string, data: object): void;
  limit(global: boolean, seconds: number): void;
  readonly historyKnowsNonces: { value: boolean };
}

interface Stored {
  readonly message: Record<string, unknown> & { readonly id: string };
  readonly channel: string;
  readonly nonce: string | undefined;
  files: { readonly name: string; readonly bytes: Uint8Array }[];
  edits: number;
}

export const discordWorld: ChannelWorld = {
  kind: discord,
  can: {
    ...{ group: true, mention: true, thread: true, reply: true, forwarded: true, filesIn: true, filesOut: true, self: true, bot: true },
    ...{ editIn: true, deleteIn: true, reactionIn: true, redelivers: true, login: true, resumes: true },
  },
  open: openDiscordPlatform,
};

export async function openDiscordPlatform(): Promise<DiscordPlatform> {
  const complaints: string[] = [];
  const stored: Stored[] = [];
  const files = new Map<string, Uint8Array>();
  const threads = new Set<string>();
  const events = new Map<string, { t: string; d: Record<string, unknown> }>();
  const faults: PlatformFault[] = [];
  const callbacks: object[] = [];
  const asked: string[] = [];
  const pending = new Set<string>();
  const historyKnowsNonces = { value: false };
  let limited: { global: boolean; seconds: number } | undefined;
  let known = true;
  let count = 0;
  const snowflake = (at = Date.now()): string => String((BigInt(Math.floor(at) - 1_420_070_400_000) << 22n) + BigInt(++count));
  const user = (person: PlatformPerson, name?: string) => ({
    ...{ id: people[person], username: name ?? person, discriminator: '0', global_name: name ?? person.toUpperCase(), avatar: null },
    ...(person === 'self' || person === 'bot' ? { bot: true } : {}),
  });
  const directOf = (person: PlatformPerson): string => people[person].replace(/^8/u, '6');
  const isDirect = (channel: string): boolean => Object.keys(people).some((person) => directOf(person as PlatformPerson) === channel);
  const isKnown = (channel: string): boolean => channel === group || threads.has(channel) || isDirect(channel);
  const channelObject = (channel: string) =>
    isDirect(channel)
      ? { id: channel, type: 1, recipients: [] }
      : { id: channel, type: threads.has(channel) ? 11 : 0, guild_id: guild, parent_id: threads.has(channel) ? group : null, name: 'general' };
  const whereOf = (channel: string) => ({ channel_id: channel, ...(isDirect(channel) ? {} : { guild_id: guild, member: { roles: [] } }) });

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      complaints.push(String(error));
      response.writeHead(500).end();
    });
  });
  const sockets = new Set<import('node:net').Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const port = await listen(server);
  const origin = `http://127.0.0.1:${port}`;

  const gateway = discordGateway({
    ...{ token, complaints, knows: () => known, allowedIntents: () => platform.intents, resumeUrl: () => `ws://127.0.0.1:${port}/resume` },
    ready: () => ({ user: user('self'), guilds: [{ id: guild, unavailable: true }], application: { id: application, flags: 0 } }),
  });
  server.on('upgrade', (request, socket, head) => gateway.upgrade(request, socket, head));

  const say = (response: ServerResponse, status: number, body?: unknown, headers: Record<string, string> = {}): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body === undefined ? undefined : JSON.stringify(body));
  };
  const refuse = (response: ServerResponse, status: number, message: string, code = 0): void => say(response, status, { message, code });
  const complain = (response: ServerResponse, why: string): void => {
    complaints.push(why);
    refuse(response, 400, 'Invalid Form Body', 50_035);
  };

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const body = await bodyOf(request);
    const url = new URL(request.url ?? '/', origin);
    if (url.pathname.startsWith('/attachments/')) {
      if (request.headers.authorization) complaints.push('the token of the bot went to the files');
      const bytes = files.get(url.pathname);
      return void (bytes ? response.writeHead(200).end(bytes) : response.writeHead(404).end());
    }
    const path = url.pathname.replace('/api/v10/', '');
    asked.push(`${request.method} ${path}`);
    if (!/^DiscordBot \(https?:\/\/\S+, [\d.]+\)/u.test(String(request.headers['user-agent']))) complaints.push('a request without a proper user agent');
    const open = /^(?:interactions|webhooks)\//u.test(path);
    if (open && request.headers.authorization) complaints.push('a token where none is needed');
    if (!open && (request.headers.authorization !== `Bot ${token}` || !known)) return refuse(response, 401, '401: Unauthorized');
    if (limited) {
      const { global, seconds } = limited;
      limited = undefined;
      return say(response, 429, { message: 'You are being rate limited.', retry_after: seconds, global }, { 'retry-after': String(Math.ceil(seconds)) });
    }
    const [first, second, third, fourth] = path.split('/');
    const route = `${request.method} ${[first, third].filter(Boolean).join('/')}`;
    if (first === 'channels' && !isKnown(second ?? '')) return refuse(response, 404, 'Unknown Channel', 10_003);
    switch (route) {
      case 'GET gateway':
        return say(response, 200, {
          ...{ url: `ws://127.0.0.1:${port}/gateway`, shards: 1 },
          session_start_limit: { total: 1_000, remaining: platform.sessionsLeft, reset_after: 60_000, max_concurrency: 1 },
        });
      case 'GET channels':
        return say(response, 200, channelObject(second ?? ''));
      case 'GET channels/messages':
        return history(response, second ?? '', Number(url.searchParams.get('limit') ?? 50));
      case 'POST channels/messages':
        return create(request, response, second ?? '', body);
      case 'PATCH channels/messages':
        return edit(response, second ?? '', fourth ?? '', body);
      case 'POST channels/typing':
        return say(response, 204);
      case 'POST interactions/token':
      case `POST interactions/${third}`:
        return callback(response, `${second}/${third}`, body);
      case `DELETE webhooks/${third}`:
        return say(response, 204);
      case 'GET applications/commands':
        return say(response, 200, platform.menu);
      case 'PUT applications/commands': {
        const parsed = commandsBody.safeParse(jsonOf(body.toString()));
        if (!parsed.success) return complain(response, z.prettifyError(parsed.error));
        platform.menu = parsed.data;
        return say(response, 200, platform.menu);
      }
      default:
        complaints.push(`Discord has no ${request.method} ${path}`);
        return refuse(response, 404, '404: Not Found');
    }
  }

  function history(response: ServerResponse, channel: string, limit: number) {
    if (!(limit >= 1 && limit <= 100)) return complain(response, 'a history of more than a hundred');
    const found = stored
      .filter((one) => one.channel === channel)
      .slice(-limit)
      .reverse();
    say(
      response,
      200,
      found.map(({ message, nonce }) => ({ ...message, ...(historyKnowsNonces.value && nonce !== undefined ? { nonce } : {}) })),
    );
  }

  function callback(response: ServerResponse, id: string, body: Buffer) {
    const parsed = callbackBody.safeParse(jsonOf(body.toString()));
    if (!parsed.success) return complain(response, z.prettifyError(parsed.error));
    if (!pending.delete(id)) return refuse(response, 404, 'Unknown interaction', 10_062);
    callbacks.push(parsed.data);
    say(response, 204);
  }

  async function create(request: IncomingMessage, response: ServerResponse, channel: string, bytes: Buffer) {
    if (bytes.length > mostRequest) return complain(response, 'a request of more than 25 MiB');
    const fault = faults.shift();
    if (fault === 'unauthenticated') return refuse(response, 401, '401: Unauthorized');
    if (fault === 'forbidden') return refuse(response, 403, 'Missing Access', 50_001);
    if (fault === 'busy') return say(response, 429, { message: 'You are being rate limited.', retry_after: 0.3, global: false }, { 'retry-after': '1' });
    if (fault === 'broken') return void response.writeHead(502).end('<html>Bad Gateway</html>');
    const { json, uploads } = await sentIn(request, bytes);
    const parsed = messageBody.safeParse(json);
    if (!parsed.success) return complain(response, z.prettifyError(parsed.error));
    const { content = '', nonce, components, attachments = [], flags } = parsed.data;
    if (content === '' && uploads.length === 0) return refuse(response, 400, 'Cannot send an empty message', 50_006);
    if (uploads.some((one) => one.bytes.length > mostFile)) return complain(response, 'a file of more than 20 MiB');
    if (attachments.length !== uploads.length || attachments.some(({ id }, at) => uploads[at]?.field !== `files[${id}]`))
      return complain(response, 'attachments that are not those that were sent');
    const before = stored.find((one) => one.nonce === nonce && one.channel === channel);
    if (before) return say(response, 200, before.message);
    const id = snowflake();
    const message = {
      ...{ id, ...whereOf(channel), author: user('self'), content, timestamp: new Date().toISOString(), edited_timestamp: null, tts: false, type: 0 },
      ...{ mention_everyone: false, mentions: [], mention_roles: [], attachments: [], embeds: [], pinned: false, flags, components },
    };
    stored.push({ message, channel, nonce, files: uploads, edits: 0 });
    gateway.dispatch('MESSAGE_CREATE', { ...message, nonce });
    if (fault === 'lost') return void request.socket.destroy();
    say(response, 200, { ...message, nonce });
  }

  function edit(response: ServerResponse, channel: string, id: string, bytes: Buffer) {
    const parsed = editBody.safeParse(jsonOf(bytes.toString()));
    if (!parsed.success) return complain(response, z.prettifyError(parsed.error));
    const found = stored.find((one) => one.message.id === id && one.channel === channel);
    if (!found) return refuse(response, 404, 'Unknown Message', 10_008);
    Object.assign(found.message, { content: parsed.data.content, components: parsed.data.components, edited_timestamp: new Date().toISOString() });
    found.edits++;
    gateway.dispatch('MESSAGE_UPDATE', found.message);
    say(response, 200, found.message);
  }

  async function sentIn(request: IncomingMessage, bytes: Buffer) {
    const type = String(request.headers['content-type']);
    if (!type.startsWith('multipart/form-data')) return { json: jsonOf(bytes.toString()), uploads: [] };
    const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
    const uploads: { field: string; name: string; bytes: Uint8Array }[] = [];
    for (const [field, value] of form)
      if (typeof value !== 'string') uploads.push({ field, name: value.name, bytes: new Uint8Array(await value.arrayBuffer()) });
    return { json: jsonOf(String(form.get('payload_json'))), uploads };
  }

  const channelFor = (where: 'direct' | 'group', from: PlatformPerson, thread?: string): string => {
    if (thread === undefined) return where === 'group' ? group : directOf(from);
    if (!threads.has(thread)) {
      threads.add(thread);
      gateway.dispatch('THREAD_CREATE', { ...channelObject(thread), newly_created: true });
    }
    return thread;
  };
  const channelOf = (id: string): string => String(events.get(id)?.d.channel_id ?? stored.find((one) => one.message.id === id)?.channel ?? group);
  const interact = (from: PlatformPerson, channel: string, more: object): void => {
    const id = snowflake();
    const permission = `aW50ZXJhY3Rpb24.${id}`;
    pending.add(`${id}/${permission}`);
    gateway.dispatch('INTERACTION_CREATE', {
      ...{ id, application_id: application, token: permission, version: 1, channel_id: channel, channel: channelObject(channel), ...more },
      ...(isDirect(channel) ? { context: 1, user: user(from) } : { context: 0, guild_id: guild, member: { user: user(from), roles: [] } }),
      ...{ locale: 'de', entitlements: [], authorizing_integration_owners: {}, app_permissions: '0', attachment_size_limit: mostFile },
    });
  };

  const platform: DiscordPlatform = {
    ...{ gateway, asked, callbacks, complaints, historyKnowsNonces, menu: [], intents: 0xffffffff >>> 1, sessionsLeft: 1_000 },
    settings: { token: { vault: 'discord' }, api: `${origin}/api/v10` },
    secrets: { discord: token },
    ids: people,
    chat: (where, person = 'ana') => (where === 'group' ? group : directOf(person)),
    async says({ from = 'ana', where = 'direct', text, mention, replyTo, thread, forwarded, files: given = [], displayName, at = Date.now() }) {
      const channel = channelFor(where, from, thread);
      const id = snowflake(at);
      const attachments = given.map(({ name, bytes, mediaType }) => {
        const path = `/attachments/${channel}/${id}-${files.size}/file`;
        files.set(path, bytes);
        return {
          id: snowflake(),
          filename: name,
          size: bytes.length,
          url: `${origin}${path}?ex=1&is=2&hm=3`,
          proxy_url: `${origin}/proxy`,
          content_type: mediaType,
        };
      });
      const content = mention ? `<@${people.self}> ${text}` : text;
      const reference = forwarded
        ? { type: 1, channel_id: '60000000000000009', message_id: '60000000000000008' }
        : replyTo === undefined
          ? undefined
          : { type: 0, channel_id: channel, message_id: replyTo };
      const d = {
        ...{ id, ...whereOf(channel), author: user(from, displayName), timestamp: new Date(at).toISOString(), edited_timestamp: null, tts: false },
        ...{ mention_everyone: false, mention_roles: [], embeds: [], pinned: false, flags: 0, type: replyTo === undefined ? 0 : 19 },
        ...{ content: forwarded ? '' : content, attachments: forwarded ? [] : attachments, mentions: mention ? [user('self')] : [] },
        ...(reference === undefined ? {} : { message_reference: reference }),
        ...(forwarded
          ? { message_snapshots: [{ message: { content, attachments, embeds: [], mentions: [], timestamp: new Date(at).toISOString(), type: 0 } }] }
          : {}),
      };
      events.set(id, { t: 'MESSAGE_CREATE', d });
      gateway.dispatch('MESSAGE_CREATE', d);
      return id;
    },
    async again(id) {
      const event = events.get(id);
      if (event) gateway.dispatch(event.t, event.d);
    },
    async edits(id, text) {
      const d = events.get(id)?.d;
      gateway.dispatch('MESSAGE_UPDATE', { ...d, content: text, edited_timestamp: new Date(Date.now() + ++count).toISOString() });
    },
    async withdraws(id) {
      const channel = channelOf(id);
      gateway.dispatch('MESSAGE_DELETE', { id, channel_id: channel, ...(isDirect(channel) ? {} : { guild_id: guild }) });
    },
    async reacts(id, emoji, from = 'ana') {
      const channel = channelOf(id);
      gateway.dispatch('MESSAGE_REACTION_ADD', {
        ...{ user_id: people[from], channel_id: channel, message_id: id, emoji: { id: null, name: emoji }, burst: false, type: 0 },
        ...(isDirect(channel) ? {} : { guild_id: guild, member: { user: user(from), roles: [] } }),
      });
    },
    async presses(id, value, from = 'ana') {
      interact(from, channelOf(id), { type: 3, message: { id, channel_id: channelOf(id) }, data: { custom_id: value, component_type: 2 } });
    },
    async command(name, text, from = 'ana', where = 'direct') {
      const options = text === '' ? [] : [{ name: 'text', type: 3, value: text }];
      interact(from, channelFor(where, from), { type: 2, data: { id: snowflake(), name, type: 1, options } });
    },
    raw: async (frame) => gateway.raw(frame),
    event: (name, data) => gateway.dispatch(name, data),
    hiddenThread() {
      const id = snowflake();
      threads.add(id);
      return id;
    },
    limit(global, seconds) {
      limited = { global, seconds };
    },
    shown: (): ShownMessage[] =>
      stored.map(({ message, channel, files: uploads, edits }) => ({
        ...{
          id: message.id,
          chat: threads.has(channel) ? group : channel,
          ...(threads.has(channel) ? { thread: channel } : {}),
          text: String(message.content),
        },
        ...{ files: uploads, edits },
        choices: (message.components as { components: { label: string; custom_id: string }[] }[]).flatMap(({ components }) =>
          components.map(({ label, custom_id }) => ({ label, value: custom_id })),
        ),
      })),
    next: (...more) => void faults.push(...more),
    knowsAccount(now) {
      known = now;
    },
    cut: () => gateway.cut(),
    connections: () => gateway.connections(),
    async close() {
      gateway.stop();
      for (const socket of sockets) socket.destroy();
      await shut(server);
    },
  };
  return platform;
}

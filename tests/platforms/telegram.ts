// A double of Telegram's Bot API server, from https://core.telegram.org/bots/api: updates that wait until they are confirmed, one long poll at a time, a webhook
// that is called until it takes, and messages that are refused where they are not as documented.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { telegram } from '../../src/channels/telegram/telegram.ts';
import type { Channel } from '../../src/core/channel.ts';
import type { ChannelWorld, Platform, PlatformFault, PlatformPerson, ShownMessage } from '../../src/testing/channel-world.ts';
import { bodyOf, listen, shut } from './loopback.ts';
import { readHtml } from './telegram-html.ts';
import { isMethod, isSend, type Method, methods, readRequest, type Uploaded } from './telegram-methods.ts';

const token = '7000001:AAtest-token_of_the_double_0123456789';
export const hookSecret = 'a-secret_of_the_webhook_0123456789';
const hookUrl = 'https://copaw.example/hooks/telegram/main';
const people = {
  ana: { id: 1001, is_bot: false, first_name: 'Ana', last_name: 'Alm' },
  ben: { id: 1002, is_bot: false, first_name: 'Ben' },
  self: { id: 7000001, is_bot: true, first_name: 'CoPaw', username: 'copaw_test_bot' },
  bot: { id: 1003, is_bot: true, first_name: 'Robot', username: 'robot_bot' },
} as const;
const group = { id: -1001234, type: 'supergroup', title: 'Friends' } as const;
const statusOf = { unauthenticated: 401, forbidden: 403, busy: 429, broken: 500 } as const;

const common = {
  chat_id: z.int().default(0),
  message_thread_id: z.int().optional(),
  text: z.string().default(''),
  caption: z.string().default(''),
  parse_mode: z.string().optional(),
};

export interface TelegramPlatform extends Platform {
  readonly requests: readonly { readonly method: Method; readonly params: Record<string, unknown> }[];
  /** An update, whatever it is; answers with its number. */
  push(update: object): Promise<number>;
  /** How many updates have not been confirmed. */
  waiting(): number;
  /** The group has this id from now on. */
  moves(from: number, to: number): void;
  /** The next send is well, the one after it is not. */
  failsSecond(fault: PlatformFault): void;
  /** The next photos are refused as too odd. */
  dislikesPhotos(): void;
  /** Another program polls. */
  polls(): Promise<void>;
  /** A request to the webhook of the channel. */
  hook(body: string, secret?: string): Promise<number>;
  message(from: PlatformPerson, where: 'direct' | 'group', more: object): Record<string, unknown> & { readonly message_id: number };
}

const can = {
  ...{ group: true, mention: true, thread: true, reply: true, forwarded: true, filesIn: true, filesOut: true },
  ...{ self: true, bot: true, editIn: true, reactionIn: true, redelivers: true, login: true },
};
/** Polled, and called at a webhook. */
export const telegramWorld: ChannelWorld = { kind: telegram, can, open: () => openTelegramPlatform() };
export const telegramHookWorld: ChannelWorld = { kind: telegram, can: { ...can, login: false }, open: () => openTelegramPlatform({ webhook: true }) };

export async function openTelegramPlatform({ webhook = false } = {}): Promise<TelegramPlatform> {
  const shown: (ShownMessage & { edits: number })[] = [];
  const requests: { method: Method; params: Record<string, unknown> }[] = [];
  const faults: (PlatformFault | undefined)[] = [];
  const complaints: string[] = [];
  const updates: { id: number; text: string }[] = [];
  const messages = new Map<string, Record<string, unknown>>();
  const files = new Map<string, Uint8Array>();
  const moved = new Map<number, number>();
  const queries = new Set<string>();
  const busy = new Set<ServerResponse>();
  let [known, odd, count, hook] = [true, false, 100, ''];
  let channel: Pick<Channel, 'webhook'> | undefined;
  let waiter: { answer(conflict?: string): void } | undefined;
  let delivered = 0;

  const say = (response: ServerResponse, status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const refuse = (response: ServerResponse, status: number, description: string, parameters?: object): void =>
    say(response, status, { ok: false, error_code: status, description, ...(parameters ? { parameters } : {}) });

  const poll = (response: ServerResponse, { offset, limit = 100, timeout = 0 }: z.output<typeof methods.getUpdates>): void => {
    if (hook !== '') {
      refuse(response, 409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first");
      return;
    }
    if (offset !== undefined && offset > delivered + 1) complaints.push(`updates are confirmed that were never delivered: ${offset}`);
    while (updates[0] && offset !== undefined && updates[0].id < offset) updates.shift();
    waiter?.answer('Conflict: terminated by other getUpdates request; make sure that only one bot instance is running');
    const timer = setTimeout(() => mine.answer(), timeout * 1_000);
    const mine = {
      answer(conflict?: string) {
        clearTimeout(timer);
        if (waiter === mine) waiter = undefined;
        if (conflict !== undefined) return refuse(response, 409, conflict);
        const found = updates.slice(0, limit);
        delivered = Math.max(delivered, ...found.map(({ id }) => id));
        response.writeHead(200, { 'content-type': 'application/json' }).end(`{"ok":true,"result":[${found.map(({ text }) => text).join(',')}]}`);
      },
    };
    response.once('close', () => {
      clearTimeout(timer);
      if (waiter === mine) waiter = undefined;
    });
    waiter = mine;
    if (updates.length > 0) mine.answer();
  };

  const show = (chat: number, thread: number | undefined, text: string, choices: ShownMessage['choices'], sent: readonly Uploaded[]): number => {
    const id = ++count;
    shown.push({ id: String(id), chat: String(chat), ...(thread === undefined ? {} : { thread: String(thread) }), text, files: sent, choices, edits: 0 });
    return id;
  };
  const checkText = (text: string, most: number, mode: unknown): void => {
    const { length } = mode === 'HTML' ? readHtml(text) : text;
    if (length > most) throw new Error(most === 4096 ? 'message is too long' : 'message caption is too long');
    if (most === 4096 && length === 0) throw new Error('message text is empty');
  };

  const handle = async (method: Method, params: Record<string, unknown>, uploads: Map<string, Uploaded>, response: ServerResponse): Promise<void> => {
    requests.push({ method, params });
    const given = z.looseObject(common).parse(methods[method].parse(params));
    const { chat_id: chat, message_thread_id: thread, text, caption, parse_mode: mode } = given;
    const choices = z
      .object({ inline_keyboard: z.array(z.array(z.object({ text: z.string(), callback_data: z.string() }))) })
      .transform(({ inline_keyboard }) => inline_keyboard.flat().map((one) => ({ label: one.text, value: one.callback_data })))
      .catch([])
      .parse(given.reply_markup);
    const to = moved.get(chat);
    if (to !== undefined) return refuse(response, 400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id: to });
    const message = (id: number) => ({ message_id: id, date: Math.floor(Date.now() / 1_000), chat: { id: chat, type: chat < 0 ? 'supergroup' : 'private' } });
    const fault = isSend(method) ? faults.shift() : undefined;
    if (fault !== undefined && fault !== 'lost') {
      const words = {
        unauthenticated: 'Unauthorized',
        forbidden: 'Forbidden: bot was blocked by the user',
        busy: 'Too Many Requests: retry after 2',
        broken: 'Internal',
      };
      return refuse(response, statusOf[fault], words[fault], fault === 'busy' ? { retry_after: 2 } : undefined);
    }
    const done = (result: unknown): void => (fault === 'lost' ? void response.destroy() : say(response, 200, { ok: true, result }));
    switch (method) {
      case 'getMe':
        return done({ ...people.self, can_join_groups: true, can_read_all_group_messages: false, supports_inline_queries: false });
      case 'getUpdates':
        return poll(response, methods.getUpdates.parse(params));
      case 'setWebhook': {
        const { url } = methods.setWebhook.parse(params);
        if (!url.startsWith('https://')) return refuse(response, 400, 'Bad Request: bad webhook: An HTTPS URL must be provided for webhook');
        if (methods.setWebhook.parse(params).secret_token !== hookSecret) complaints.push('another secret than the one that was set');
        hook = url;
        return done(true);
      }
      case 'deleteWebhook':
        hook = '';
        return done(true);
      case 'getWebhookInfo':
        return done({ url: hook, has_custom_certificate: false, pending_update_count: 0 });
      case 'sendMessage':
        checkText(text, 4096, mode);
        return done(message(show(chat, thread, text, choices, [])));
      case 'editMessageText':
      case 'editMessageCaption': {
        const at = shown.findIndex((one) => one.id === String(given.message_id) && one.chat === String(chat));
        const old = shown[at];
        if (!old) return refuse(response, 400, 'Bad Request: message to edit not found');
        const words = method === 'editMessageText' ? text : caption;
        checkText(words, method === 'editMessageText' ? 4096 : 1024, mode);
        if (method === 'editMessageText' && old.files.length > 0) return refuse(response, 400, 'Bad Request: there is no text in the message to edit');
        if (old.text === words && JSON.stringify(old.choices) === JSON.stringify(choices))
          return refuse(response, 400, 'Bad Request: message is not modified: specified new message content and reply markup are exactly the same');
        shown[at] = { ...old, text: words, choices, edits: old.edits + 1 };
        return done(message(Number(old.id)));
      }
      case 'sendPhoto':
      case 'sendDocument': {
        const file = uploads.get(method === 'sendPhoto' ? 'photo' : 'document');
        if (!file || uploads.size !== 1) throw new Error('there is no document in the request');
        if (method === 'sendPhoto' && odd) return refuse(response, 400, 'Bad Request: PHOTO_INVALID_DIMENSIONS');
        checkText(caption, 1024, mode);
        return done(message(show(chat, thread, caption, choices, [file])));
      }
      case 'sendMediaGroup': {
        const { media } = methods.sendMediaGroup.parse(params);
        if (odd && media[0]?.type === 'photo') return refuse(response, 400, 'Bad Request: PHOTO_INVALID_DIMENSIONS');
        const ids = media.map((one) => {
          const file = uploads.get(one.media.slice('attach://'.length));
          if (!file) throw new Error('a file of the album is not in the request');
          checkText(one.caption ?? '', 1024, one.parse_mode);
          return show(chat, thread, one.caption ?? '', [], [file]);
        });
        return done(ids.map(message));
      }
      case 'answerCallbackQuery':
        if (!queries.delete(String(given.callback_query_id))) complaints.push('an answer to a button nobody pressed, or the second one');
        return done(true);
      case 'getFile': {
        const { file_id } = methods.getFile.parse(params);
        const bytes = files.get(file_id);
        return bytes
          ? done({ file_id, file_unique_id: file_id, file_size: bytes.length, file_path: `documents/${file_id}` })
          : refuse(response, 400, 'Bad Request: invalid file_id');
      }
      default:
        return done(true);
    }
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    const [, kind = '', bot = '', ...rest] = (request.url ?? '').split('/');
    const download = kind === 'file';
    if ((download ? bot : kind) !== `bot${token}`) {
      complaints.push('a token that was never one');
      return refuse(response, 404, 'Not Found');
    }
    if (!known) return refuse(response, 401, 'Unauthorized');
    if (download) {
      const bytes = files.get(decodeURIComponent(rest.at(-1) ?? ''));
      return void (bytes ? response.writeHead(200).end(bytes) : response.writeHead(404).end());
    }
    if (!isMethod(bot)) {
      complaints.push(`a method nobody knows: ${bot}`);
      return refuse(response, 404, 'Not Found');
    }
    try {
      const { params, files: uploads } = await readRequest(request.headers['content-type'] ?? '', body);
      await handle(bot, params, uploads, response);
    } catch (error) {
      complaints.push(`${bot}: ${error instanceof z.ZodError ? z.prettifyError(error) : String(error)}`);
      refuse(response, 400, `Bad Request: ${String(error)}`);
    }
  };
  const server = createServer((request, response) => {
    busy.add(response);
    response.once('close', () => busy.delete(response));
    void serve(request, response);
  });
  const port = await listen(server);

  const call = async (body: string, secret = hookSecret): Promise<number> => {
    const headers: Record<string, string> = { 'x-telegram-bot-api-secret-token': secret };
    const answer = await channel?.webhook?.({ header: (name) => headers[name.toLowerCase()], query: {}, body: new TextEncoder().encode(body) });
    return answer?.status ?? 404;
  };
  const queue = async (id: number, text: string): Promise<void> => {
    updates.push({ id, text });
    if (!webhook) return waiter?.answer();
    for (let tries = 0; tries < 3; tries++) if ((await call(text).catch(() => 503)) === 200) break;
    updates.pop();
  };
  const push = async (update: object): Promise<number> => {
    const id = ++count;
    await queue(id, JSON.stringify({ update_id: id, ...update }));
    return id;
  };
  const chatOf = (where: 'direct' | 'group', from: PlatformPerson) =>
    where === 'group' ? group : { id: people[from].id, type: 'private', first_name: people[from].first_name };
  const message: TelegramPlatform['message'] = (from, where, more) => {
    const one = { message_id: ++count, date: Math.floor(Date.now() / 1_000), chat: chatOf(where, from), from: people[from], ...more };
    messages.set(String(one.message_id), one);
    return one;
  };

  /** Nothing breaks between two polls. */
  const cut = async (): Promise<void> => {
    while (!waiter) await new Promise((resolve) => setTimeout(resolve, 5));
    server.closeAllConnections();
  };

  return {
    settings: {
      ...{ token: { vault: 'token' }, apiUrl: `http://127.0.0.1:${port}` },
      ...(webhook ? { webhookUrl: hookUrl, webhookSecret: { vault: 'hook' } } : {}),
    },
    secrets: { token, hook: hookSecret },
    ids: { ana: '1001', ben: '1002', self: '7000001', bot: '1003' },
    chat: (where, person = 'ana') => String(where === 'group' ? group.id : people[person].id),
    requests,
    async says({ from = 'ana', where = 'direct', text, mention, replyTo, thread, forwarded, files: given = [], displayName, at }) {
      if (from === 'self') return String(++count); // a bot is not told what it said itself
      const name = `@${people.self.username}`;
      const words = mention ? `${name} ${text}` : text;
      const entities = mention ? [{ type: 'mention', offset: 0, length: name.length }] : undefined;
      const base = {
        ...(displayName === undefined ? {} : { from: { ...people[from], first_name: displayName } }),
        ...(at === undefined ? {} : { date: Math.floor(at / 1_000) }),
        ...(thread === undefined ? {} : { message_thread_id: Number(thread), is_topic_message: true }),
        ...(replyTo === undefined ? {} : { reply_to_message: { message_id: Number(replyTo), date: 1, chat: chatOf(where, from), from: people.self } }),
        ...(forwarded ? { forward_origin: { type: 'hidden_user', sender_user_name: 'Somebody', date: 1_700_000_000 } } : {}),
      };
      if (given.length === 0) {
        const one = message(from, where, { ...base, text: words, ...(entities ? { entities } : {}) });
        await push({ message: one });
        return String(one.message_id);
      }
      const album = given.length > 1 ? { media_group_id: `album-${++count}` } : {};
      const pieces = given.map(({ name: file_name, bytes, mediaType }, index) => {
        const file_id = `file${++count}`;
        files.set(file_id, bytes);
        const document = { file_id, file_unique_id: file_id, file_name, mime_type: mediaType ?? 'application/octet-stream', file_size: bytes.length };
        return message(from, where, {
          ...base,
          ...album,
          document,
          ...(index === 0 ? { caption: words, ...(entities ? { caption_entities: entities } : {}) } : {}),
        });
      });
      for (const one of pieces) {
        await push({ message: one });
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return String(pieces[0]?.message_id);
    },
    again: async (id) => void (await push({ message: messages.get(id) })),
    async edits(id, text) {
      await push({ edited_message: { ...messages.get(id), text, edit_date: Math.floor(Date.now() / 1_000) } });
    },
    async reacts(id, emoji, from = 'ana') {
      const change = { old_reaction: [], new_reaction: [{ type: 'emoji', emoji }] };
      await push({
        message_reaction: { chat: chatOf('direct', from), message_id: Number(id), user: people[from], date: Math.floor(Date.now() / 1_000), ...change },
      });
    },
    async presses(id, value, from = 'ana') {
      const one = shown.find((known) => known.id === id);
      const where = Number(one?.chat) < 0 ? group : chatOf('direct', from);
      const query = String(++count);
      queries.add(query);
      await push({
        callback_query: {
          id: query,
          from: people[from],
          chat_instance: '1',
          data: value,
          message: { message_id: Number(id), date: 1, chat: where, from: people.self },
        },
      });
    },
    async raw(frame) {
      const json = isJson(frame) ? frame : JSON.stringify(frame);
      const id = ++count;
      await queue(id, `{"update_id":${id},"message":${json}}`);
      if (/^\{./su.test(json) && json !== '{}') await queue(++count, `{"update_id":${count},${json.slice(1)}`);
      if (webhook) await call(frame);
    },
    shown: () => shown,
    next: (...more) => void faults.push(...more),
    calls(to) {
      channel = to;
    },
    knowsAccount(is) {
      known = is;
    },
    ...(webhook ? {} : { cut }),
    connections: () => busy.size,
    complaints,
    close() {
      server.closeAllConnections();
      return shut(server);
    },
    push,
    waiting: () => updates.length,
    moves: (from, to) => void moved.set(from, to),
    failsSecond: (fault) => void faults.push(undefined, fault),
    dislikesPhotos() {
      odd = true;
    },
    async polls() {
      const answer = await fetch(`http://127.0.0.1:${port}/bot${token}/getUpdates`, {
        ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"timeout":0}' },
      });
      await answer.text();
    },
    hook: call,
    message,
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

// Updates of Telegram, parsed, as events: https://core.telegram.org/bots/api#update. What is not known here is no event.
import { z } from 'zod';
import type { IncomingFile } from '../../core/channel.ts';
import type { Language } from '../../core/config.ts';
import type { Inbound, InboundMessage } from '../../core/inbound.ts';
import { type Content, content, contentOf, type OpenFile, withLinks } from './content.ts';

/** What is asked for: posts of channels and everything else stay away. */
export const wantedUpdates = ['message', 'edited_message', 'callback_query', 'message_reaction', 'my_chat_member'] as const;

const user = z.object({
  id: z.int(),
  is_bot: z.boolean().default(false),
  first_name: z.string().default(''),
  last_name: z.string().default(''),
  username: z.string().optional(),
});
const chat = z.object({ id: z.int(), type: z.enum(['private', 'group', 'supergroup', 'channel']), title: z.string().optional() });
const entity = z.object({ type: z.string(), offset: z.int().nonnegative(), length: z.int().positive(), url: z.string().optional(), user: user.optional() });

const message = z.object({
  message_id: z.int(),
  message_thread_id: z.int().optional(),
  is_topic_message: z.boolean().default(false),
  from: user.optional(),
  sender_chat: chat.optional(),
  date: z.int().nonnegative(),
  edit_date: z.int().nonnegative().optional(),
  chat,
  forward_origin: z.unknown().optional(),
  is_automatic_forward: z.boolean().default(false),
  reply_to_message: z.object({ message_id: z.int(), from: user.optional() }).optional(),
  via_bot: user.optional(),
  media_group_id: z.string().max(256).optional(),
  text: z.string().optional(),
  entities: z.array(entity).default([]),
  caption_entities: z.array(entity).default([]),
  ...content.shape,
});
export type TelegramMessage = z.output<typeof message>;

const reactions = z.array(z.object({ type: z.string(), emoji: z.string().optional(), custom_emoji_id: z.string().optional() }));

const member = z.object({ status: z.string(), is_member: z.boolean().optional() });

const update = z.object({
  update_id: z.int(),
  message: message.optional(),
  edited_message: message.optional(),
  callback_query: z
    .object({
      id: z.string().min(1).max(256),
      from: user,
      // One that is too old to be shown has its chat and id all the same.
      message: z.object({ message_id: z.int(), chat, message_thread_id: z.int().optional(), is_topic_message: z.boolean().default(false) }).optional(),
      data: z.string().max(256).optional(),
    })
    .optional(),
  message_reaction: z
    .object({
      chat,
      message_id: z.int(),
      user: user.optional(),
      actor_chat: chat.optional(),
      date: z.int().nonnegative(),
      old_reaction: reactions,
      new_reaction: reactions,
    })
    .optional(),
  my_chat_member: z.object({ chat, from: user, date: z.int().nonnegative(), old_chat_member: member, new_chat_member: member }).optional(),
});
export type Update = z.output<typeof update>;

/** undefined: an update in a shape that is not known. */
export function parseUpdate(given: unknown): Update | undefined {
  const parsed = update.safeParse(given);
  return parsed.success ? parsed.data : undefined;
}

/** As `getMe` has it. */
export const self = z.object({ id: z.int(), username: z.string().min(1) });

export interface Reading {
  readonly me: z.output<typeof self>;
  readonly now: number;
  readonly language: Language;
  readonly open: OpenFile;
  /** What the data of a button stands for. */
  value(data: string): string | undefined;
  /** A piece of this album was addressed to the bot. */
  addressed(album: string): boolean;
}

export interface Received {
  readonly event: Inbound;
  readonly files?: readonly IncomingFile[];
}

/** The album a message is a piece of, where that piece is addressed to the bot. */
export function addressedAlbum({ message: one }: Update, me: Me): string | undefined {
  return one && (answersMe(one, me) || mentions(one, me)) ? albumOf(one) : undefined;
}

const albumOf = ({ media_group_id: album, chat: where }: TelegramMessage): string | undefined => (album === undefined ? undefined : `${where.id}:${album}`);

/** The events of one update; none where it is of no concern. */
export function toEvents(given: Update, reading: Reading): readonly Received[] {
  if (given.message) return [messageOf(given.message, reading)].filter((one) => one !== undefined);
  if (given.edited_message) return [editOf(given.edited_message, given.update_id)].filter((one) => one !== undefined);
  if (given.callback_query) return choiceOf(given.callback_query, reading);
  if (given.message_reaction) return reactionsOf(given.message_reaction, given.update_id);
  if (given.my_chat_member) return joinOf(given.my_chat_member, given.update_id);
  return [];
}

function messageOf(one: TelegramMessage, { me, language, open, addressed }: Reading): Received | undefined {
  const sender = senderOf(one, me.id);
  if (!sender || one.chat.type === 'channel') return undefined;
  const { words, files }: Content = contentOf(one, language, open);
  const text = [wordsOf(one, me), words].filter((part) => part !== '').join('\n');
  if (text === '' && files.length === 0) return undefined; // a notice of the chat itself
  const album = albumOf(one);
  const mentioned = answersMe(one, me) || mentions(one, me) || (album !== undefined && addressed(album));
  const answered = answeredBy(one);
  const event: InboundMessage = {
    ...{ kind: 'message', id: String(one.message_id), chat: placeOf(one), sender, at: one.date * 1_000, text },
    ...(mentioned ? { mentioned } : {}),
    ...(answered ? { replyTo: String(answered.message_id) } : {}),
    ...(one.forward_origin !== undefined || one.is_automatic_forward ? { forwarded: true } : {}),
    ...(album === undefined ? {} : { album: true }),
  };
  return { event, files };
}

/** In a topic each message that answers nothing answers the topic itself. */
const answeredBy = ({ reply_to_message: answered, is_topic_message, message_thread_id }: TelegramMessage): TelegramMessage['reply_to_message'] =>
  is_topic_message && answered?.message_id === message_thread_id ? undefined : answered;

const answersMe = (one: TelegramMessage, me: Me): boolean => answeredBy(one)?.from?.id === me.id;

function editOf(one: TelegramMessage, updateId: number): Received | undefined {
  const sender = senderOf(one);
  const text = one.text ?? one.caption;
  if (!sender || text === undefined || one.chat.type === 'channel') return undefined;
  const at = (one.edit_date ?? one.date) * 1_000;
  return { event: { kind: 'edit', id: `edit-${updateId}-${at}`, target: String(one.message_id), chat: placeOf(one), sender, at, text } };
}

function choiceOf({ id, from, message: shown, data = '' }: NonNullable<Update['callback_query']>, { now, value }: Reading): readonly Received[] {
  const meant = value(data);
  if (!shown || meant === undefined || meant === '' || shown.chat.type === 'channel') return [];
  const place = { chat: placeOf(shown), sender: personOf(from), at: now }; // Telegram does not say when it was pressed
  return [{ event: { kind: 'choice', id: `choice-${id}`, target: String(shown.message_id), value: meant, ...place } }];
}

function reactionsOf(given: NonNullable<Update['message_reaction']>, updateId: number): readonly Received[] {
  const { chat: where, user: who, actor_chat: actor, date, message_id } = given;
  const sender = who ? personOf(who) : actor && { id: String(actor.id), ...(actor.title === undefined ? {} : { name: actor.title }) };
  if (!sender || where.type === 'channel') return [];
  const emojis = (list: typeof given.new_reaction): readonly string[] =>
    list.map(({ type, emoji, custom_emoji_id }) => (emoji ?? custom_emoji_id ?? type).slice(0, 64));
  const [before, after] = [emojis(given.old_reaction), emojis(given.new_reaction)];
  const changes = [
    ...before.filter((emoji) => !after.includes(emoji)).map((emoji) => ({ emoji, added: false })),
    ...after.filter((emoji) => !before.includes(emoji)).map((emoji) => ({ emoji, added: true })),
  ];
  const place = { target: String(message_id), chat: placeOf({ chat: where }), sender, at: date * 1_000 };
  return changes.map((change, index) => ({ event: { kind: 'reaction', id: `reaction-${updateId}-${date}-${index}`, ...change, ...place } }));
}

/** That the bot was let into a group, and by whom; of a direct chat it would say that it was unblocked. */
function joinOf({ chat: where, from, date, ...changed }: NonNullable<Update['my_chat_member']>, updateId: number): readonly Received[] {
  const group = where.type === 'group' || where.type === 'supergroup';
  if (!group || isThere(changed.old_chat_member) || !isThere(changed.new_chat_member)) return [];
  const place = { chat: placeOf({ chat: where }), sender: personOf(from), at: date * 1_000 };
  return [{ event: { kind: 'join', id: `join-${updateId}-${date}`, added: true, ...place } }];
}

const isThere = ({ status, is_member }: z.output<typeof member>): boolean =>
  status === 'member' || status === 'administrator' || (status === 'restricted' && is_member === true);

function placeOf(at: {
  readonly chat: z.output<typeof chat>;
  readonly is_topic_message?: boolean;
  readonly message_thread_id?: number | undefined;
}): Inbound['chat'] {
  const thread = at.is_topic_message === true && at.message_thread_id !== undefined ? { thread: String(at.message_thread_id) } : {};
  return { id: String(at.chat.id), kind: at.chat.type === 'private' ? 'direct' : 'group', ...thread };
}

/** Who writes in the name of a chat (a channel, an admin who stays unnamed) is known by that chat's id: nobody knows the person. */
function senderOf({ from, sender_chat: inNameOf, via_bot: via }: TelegramMessage, me?: number): Inbound['sender'] | undefined {
  if (inNameOf) return { id: String(inNameOf.id), bot: true, ...(inNameOf.title === undefined ? {} : { name: inNameOf.title }) };
  if (!from) return undefined;
  return { ...personOf(from), ...(via ? { bot: true } : {}), ...(from.id === me ? { self: true } : {}) };
}

function personOf({ id, is_bot, first_name, last_name }: z.output<typeof user>): Inbound['sender'] {
  const name = `${first_name} ${last_name}`.trim();
  return { id: String(id), ...(name === '' ? {} : { name }), ...(is_bot ? { bot: true } : {}) };
}

type Me = Reading['me'];

/** By the entities that Telegram has found, never by words that look like a name. */
const mentions = (one: TelegramMessage, me: Me): boolean =>
  [...one.entities.map((at) => isMe(at, one.text, me)), ...one.caption_entities.map((at) => isMe(at, one.caption, me))].some(Boolean);

function isMe({ type, offset, length, user: named }: z.output<typeof entity>, text = '', me: Me): boolean {
  if (type === 'text_mention') return named?.id === me.id;
  const words = text.slice(offset, offset + length).toLowerCase();
  const name = `@${me.username.toLowerCase()}`;
  return type === 'mention' ? words === name : type === 'bot_command' && words.endsWith(name);
}

/** Without the name that only says whom it is for: "/stop@name" and "@name stop" are "/stop" and "stop". */
function wordsOf(one: TelegramMessage, me: Me): string {
  const text = one.text ?? one.caption ?? '';
  const entities = one.text === undefined ? one.caption_entities : one.entities;
  const shown = withLinks(text, entities);
  const [first] = entities;
  if (first?.offset !== 0 || !isMe(first, text, me) || first.type === 'text_mention') return shown;
  const name = me.username.length + 1;
  if (first.type === 'bot_command') return shown.slice(0, first.length - name) + shown.slice(first.length);
  const rest = shown.slice(name).replace(/^[\s,:]+/u, '');
  return rest === '' ? shown : rest;
}

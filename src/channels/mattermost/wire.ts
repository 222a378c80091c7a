// Events and posts of Mattermost, parsed, as events of ours: https://developers.mattermost.com/api-documentation/#/#websocket. What is not known here is no event.

import { z } from 'zod';
import type { IncomingFile } from '../../core/channel.ts';
import type { Inbound } from '../../core/inbound.ts';
import { jsonOf } from '../../lib/json-of.ts';

/** Identity of a part in the properties of a post, by which it is found again. */
export const keyProp = 'copaw_part';

const id = z.string().min(1).max(64);
const word = z.union([z.string(), z.boolean()]).optional().catch(undefined);

export const post = z.object({
  id,
  create_at: z.number().nonnegative(),
  update_at: z.number().nonnegative().default(0),
  edit_at: z.number().nonnegative().default(0),
  delete_at: z.number().nonnegative().default(0),
  user_id: id,
  channel_id: id,
  root_id: z.string().max(64).default(''),
  message: z.string().default(''),
  type: z.string().default(''),
  props: z.object({ from_bot: word, from_webhook: word, from_plugin: word, [keyProp]: z.string().optional().catch(undefined) }).nullish(),
  metadata: z.object({ files: z.array(z.object({ id, name: z.string(), size: z.number().nonnegative().optional() })).nullish() }).nullish(),
});
export type Post = z.output<typeof post>;

export const postList = z.object({ order: z.array(id), posts: z.record(z.string(), z.unknown()) });
export const reaction = z.object({ user_id: id, post_id: id, emoji_name: z.string().min(1).max(64), create_at: z.number().nonnegative().default(0) });
export const channelType = z.enum(['D', 'G', 'O', 'P']);
export type ChannelType = z.output<typeof channelType>;
export const self = z.object({ id, username: z.string().min(1) });
export type Me = z.output<typeof self>;

export const frame = z.object({
  event: z.string().optional(),
  seq: z.int().optional(),
  data: z
    .object({
      post: z.string().optional(),
      channel_type: channelType.optional().catch(undefined),
      sender_name: z.string().optional().catch(undefined),
      mentions: z.string().optional().catch(undefined),
      delete_by: z.string().optional().catch(undefined),
      reaction: z.string().optional(),
    })
    .nullish(),
  broadcast: z.object({ channel_id: z.string().optional() }).nullish(),
  status: z.string().optional(),
  seq_reply: z.int().optional(),
});
export type Frame = z.output<typeof frame>;

/** JSON of this shape; undefined for everything else. */
export function read<T>(text: string | undefined, shape: z.ZodType<T>): T | undefined {
  return text === undefined ? undefined : shape.safeParse(jsonOf(text)).data;
}

export interface Received {
  readonly event: Inbound;
  readonly files?: readonly IncomingFile[];
}

type Place = Pick<Post, 'channel_id' | 'root_id'>;
const placeOf = ({ channel_id, root_id }: Place, type: ChannelType): Inbound['chat'] => ({
  ...{ id: channel_id, kind: type === 'D' ? 'direct' : 'group' },
  ...(root_id === '' ? {} : { thread: root_id }),
});

export interface Seen {
  readonly me: Me;
  readonly type: ChannelType;
  readonly name?: string | undefined;
  /** Ids of those it names, as the server found them; absent where it does not say. */
  readonly mentions?: readonly string[] | undefined;
  open(id: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}

/** Notices of the server, and what we said ourselves, are no messages. */
export function messageOf(one: Post, { me, type, name, mentions, open }: Seen): Received | undefined {
  const files = (one.metadata?.files ?? []).map((file) => ({
    ...{ name: file.name, open: (signal: AbortSignal) => open(file.id, signal) },
    ...(file.size === undefined ? {} : { size: file.size }),
  }));
  if (one.type.startsWith('system_') || one.delete_at > 0 || (one.message === '' && files.length === 0)) return undefined;
  if (one.user_id === me.id && one.props?.[keyProp] !== undefined) return undefined;
  const named = new RegExp(`(?<![\\p{L}\\p{N}_@])@${RegExp.escape(me.username)}(?![\\p{L}\\p{N}_-])`, 'iu');
  const mentioned = mentions ? mentions.includes(me.id) : named.test(one.message);
  return {
    event: {
      ...{ kind: 'message', id: one.id, chat: placeOf(one, type), at: one.create_at, text: mentioned ? withoutName(one.message, named) : one.message },
      sender: { ...senderOf(one, me), ...(name === undefined ? {} : { name: name.replace(/^@/u, '') }) },
      ...(mentioned ? { mentioned } : {}),
      ...(one.root_id === '' ? {} : { replyTo: one.root_id }),
    },
    files,
  };
}

/** "@copaw stop" is "stop": the name in front only says whom it is for. */
function withoutName(text: string, named: RegExp): string {
  const found = named.exec(text);
  if (found?.index !== 0) return text;
  const rest = text.slice(found[0].length).replace(/^[\s,:]+/u, '');
  return rest === '' ? text : rest;
}

function senderOf({ user_id, props }: Post, me: Me): Inbound['sender'] {
  const machine = [props?.from_bot, props?.from_webhook, props?.from_plugin].some((one) => one === true || one === 'true');
  return { id: user_id, ...(machine ? { bot: true } : {}), ...(user_id === me.id ? { self: true } : {}) };
}

export function editOf(one: Post, me: Me, type: ChannelType): Received | undefined {
  if (one.type.startsWith('system_') || one.user_id === me.id) return undefined;
  const at = one.edit_at > 0 ? one.edit_at : one.update_at;
  const base = { id: `${one.id}-edit-${at}`, chat: placeOf(one, type), sender: senderOf(one, me), at };
  return { event: { kind: 'edit', target: one.id, text: one.message, ...base } };
}

export function deleteOf(one: Post, me: Me, type: ChannelType, by: string | undefined): Received | undefined {
  if (one.type.startsWith('system_') || one.user_id === me.id) return undefined;
  const sender = by === undefined || by === '' || by === one.user_id ? senderOf(one, me) : { id: by };
  const at = Math.max(one.delete_at, one.update_at, one.create_at);
  return { event: { kind: 'delete', id: `${one.id}-delete`, target: one.id, chat: placeOf(one, type), sender, at } };
}

/** What Mattermost calls the most usual ones. */
const emojis: Readonly<Partial<Record<string, string>>> = {
  '+1': '👍',
  thumbsup: '👍',
  '-1': '👎',
  thumbsdown: '👎',
  heart: '❤️',
  white_check_mark: '✅',
  x: '❌',
};

export function reactionOf(
  one: z.output<typeof reaction>,
  added: boolean,
  seq: string,
  place: { chat: string; type: ChannelType; me: Me; now: number },
): Received {
  const { chat, type, me, now } = place;
  const emoji = emojis[one.emoji_name] ?? `:${one.emoji_name}:`;
  const sender = { id: one.user_id, ...(one.user_id === me.id ? { self: true } : {}) };
  const base = {
    id: `${one.post_id}-${seq}`,
    chat: placeOf({ channel_id: chat, root_id: '' }, type),
    sender,
    at: added && one.create_at > 0 ? one.create_at : now,
  };
  return { event: { kind: 'reaction', target: one.post_id, emoji, added, ...base } };
}

// What the platform brings (events of version 2.0), parsed, and one event as what it is for CoPaw.

import { z } from 'zod';
import type { IncomingFile } from '../../core/channel.ts';
import type { Inbound } from '../../core/inbound.ts';
import { jsonOf } from '../../lib/json-of.ts';
import { remember } from '../../lib/remember.ts';

const id = z.string().min(1).max(256);
const person = z.object({ open_id: id });
const optional = <T>(schema: z.ZodType<T>) => schema.optional().catch(undefined);

const header = z.object({ event_id: id, event_type: z.string(), create_time: z.string().regex(/^\d{1,16}$/u) });
const received = z.object({
  sender: z.object({ sender_id: person, sender_type: z.string() }),
  message: z.object({
    ...{ message_id: id, chat_id: id, create_time: z.string().regex(/^\d{1,16}$/u), chat_type: z.string(), message_type: z.string(), content: z.string() },
    ...{ root_id: optional(id), parent_id: optional(id), thread_id: optional(id) },
    mentions: z.array(z.object({ key: z.string().min(1), id: z.object({ open_id: optional(z.string()) }), name: z.string().catch('') })).catch([]),
  }),
});
const recalled = z.object({ message_id: id, chat_id: id, recall_type: optional(z.string()) });
const reaction = z.object({ message_id: id, reaction_type: z.object({ emoji_type: z.string().min(1).max(64) }), operator_type: z.string(), user_id: person });
const pressed = z.object({
  operator: person,
  action: z.object({ value: z.object({ copaw: z.string().min(1).max(500), direct: z.boolean() }) }),
  context: z.object({ open_message_id: id, open_chat_id: id }),
});
const added = z.object({ chat_id: id, operator_id: person });
export const feishuEvent = z.object({ schema: z.literal('2.0'), header, event: z.record(z.string(), z.unknown()) });

const textContent = z.object({ text: z.string() });
const fileContent = z.object({ file_key: optional(id), image_key: optional(id), file_name: optional(z.string().min(1)) });
const postElement = z.object({
  ...{ tag: z.string(), text: optional(z.string()), href: optional(z.string()) },
  ...{ user_id: optional(z.string()), image_key: optional(id), file_key: optional(id) },
});
const postContent = z.object({ title: optional(z.string()), content: z.array(z.array(postElement)) });

const mostKnown = 2_000;

/** Chats and senders of messages: recalls and reactions name the message alone. */
export type Known = Map<string, { readonly chat: Inbound['chat']; readonly sender?: string }>;
export const know = (known: Known, message: string, chat: Inbound['chat'], sender?: string): void =>
  remember(known, message, { chat, ...(sender === undefined ? {} : { sender }) }, mostKnown);

export interface EventPlace {
  /** The open id of the bot itself. */
  readonly own: string;
  readonly known: Known;
  open(message: string, key: string, type: 'image' | 'file', signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}

export interface Received {
  readonly event: Inbound;
  readonly files: readonly IncomingFile[];
}

/** Undefined: nothing that CoPaw acts on. */
export function toInbound({ header: { event_id, event_type, create_time }, event }: z.output<typeof feishuEvent>, place: EventPlace): Received | undefined {
  const base = { id: event_id, at: Number(create_time) };
  const { known } = place;
  const alone = (inbound: Inbound): Received => ({ event: inbound, files: [] });
  switch (event_type) {
    case 'im.message.receive_v1': {
      const { data } = received.safeParse(event);
      return data && ofMessage(data, place);
    }
    case 'im.message.recalled_v1': {
      const { data } = recalled.safeParse(event);
      const said = data && known.get(data.message_id);
      // Who recalled it is said only where it was whoever wrote it.
      if (data?.recall_type !== 'message_owner' || said?.sender === undefined) return undefined;
      return alone({ kind: 'delete', ...base, chat: said.chat, sender: { id: said.sender }, target: data.message_id });
    }
    case 'im.message.reaction.created_v1':
    case 'im.message.reaction.deleted_v1': {
      const { data } = reaction.safeParse(event);
      const said = data && known.get(data.message_id);
      if (data?.operator_type !== 'user' || !said) return undefined;
      const given = event_type === 'im.message.reaction.created_v1';
      const [target, sender, emoji] = [data.message_id, { id: data.user_id.open_id }, data.reaction_type.emoji_type];
      return alone({ kind: 'reaction', ...base, chat: said.chat, sender, target, emoji, added: given });
    }
    case 'card.action.trigger': {
      const { data } = pressed.safeParse(event);
      if (!data) return undefined;
      const { open_message_id: target, open_chat_id: chat } = data.context;
      const kind = data.action.value.direct ? 'direct' : 'group';
      return alone({
        ...{ kind: 'choice', id: event_id, at: microsecondsOf(create_time), target, value: data.action.value.copaw },
        ...{ chat: known.get(target)?.chat ?? { id: chat, kind }, sender: { id: data.operator.open_id } },
      });
    }
    case 'im.chat.member.bot.added_v1': {
      const { data } = added.safeParse(event);
      return data && alone({ kind: 'join', ...base, added: true, chat: { id: data.chat_id, kind: 'group' }, sender: { id: data.operator_id.open_id } });
    }
    default:
      return undefined;
  }
}

/** Card events count in microseconds, the others in milliseconds. */
const microsecondsOf = (time: string): number => (time.length > 13 ? Math.floor(Number(time) / 1_000) : Number(time));

function ofMessage({ sender, message }: z.output<typeof received>, place: EventPlace): Received | undefined {
  const { message_id, chat_id, chat_type, root_id, parent_id, thread_id, message_type, mentions } = message;
  const read = contentOf(message_type, jsonOf(message.content));
  if (!read) return undefined;
  const mentioned = mentions.some((one) => one.id.open_id === place.own);
  const thread = thread_id === undefined ? undefined : (root_id ?? message_id);
  const chat = { id: chat_id, kind: chat_type === 'p2p' ? ('direct' as const) : ('group' as const), ...(thread === undefined ? {} : { thread }) };
  know(place.known, message_id, chat, sender.sender_id.open_id);
  return {
    event: {
      ...{ kind: 'message', id: message_id, chat, at: Number(message.create_time), text: withNames(read.text, message, place.own) },
      sender: { id: sender.sender_id.open_id, ...(sender.sender_type === 'user' ? {} : { bot: true }) },
      ...(mentioned ? { mentioned } : {}),
      ...(parent_id === undefined || parent_id === thread ? {} : { replyTo: parent_id }),
      ...(message_type === 'merge_forward' ? { forwarded: true } : {}),
    },
    files: read.files.map(({ key, type, name }) => ({
      name,
      ...(message_type === 'audio' ? { voice: 'said' as const } : {}),
      open: (signal) => place.open(message_id, key, type, signal),
    })),
  };
}

interface Content {
  readonly text: string;
  readonly files: readonly { readonly key: string; readonly type: 'image' | 'file'; readonly name: string }[];
}

/** https://open.feishu.cn/document/server-docs/im-v1/message-content-description/message_content */
function contentOf(type: string, json: unknown): Content | undefined {
  switch (type) {
    case 'text': {
      const { data } = textContent.safeParse(json);
      return data && { text: data.text, files: [] };
    }
    case 'post': {
      const { data } = postContent.safeParse(json);
      return data && ofPost(data);
    }
    case 'image':
    case 'file':
    case 'audio':
    case 'media': {
      const { file_key, image_key, file_name } = fileContent.safeParse(json).data ?? {};
      if (type === 'image') return image_key === undefined ? undefined : { text: '', files: [{ key: image_key, type: 'image', name: 'image' }] };
      return file_key === undefined
        ? undefined
        : { text: '', files: [{ key: file_key, type: 'file', name: file_name ?? (type === 'audio' ? 'audio.opus' : type) }] };
    }
    case 'merge_forward':
      return { text: '(messages passed on)', files: [] };
    default:
      return undefined;
  }
}

function ofPost({ title, content }: z.output<typeof postContent>): Content {
  const lines = content.map((line) =>
    line
      .map(({ tag, text = '', href, user_id = '' }) =>
        tag === 'at' ? user_id : tag === 'a' && href !== undefined && href !== text ? `${text} (${href})` : text,
      )
      .join(''),
  );
  const files = content.flat().flatMap(({ tag, image_key, file_key }): Content['files'] => {
    if (tag === 'img' && image_key !== undefined) return [{ key: image_key, type: 'image', name: 'image' }];
    return tag === 'media' && file_key !== undefined ? [{ key: file_key, type: 'file', name: 'media' }] : [];
  });
  return { text: [...(title ? [title] : []), ...lines].join('\n'), files };
}

/** Mentions stand in the words as keys. Who is called becomes a name; the bot itself is said apart. */
function withNames(words: string, { mentions }: z.output<typeof received>['message'], own: string): string {
  if (mentions.length === 0) return words;
  let text = words;
  for (const { key, id: whom, name } of [...mentions].sort((a, b) => b.key.length - a.key.length))
    text = text.split(key).join(whom.open_id === own ? '' : `@${name}`);
  return text.trim();
}

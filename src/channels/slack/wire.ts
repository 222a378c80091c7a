// What Slack brings, by Socket Mode or signed HTTP: events, pressed buttons and slash commands, parsed. Whatever is of another shape is nothing.
import { z } from 'zod';
import type { IncomingFile } from '../../core/channel.ts';
import { chatCommand } from '../../core/chat-command.ts';
import type { Inbound } from '../../core/inbound.ts';
import { plainText } from './text.ts';

const id = z.string().regex(/^[A-Z0-9]{2,40}$/u);
const ts = z.string().regex(/^\d{1,12}\.\d{1,9}$/u);
const file = z.object({
  name: z.string().nullish(),
  size: z.number().optional(),
  mode: z.string().optional(),
  subtype: z.string().nullish(),
  url_private: z.url().optional(),
  url_private_download: z.url().optional(),
});
const shared = z.object({ is_share: z.boolean().optional(), text: z.string().optional(), files: z.array(file).optional() });
const words = {
  ...{ user: id.optional(), bot_id: id.nullish(), ts, text: z.string().default(''), thread_ts: ts.optional() },
  ...{ files: z.array(file).default([]), attachments: z.array(shared).default([]), subtype: z.string().optional() },
};

const message = z.object({
  type: z.enum(['message', 'app_mention']),
  channel: id,
  channel_type: z.string().optional(),
  ...words,
  deleted_ts: ts.optional(),
  message: z.object({ ...words, edited: z.object({ ts }).optional() }).optional(),
  previous_message: z.object(words).optional(),
});
const reaction = z.object({
  type: z.enum(['reaction_added', 'reaction_removed']),
  user: id,
  reaction: z.string().min(1).max(100),
  item: z.object({ type: z.literal('message'), channel: id, ts }),
  event_ts: ts,
});

/** https://docs.slack.dev/reference/events/member_joined_channel */
const joined = z.object({ type: z.literal('member_joined_channel'), user: id, channel: id, inviter: id, event_ts: ts });

/** https://docs.slack.dev/apis/events-api/ */
export const eventCallback = z.object({ type: z.literal('event_callback'), event: z.unknown() });
/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export const blockActions = z.object({
  type: z.literal('block_actions'),
  user: z.object({ id, name: z.string().optional() }),
  container: z.object({ message_ts: ts, channel_id: id, thread_ts: ts.optional() }),
  actions: z.array(z.object({ value: z.string().max(2_000).optional(), action_ts: ts })).max(10),
});
/** https://docs.slack.dev/interactivity/implementing-slash-commands */
export const slashCommand = z.object({
  command: z.string().regex(/^\/\S{1,64}$/u),
  text: z.string().default(''),
  user_id: id,
  user_name: z.string().optional(),
  channel_id: id,
  trigger_id: z.string().min(1).max(200),
});

export interface Around {
  /** Our own user, and the bot it is. */
  readonly self: string;
  readonly selfBot: string | undefined;
  readonly now: number;
  openFile(url: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}

export interface Received {
  readonly event: Inbound;
  readonly files?: readonly IncomingFile[];
}

export function fromEvent(given: unknown, around: Around): Received | undefined {
  const asMessage = message.safeParse(given);
  if (asMessage.success) return fromMessage(asMessage.data, around);
  const asJoin = joined.safeParse(given);
  if (asJoin.success) return fromJoin(asJoin.data, around);
  const asReaction = reaction.safeParse(given);
  if (!asReaction.success || asReaction.data.user === around.self) return undefined;
  const { type, user, reaction: name, item, event_ts } = asReaction.data;
  const base = { id: `${event_ts}:${user}`, chat: place(item.channel, undefined), sender: { id: user }, at: millis(event_ts) };
  return { event: { ...base, kind: 'reaction', target: item.ts, emoji: `:${name}:`, added: type === 'reaction_added' } };
}

/** Of the account itself, and the sender is who invited it. */
function fromJoin({ user, channel, inviter, event_ts }: z.output<typeof joined>, { self }: Around): Received | undefined {
  if (user !== self || inviter === self) return undefined;
  return { event: { kind: 'join', id: `${event_ts}:join`, added: true, chat: place(channel, undefined), sender: { id: inviter }, at: millis(event_ts) } };
}

/** Of a message that said something; others are about something else. */
const spoken: ReadonlySet<string | undefined> = new Set([undefined, 'file_share', 'thread_broadcast', 'me_message', 'bot_message']);

function fromMessage(given: z.output<typeof message>, around: Around): Received | undefined {
  const { channel, channel_type: type } = given;
  if (given.subtype === 'message_changed' && given.message) {
    const { message: now, previous_message: before } = given;
    if (now.subtype === 'tombstone') return withdrawn(given, now.ts, around);
    // Previews and threads change a message too; its words were not edited then.
    if (!now.edited || now.text === before?.text || isOwn(now, around)) return undefined;
    const sender = senderOf(now);
    const base = { id: `${now.ts}:${now.edited.ts}`, chat: place(channel, type, threadOf(now)), at: millis(now.edited.ts) };
    return sender && { event: { ...base, sender, kind: 'edit', target: now.ts, text: plainText(now.text, around.self) } };
  }
  if (given.subtype === 'message_deleted') return withdrawn(given, given.deleted_ts, around);
  const sender = senderOf(given);
  if (!sender || !spoken.has(given.subtype) || isOwn(given, around)) return undefined;
  const passed = given.attachments.filter(({ is_share }) => is_share === true);
  const text = [given.text, ...passed.map((one) => one.text ?? '')].filter((one) => one !== '').join('\n');
  const files = [...given.files, ...passed.flatMap((one) => one.files ?? [])].flatMap((one) => fileOf(one, around) ?? []);
  if (text === '' && files.length === 0) return undefined;
  const thread = threadOf(given);
  const mentioned = given.type === 'app_mention' || given.text.includes(`<@${around.self}>`) || given.text.includes(`<@${around.self}|`);
  const event: Inbound = {
    // A mention comes twice, as two events of two ids; the time of the message is its one id.
    ...{ kind: 'message', id: given.ts, chat: place(channel, type, thread), sender, at: millis(given.ts), text: plainText(text, around.self) },
    ...(mentioned ? { mentioned } : {}),
    ...(thread === undefined ? {} : { replyTo: thread }),
    ...(passed.length > 0 ? { forwarded: true } : {}),
  };
  return { event, files };
}

function withdrawn(
  { channel, channel_type, previous_message: before }: z.output<typeof message>,
  target: string | undefined,
  around: Around,
): Received | undefined {
  const sender = before && !isOwn(before, around) ? senderOf(before) : undefined;
  if (!before || !sender || target === undefined) return undefined;
  return { event: { kind: 'delete', id: target, target, chat: place(channel, channel_type, threadOf(before)), sender, at: around.now } };
}

export function fromAction({ user, container, actions }: z.output<typeof blockActions>): readonly Received[] {
  const chat = place(container.channel_id, undefined, container.thread_ts === container.message_ts ? undefined : container.thread_ts);
  const sender = { id: user.id, ...(user.name === undefined ? {} : { name: user.name }) };
  return actions.flatMap(({ value, action_ts }) =>
    value === undefined || value === ''
      ? []
      : [{ event: { kind: 'choice' as const, id: `${action_ts}:${user.id}`, target: container.message_ts, value, chat, sender, at: millis(action_ts) } }],
  );
}

/** "/stop", or "/copaw stop", is a command of CoPaw; what else follows "/copaw" is said to it. */
export function fromCommand(given: z.output<typeof slashCommand>, around: Around): Received {
  const sender = { id: given.user_id, ...(given.user_name === undefined ? {} : { name: given.user_name }) };
  const base = { id: given.trigger_id, chat: place(given.channel_id, undefined), sender, at: around.now, mentioned: true } as const;
  const own = given.command.slice(1);
  const text = plainText(given.text, around.self).trim();
  if (chatCommand(own)) return { event: { ...base, kind: 'command', name: own, text } };
  const [, name = '', rest = ''] = /^\/?(\S*)\s*(.*)$/su.exec(text) ?? [];
  if (text === '' || chatCommand(name)) return { event: { ...base, kind: 'command', name: name === '' ? 'help' : name, text: rest } };
  return { event: { ...base, kind: 'message', text } };
}

/** Ids of direct chats begin with a D; of conversations of several people they do not. */
function place(channel: string, type: string | undefined, thread?: string): Inbound['chat'] {
  const direct = type === undefined ? channel.startsWith('D') : type === 'im';
  return { id: channel, kind: direct ? 'direct' : 'group', ...(thread === undefined ? {} : { thread }) };
}

interface Written {
  readonly user?: string | undefined;
  readonly bot_id?: string | null | undefined;
  readonly subtype?: string | undefined;
}

const isOwn = ({ user, bot_id }: Written, { self, selfBot }: Around): boolean => user === self || (selfBot !== undefined && bot_id === selfBot);

function senderOf({ user, bot_id, subtype }: Written): Inbound['sender'] | undefined {
  const by = user ?? bot_id;
  if (by == null) return undefined;
  return { id: by, ...(bot_id != null || subtype === 'bot_message' ? { bot: true } : {}) };
}

/** The root of a thread has its own time there. */
const threadOf = ({ ts: own, thread_ts }: { readonly ts: string; readonly thread_ts?: string | undefined }): string | undefined =>
  thread_ts === own ? undefined : thread_ts;

function fileOf({ name, size, mode, subtype, url_private, url_private_download }: z.output<typeof file>, around: Around): IncomingFile | undefined {
  const url = url_private_download ?? url_private;
  if (url === undefined || mode === 'external' || mode === 'tombstone') return undefined;
  const more = { ...(size === undefined ? {} : { size }), ...(subtype === 'slack_audio' ? { voice: 'said' as const } : {}) };
  return { name: name ?? 'file', ...more, open: (signal) => around.openFile(url, signal) };
}

const millis = (time: string): number => Math.floor(Number(time) * 1_000);

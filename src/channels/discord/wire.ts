// Discord's frames, parsed: what the gateway dispatches becomes events with Discord's own ids. Whatever is of another shape is nothing.
import { z } from 'zod';
import type { IncomingFile } from '../../core/channel.ts';
import type { Inbound } from '../../core/inbound.ts';

const snowflake = z.string().regex(/^\d{1,20}$/u);
const user = z.object({ id: snowflake, username: z.string().optional(), global_name: z.string().nullish(), bot: z.boolean().optional() });
/** Only a voice note has a waveform. */
const attachment = z.object({ filename: z.string(), size: z.number().optional(), url: z.url(), waveform: z.string().nullish() });
const place = { channel_id: snowflake, guild_id: snowflake.optional() };

const message = z.object({
  id: snowflake,
  ...place,
  author: user,
  content: z.string().default(''),
  timestamp: z.string(),
  edited_timestamp: z.string().nullish(),
  mentions: z.array(user).default([]),
  attachments: z.array(attachment).default([]),
  webhook_id: snowflake.optional(),
  type: z.int(),
  nonce: z.union([z.string(), z.number()]).nullish(),
  message_reference: z.object({ type: z.int().default(0), message_id: snowflake.optional() }).optional(),
  message_snapshots: z.array(z.object({ message: z.object({ content: z.string().default(''), attachments: z.array(attachment).default([]) }) })).default([]),
});

const deleted = z.object({ id: snowflake, ...place });
const deletedMany = z.object({ ids: z.array(snowflake).max(100), ...place });
const reaction = z.object({
  user_id: snowflake,
  ...place,
  message_id: snowflake,
  member: z.object({ user: user.optional() }).optional(),
  emoji: z.object({ id: snowflake.nullish(), name: z.string().nullish() }),
});

/** A channel as far as it says whether it is a thread, and below which. */
export const channelShape = z.object({ id: snowflake, type: z.int(), parent_id: snowflake.nullish() });
const guild = z.object({ channels: z.array(z.unknown()).default([]), threads: z.array(z.unknown()).default([]) });

const interaction = z.object({
  id: snowflake,
  application_id: snowflake,
  token: z.string().regex(/^[\w.-]{1,500}$/u),
  type: z.int(),
  guild_id: snowflake.optional(),
  channel_id: snowflake,
  channel: channelShape.optional(),
  context: z.int().nullish(),
  member: z.object({ user }).optional(),
  user: user.optional(),
  message: z.object({ id: snowflake }).optional(),
  data: z.object({
    name: z.string().optional(),
    custom_id: z.string().max(100).optional(),
    options: z.array(z.object({ name: z.string(), value: z.union([z.string(), z.number(), z.boolean()]).optional() })).default([]),
  }),
});

/** Of a whole session. */
export const readyShape = z.object({
  session_id: z.string().min(1).max(200),
  resume_gateway_url: z.url({ protocol: /^wss?$/u }),
  user,
  application: z.object({ id: snowflake }),
});

/** How often a connection wants to hear from us, milliseconds. */
export const helloShape = z.object({ heartbeat_interval: z.number().min(100).max(600_000) });

/** What the gateway sends. */
export const frameShape = z.object({ op: z.int(), d: z.unknown(), s: z.int().nullish(), t: z.string().nullish() });

/** A message in the history of a channel. */
export const historyShape = z.array(z.object({ id: snowflake, author: z.object({ id: snowflake }), nonce: message.shape.nonce }));

/** What has to be known to tell whose an event is and where it belongs. */
export interface Surroundings {
  /** Our own user. */
  readonly self: string;
  /** The same event of the same session has the same one. */
  readonly eventId: string;
  readonly now: number;
  /** The channel above a thread; undefined for what is no thread. */
  parentOf(channel: string): Promise<string | undefined>;
  /** Who wrote a message that was seen before. */
  authorOf(message: string): string | undefined;
  openFile(url: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}

/** What came of a frame. */
export type Seen =
  | { readonly kind: 'event'; readonly event: Inbound; readonly files: readonly IncomingFile[]; readonly author?: readonly [message: string, author: string] }
  | {
      readonly kind: 'interaction';
      readonly event: Inbound | undefined;
      readonly id: string;
      readonly token: string;
      readonly application: string;
      readonly button: boolean;
    }
  | { readonly kind: 'own'; readonly message: string; readonly nonce: string }
  | { readonly kind: 'channels'; readonly channels: readonly z.output<typeof channelShape>[] };

type Of<Name extends string> = Extract<Inbound, { kind: Name }>;

export async function readDispatch(name: string, data: unknown, around: Surroundings): Promise<readonly Seen[]> {
  switch (name) {
    case 'MESSAGE_CREATE':
      return created(data, around);
    case 'MESSAGE_UPDATE':
      return changed(data, around);
    case 'MESSAGE_DELETE':
      return parsed(deleted, data, async ({ id, ...where }) => gone([id], where, around));
    case 'MESSAGE_DELETE_BULK':
      return parsed(deletedMany, data, async ({ ids, ...where }) => gone(ids, where, around));
    case 'MESSAGE_REACTION_ADD':
    case 'MESSAGE_REACTION_REMOVE':
      return reacted(data, name === 'MESSAGE_REACTION_ADD', around);
    case 'INTERACTION_CREATE':
      return interacted(data, around);
    case 'GUILD_CREATE':
      return parsed(guild, data, async ({ channels, threads }) => [channelsOf([...channels, ...threads])]);
    case 'CHANNEL_CREATE':
    case 'THREAD_CREATE':
      return [channelsOf([data])];
    case 'THREAD_LIST_SYNC':
      return parsed(guild, data, async ({ threads }) => [channelsOf(threads)]);
    default:
      return [];
  }
}

const created = (data: unknown, around: Surroundings): Promise<readonly Seen[]> =>
  parsed(message, data, async (given) => {
    if (given.author.id === around.self) return [{ kind: 'own', message: given.id, nonce: given.nonce == null ? '' : String(given.nonce) }];
    if (given.type !== 0 && given.type !== 19) return [];
    const forwarded = given.message_reference?.type === 1;
    const snapshots = forwarded ? given.message_snapshots.map((one) => one.message) : [];
    const text = [given.content, ...snapshots.map(({ content }) => content)].filter((words) => words !== '').join('\n');
    const attachments = [...given.attachments, ...snapshots.flatMap((one) => one.attachments)];
    if (text === '' && attachments.length === 0) return [];
    const replyTo = forwarded ? undefined : given.message_reference?.message_id;
    const event: Of<'message'> = {
      ...{ kind: 'message', id: given.id, ...(await whereOf(given, around)), sender: senderOf(given), at: timeOf(given.timestamp, given.id) },
      text: withoutOwnName(text, around.self),
      ...(given.mentions.some(({ id }) => id === around.self) ? { mentioned: true } : {}),
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(forwarded ? { forwarded } : {}),
    };
    return [{ kind: 'event', event, files: attachments.map((one) => fileOf(one, around)), author: [given.id, given.author.id] }];
  });

const changed = (data: unknown, around: Surroundings): Promise<readonly Seen[]> =>
  parsed(message, data, async (given) => {
    // Previews, pins and threads change a message too; its words were not edited then.
    if (given.edited_timestamp == null || given.author.id === around.self) return [];
    const event: Of<'edit'> = {
      ...{ kind: 'edit', id: `${given.id}:${given.edited_timestamp}`, target: given.id, text: withoutOwnName(given.content, around.self) },
      ...{ ...(await whereOf(given, around)), sender: senderOf(given), at: timeOf(given.edited_timestamp, given.id) },
    };
    return [{ kind: 'event', event, files: [], author: [given.id, given.author.id] }];
  });

/** Discord does not say who withdrew it, nor who wrote it: only what was seen before can be told to somebody. */
async function gone(ids: readonly string[], where: Where, around: Surroundings): Promise<readonly Seen[]> {
  const found: Seen[] = [];
  for (const id of ids) {
    const author = around.authorOf(id);
    if (author === undefined) continue;
    const event: Of<'delete'> = { kind: 'delete', id, target: id, ...(await whereOf(where, around)), sender: { id: author }, at: around.now };
    found.push({ kind: 'event', event, files: [] });
  }
  return found;
}

const reacted = (data: unknown, added: boolean, around: Surroundings): Promise<readonly Seen[]> =>
  parsed(reaction, data, async ({ user_id, message_id, member, emoji, ...where }) => {
    if (user_id === around.self) return [];
    const shown = emoji.id == null ? emoji.name : `:${emoji.name ?? emoji.id}:`;
    const event: Of<'reaction'> = {
      ...{ kind: 'reaction', id: around.eventId, target: message_id, emoji: shown ?? '', added, at: around.now },
      ...{ ...(await whereOf(where, around)), sender: { id: user_id, ...(member?.user?.bot === true ? { bot: true } : {}) } },
    };
    return [{ kind: 'event', event, files: [] }];
  });

const interacted = (data: unknown, around: Surroundings): Promise<readonly Seen[]> =>
  parsed(interaction, data, async (given) => {
    const answer = { kind: 'interaction', id: given.id, token: given.token, application: given.application_id, button: given.type === 3 } as const;
    const by = given.member?.user ?? given.user;
    // Context 2: a conversation of others, in which the account is not.
    if (!by || given.context === 2 || (given.type !== 2 && given.type !== 3)) return [];
    const chat = given.channel ? placeOf(given.channel_id, given.guild_id, parentIn(given.channel)) : (await whereOf(given, around)).chat;
    const base = { id: given.id, chat, sender: senderOf({ author: by }), at: timeOf('', given.id) };
    if (given.type === 3) {
      const { custom_id: value } = given.data;
      return [{ ...answer, event: value && given.message ? { ...base, kind: 'choice', target: given.message.id, value } : undefined }];
    }
    const text = given.data.options.flatMap(({ value }) => (value === undefined ? [] : [String(value)])).join(' ');
    return [{ ...answer, event: given.data.name ? { ...base, kind: 'command', name: given.data.name, text, mentioned: true } : undefined }];
  });

async function parsed<T>(schema: z.ZodType<T>, data: unknown, then: (given: T) => Promise<readonly Seen[]>): Promise<readonly Seen[]> {
  const given = schema.safeParse(data);
  return given.success ? then(given.data) : [];
}

function channelsOf(given: readonly unknown[]): Seen {
  return { kind: 'channels', channels: given.flatMap((one) => channelShape.safeParse(one).data ?? []) };
}

interface Where {
  readonly channel_id: string;
  readonly guild_id?: string | undefined;
}

async function whereOf({ channel_id, guild_id }: Where, around: Surroundings): Promise<Pick<Inbound, 'chat'>> {
  return { chat: placeOf(channel_id, guild_id, guild_id === undefined ? undefined : await around.parentOf(channel_id)) };
}

function placeOf(channel: string, guildId: string | undefined, parent: string | undefined): Inbound['chat'] {
  if (guildId === undefined) return { id: channel, kind: 'direct' };
  return parent === undefined ? { id: channel, kind: 'group' } : { id: parent, kind: 'group', thread: channel };
}

/** Types 10, 11 and 12 are threads: of announcements, public and private. */
export const parentIn = ({ type, parent_id }: z.output<typeof channelShape>): string | undefined =>
  type >= 10 && type <= 12 ? (parent_id ?? undefined) : undefined;

function senderOf({ author, webhook_id }: { readonly author: z.output<typeof user>; readonly webhook_id?: string | undefined }): Inbound['sender'] {
  const name = author.global_name ?? author.username;
  return { id: author.id, ...(name === undefined ? {} : { name }), ...(author.bot === true || webhook_id !== undefined ? { bot: true } : {}) };
}

/** Our own name in front of the words addresses us and says nothing else. */
const withoutOwnName = (text: string, self: string): string => text.replace(new RegExp(`^\\s*<@!?${self}>\\s*`, 'u'), '');

function fileOf({ filename, size, url, waveform }: z.output<typeof attachment>, around: Surroundings): IncomingFile {
  const more = { ...(size === undefined ? {} : { size }), ...(waveform == null ? {} : { voice: 'said' as const }) };
  return { name: filename, ...more, open: (signal) => around.openFile(url, signal) };
}

/** Every id holds when it was made, in milliseconds since the first of 2015. */
const timeOf = (text: string, id: string): number => {
  const said = Date.parse(text);
  return Number.isFinite(said) ? said : Number(BigInt(id) >> 22n) + 1_420_070_400_000;
};

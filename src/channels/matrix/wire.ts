// What a homeserver brings, parsed: answers of /sync and /messages, and one event of a room as what it is for CoPaw.
import { z } from 'zod';
import type { IncomingFile } from '../../core/channel.ts';
import type { Inbound } from '../../core/inbound.ts';
import { remember } from '../../lib/remember.ts';

const eventId = z.string().regex(/^\$./u).max(255);
const roomId = z.string().regex(/^!./u).max(255);
const userId = z
  .string()
  .regex(/^@[^:]*:./u)
  .max(255);
const count = z.int().nonnegative().optional().catch(undefined);

const roomEvent = z.object({
  type: z.string(),
  event_id: eventId,
  sender: userId,
  origin_server_ts: z.number(),
  content: z.record(z.string(), z.unknown()),
  state_key: z.string().optional(),
  redacts: eventId.optional().catch(undefined),
});
export type RoomEvent = z.output<typeof roomEvent>;

/** Those that can be read. */
export const readEvents = (all: readonly unknown[]): RoomEvent[] => all.flatMap((one) => roomEvent.safeParse(one).data ?? []);

const stateEvent = z.object({ type: z.string(), state_key: z.string(), sender: userId, content: z.record(z.string(), z.unknown()) });
export type StateEvent = z.output<typeof stateEvent>;

/** What cannot be read is left out: one odd event does not hold up the others. */
const readable = <T>(schema: z.ZodType<T>) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((all) => all.flatMap((one) => schema.safeParse(one).data ?? []));

const joinedRoom = z.object({
  summary: z.object({ 'm.joined_member_count': count, 'm.invited_member_count': count }).optional().catch(undefined),
  state: z
    .object({ events: readable(stateEvent) })
    .optional()
    .catch(undefined),
  timeline: z
    .object({ events: z.array(z.unknown()).catch([]), limited: z.boolean().optional().catch(undefined), prev_batch: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});
export type JoinedRoom = z.output<typeof joinedRoom>;

const invitedRoom = z.object({ invite_state: z.object({ events: readable(stateEvent) }) });

/** Rooms by id; one that cannot be read is left out. */
const rooms = <T>(schema: z.ZodType<T>) =>
  z
    .record(z.string(), z.unknown())
    .catch({})
    .default({})
    .transform((all) =>
      Object.entries(all).flatMap(([id, one]): [string, T][] => {
        const parsed = schema.safeParse(one);
        return roomId.safeParse(id).success && parsed.success ? [[id, parsed.data]] : [];
      }),
    );

export const syncAnswer = z.object({
  next_batch: z.string().min(1),
  rooms: z
    .object({ join: rooms(joinedRoom), invite: rooms(invitedRoom), leave: rooms(z.unknown()) })
    .optional()
    .catch(undefined),
});
export type SyncAnswer = z.output<typeof syncAnswer>;

/** A page of a room's history, newest first. */
export const messagesAnswer = z.object({ chunk: z.array(z.unknown()), end: z.string().optional(), state: readable(stateEvent).optional() });
export const whoami = z.object({ user_id: userId, device_id: z.string().optional() });
export const sentEvent = z.object({ event_id: eventId });
export const uploaded = z.object({ content_uri: z.string().regex(/^mxc:\/\/[^/]+\/[^/]+$/u) });
export const joinedMembers = z.object({ joined: z.record(z.string(), z.unknown()) });

/** Of an event that CoPaw sent: which part of which answer it is. */
export const partField = 'org.copaw.part';

const inReplyTo = z.object({ event_id: eventId }).optional().catch(undefined);
const relation = z.object({
  rel_type: z.string().optional(),
  event_id: eventId.optional(),
  is_falling_back: z.boolean().optional(),
  key: z.string().optional(),
  'm.in_reply_to': inReplyTo,
});
const related = z.object({ 'm.relates_to': relation.optional().catch(undefined) });
const message = related.extend({
  msgtype: z.string(),
  body: z.string(),
  formatted_body: z.string().optional().catch(undefined),
  filename: z.string().optional().catch(undefined),
  url: z.string().optional().catch(undefined),
  info: z
    .object({ size: z.number().nonnegative().optional().catch(undefined) })
    .optional()
    .catch(undefined),
  'org.matrix.msc3245.voice': z.looseObject({}).optional().catch(undefined),
  'm.mentions': z
    .object({ user_ids: z.array(z.string()) })
    .optional()
    .catch(undefined),
  'm.new_content': z.object({ body: z.string() }).optional().catch(undefined),
});

const fileTypes: ReadonlySet<string> = new Set(['m.image', 'm.file', 'm.audio', 'm.video']);
const mostReactions = 1_000;

export interface EventPlace {
  readonly chat: { readonly id: string; readonly kind: 'direct' | 'group' };
  /** The account itself. */
  readonly own: string;
  readonly name: string | undefined;
  /** Reactions by their event id: taking one back names only that. */
  readonly reactions: Map<string, { readonly target: string; readonly emoji: string }>;
  open(mxc: string, signal: AbortSignal): AsyncIterable<Uint8Array> | undefined;
}

export interface Received {
  readonly event: Inbound;
  readonly files: readonly IncomingFile[];
}

/** Undefined: nothing that CoPaw acts on. */
export function toInbound(given: RoomEvent, place: EventPlace): Received | undefined {
  const { chat, own, name, reactions } = place;
  const sender = { id: given.sender, ...(name === undefined ? {} : { name }), ...(given.sender === own ? { self: true } : {}) };
  const base = { id: given.event_id, chat, sender, at: given.origin_server_ts };
  if (given.type === 'm.reaction') {
    const { data } = related.safeParse(given.content);
    const { event_id: target, key: emoji, rel_type } = data?.['m.relates_to'] ?? {};
    if (rel_type !== 'm.annotation' || target === undefined || emoji === undefined) return undefined;
    remember(reactions, given.event_id, { target, emoji }, mostReactions);
    return { event: { kind: 'reaction', ...base, target, emoji, added: true }, files: [] };
  }
  if (given.type === 'm.room.redaction') {
    const target = given.redacts ?? eventId.safeParse(given.content.redacts).data;
    if (target === undefined) return undefined;
    const reaction = reactions.get(target);
    return { event: reaction ? { kind: 'reaction', ...base, ...reaction, added: false } : { kind: 'delete', ...base, target }, files: [] };
  }
  if (given.type !== 'm.room.message') return undefined;
  const { data } = message.safeParse(given.content); // what was taken back is empty
  return data && ofMessage(data, base, place);
}

function ofMessage(data: z.output<typeof message>, base: Pick<Inbound, 'id' | 'chat' | 'sender' | 'at'>, { own, open }: EventPlace): Received | undefined {
  const to = data['m.relates_to'];
  const notice = data.msgtype === 'm.notice' ? { sender: { ...base.sender, bot: true } } : {};
  if (to?.rel_type === 'm.replace') {
    const words = data['m.new_content'];
    if (to.event_id === undefined || words === undefined) return undefined;
    return { event: { kind: 'edit', ...base, ...notice, target: to.event_id, text: words.body }, files: [] };
  }
  const thread = to?.rel_type === 'm.thread' ? to.event_id : undefined;
  const answers = to?.is_falling_back === true ? undefined : to?.['m.in_reply_to']?.event_id;
  const file = fileTypes.has(data.msgtype) ? data.url : undefined;
  // A body beside a file name is what was said to the file; alone it is the name.
  const caption = data.filename !== undefined && data.filename !== data.body ? data.body : '';
  const words = fileTypes.has(data.msgtype) ? caption : answers === undefined ? data.body : withoutFallback(data.body);
  const mentioned = data['m.mentions']?.user_ids.includes(own) ?? false;
  const event: Inbound = {
    ...{ kind: 'message', ...base, ...notice, text: mentioned ? withoutOwnName(words, own, data.formatted_body) : words },
    ...(thread === undefined ? {} : { chat: { ...base.chat, thread } }),
    ...(answers === undefined ? {} : { replyTo: answers }),
    ...(mentioned ? { mentioned } : {}),
  };
  if (file === undefined) return { event, files: [] };
  const size = data.info?.size;
  return {
    event,
    files: [
      {
        name: data.filename ?? data.body,
        ...(size === undefined ? {} : { size }),
        ...(data['org.matrix.msc3245.voice'] === undefined ? {} : { voice: 'said' as const }),
        async open(signal) {
          const pieces = open(file, signal);
          if (pieces) return pieces;
          throw new TypeError('The address of the file is none of Matrix.');
        },
      },
    ],
  };
}

/** Clients write whom they name in front of the words, as the link beside them shows it. That addresses us; what stands behind it may be a command. */
function withoutOwnName(words: string, own: string, formatted = ''): string {
  const links = [...formatted.matchAll(/<a href="https:\/\/matrix\.to\/#\/([^"]+)">([^<&]+)<\/a>/gu)];
  const shown = links.flatMap(([, to, name = '']) => (to === own || to === encodeURIComponent(own) ? [name] : []));
  const name = [own, ...shown].find((one) => words.startsWith(one)) ?? '';
  const rest = /^(?:[:,]\s*|\s+)(\S.*)$/su.exec(words.slice(name.length))?.[1];
  return name !== '' && rest !== undefined ? rest : words;
}

/** Older clients repeat what is answered in front, and nobody can vouch for it. */
function withoutFallback(body: string): string {
  if (!body.startsWith('> ')) return body;
  const lines = body.split('\n');
  const first = lines.findIndex((line) => !line.startsWith('> '));
  return first === -1 ? '' : lines.slice(first).join('\n').replace(/^\n/u, '');
}

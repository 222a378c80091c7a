// What the client-server API of Matrix lets a client send (https://spec.matrix.org/v1.11/client-server-api/), as strict shapes: what is not there is refused.
import { z } from 'zod';

const eventId = z.string().regex(/^\$[^ ]+$/u);
const info = z.strictObject({ mimetype: z.string().regex(/^[^/]+\/[^/]+$/u), size: z.int().nonnegative() });

/** #definition-mmentions */
const mentions = z.strictObject({ user_ids: z.array(z.string()).optional(), room: z.boolean().optional() });
/** Fields of one's own carry a name turned around, as a Java package (#events). */
const ownFields = { 'org.copaw.part': z.union([z.strictObject({ key: z.string(), last: z.boolean() }), z.strictObject({ edit: z.literal(true) })]) };

const words = {
  msgtype: z.enum(['m.text', 'm.notice', 'm.emote']),
  body: z.string().min(1),
  format: z.literal('org.matrix.custom.html').optional(),
  formatted_body: z.string().min(1).optional(),
  'm.mentions': mentions,
};
/** #threading: with the fallback for clients that know none. */
const thread = z.strictObject({
  rel_type: z.literal('m.thread'),
  event_id: eventId,
  is_falling_back: z.literal(true),
  'm.in_reply_to': z.strictObject({ event_id: eventId }),
});
/** #event-replacements */
const replacement = z.strictObject({ rel_type: z.literal('m.replace'), event_id: eventId });

/** #mroommessage */
export const roomMessage = z
  .union([
    z.strictObject({ ...words, ...ownFields, 'm.relates_to': thread.optional() }),
    z.strictObject({ ...words, ...ownFields, 'm.relates_to': replacement, 'm.new_content': z.strictObject(words) }),
    z.strictObject({
      ...{ msgtype: z.enum(['m.file', 'm.image', 'm.audio', 'm.video']), body: z.string().min(1), filename: z.string().min(1) },
      ...{ url: z.string().regex(/^mxc:\/\//u), info, 'm.mentions': mentions, ...ownFields, 'm.relates_to': thread.optional() },
    }),
  ])
  .refine(
    (content) => !('format' in content) || (content.format === undefined) === (content.formatted_body === undefined),
    'a format and what is written in it',
  );
export type RoomMessage = z.output<typeof roomMessage>;

const types = z.array(z.string());
const eventFilter = z.strictObject({ not_types: types.optional(), types: types.optional() });
const roomEventFilter = eventFilter.extend({
  limit: z.int().positive().optional(),
  lazy_load_members: z.boolean().optional(),
  senders: z.array(z.string()).optional(),
});
const json = <T>(schema: z.ZodType<T>) =>
  z.string().transform((text, context): T => {
    const parsed = schema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', message: z.prettifyError(parsed.error) });
    return z.NEVER;
  });
const number = z.string().regex(/^\d+$/u).transform(Number);

/** #get_matrixclientv3sync and #filtering */
export const syncQuery = z.strictObject({
  filter: json(
    z.strictObject({
      presence: eventFilter.optional(),
      account_data: eventFilter.optional(),
      room: z.strictObject({
        timeline: roomEventFilter.optional(),
        state: roomEventFilter.optional(),
        ephemeral: roomEventFilter.optional(),
        account_data: roomEventFilter.optional(),
      }),
    }),
  ),
  timeout: number,
  since: z
    .string()
    .regex(/^s\d+$/u)
    .optional(),
});

/** #get_matrixclientv3roomsroomidmessages */
export const messagesQuery = z.strictObject({
  dir: z.enum(['b', 'f']),
  limit: number,
  from: z
    .string()
    .regex(/^[st]\d+$/u)
    .optional(),
  to: z
    .string()
    .regex(/^[st]\d+$/u)
    .optional(),
  filter: json(roomEventFilter).optional(),
});

/** #put_matrixclientv3roomsroomidtypinguserid */
export const typingBody = z.union([
  z.strictObject({ typing: z.literal(true), timeout: z.int().positive().max(120_000) }),
  z.strictObject({ typing: z.literal(false) }),
]);
/** #post_matrixclientv3roomsroomidreceiptreceipttypeeventid */
export const receiptBody = z.strictObject({ thread_id: z.string().optional() });
/** #post_matrixclientv3roomsroomidjoin */
export const joinBody = z.strictObject({ reason: z.string().optional() });

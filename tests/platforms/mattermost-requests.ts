// What the REST API of Mattermost takes, strictly, as https://developers.mattermost.com/api-documentation/ and its source, api/v4/source/*.yaml, have it.
import { z } from 'zod';

/** 26 small letters and digits: "model.NewId". */
export const id = z.string().regex(/^[a-z0-9]{26}$/u);
/** "post.MessageMaxRunes": characters, not UTF-16 units. */
const mostRunes = 16_383;
const message = z.string().refine((text) => [...text].length <= mostRunes, 'api.post.create_post.message_too_long');

// https://developers.mattermost.com/integrate/plugins/interactive-messages: "must be alphanumeric"
const action = z.strictObject({
  id: z.string().regex(/^[a-zA-Z0-9]+$/u),
  name: z.string().min(1),
  type: z.literal('button').optional(),
  integration: z.strictObject({ url: z.url(), context: z.record(z.string(), z.unknown()) }),
});
export const props = z.strictObject({
  unsafe_links: z.literal('true').optional(),
  copaw_part: z.string().min(1).optional(),
  attachments: z.array(z.strictObject({ actions: z.array(action).min(1) })).optional(),
});

/** Method and path, with the shape of the body or, where there is none, of the query. */
export const requests = {
  'GET /users/me': z.strictObject({}),
  'GET /users/me/channels': z.strictObject({}),
  'GET /users/me/channel_members': z.strictObject({ page: z.coerce.number().int().min(0), per_page: z.coerce.number().int().min(1).max(200) }),
  'GET /channels/:id': z.strictObject({}),
  // "The parameter `since` must not be used with any of `before`, `after`, `page`, and `per_page`"
  'GET /channels/:id/posts': z.union([
    z.strictObject({ since: z.coerce.number().int().positive() }),
    z.strictObject({ page: z.coerce.number().int().min(0), per_page: z.coerce.number().int().min(1).max(200) }),
  ]),
  'POST /channels/members/me/view': z.strictObject({ channel_id: id }),
  'POST /posts': z.strictObject({
    channel_id: id,
    root_id: id.optional(),
    message,
    file_ids: z.array(id).max(5).optional(),
    props: props.optional(),
    // Of the Post schema (definitions.yaml): "used for pending posts", and by the server to know a repeated request.
    pending_post_id: z.string().min(1).optional(),
  }),
  'PUT /posts/:id/patch': z.strictObject({ message: message.optional(), props: props.optional() }),
  'POST /users/me/typing': z.strictObject({ channel_id: id, parent_id: id.optional() }),
  'POST /files': z.strictObject({ channel_id: id, filename: z.string().min(1) }),
  'GET /files/:id': z.strictObject({}),
} as const;

export type Route = keyof typeof requests;
export const isRoute = (name: string): name is Route => Object.hasOwn(requests, name);

// https://developers.mattermost.com/api-documentation/#/#websocket
export const action1 = z.strictObject({ seq: z.literal(1), action: z.literal('authentication_challenge'), data: z.strictObject({ token: z.string() }) });

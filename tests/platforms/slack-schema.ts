// What Slack takes, written from its documentation (https://docs.slack.dev): reference/methods/*, reference/block-kit and messaging/message-metadata.
import { z } from 'zod';

const characters = (most: number) => z.string().refine((text) => [...text].length <= most, `at most ${most} characters`);
const channel = z.string().regex(/^[CDG][A-Z0-9]{8,}$/u);
const ts = z.string().regex(/^\d{10}\.\d{6}$/u);

/** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
const button = z.strictObject({
  type: z.literal('button'),
  action_id: characters(255).min(1),
  value: characters(2_000).min(1),
  text: z.strictObject({ type: z.literal('plain_text'), text: characters(75).min(1), emoji: z.boolean().optional() }),
});
const block = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('section'), text: z.strictObject({ type: z.literal('mrkdwn'), text: characters(3_000).min(1), verbatim: z.boolean() }) }),
  z.strictObject({
    type: z.literal('actions'),
    elements: z
      .array(button)
      .min(1)
      .max(25)
      .refine((all) => new Set(all.map(({ action_id }) => action_id)).size === all.length, 'each button has an id of its own'),
  }),
]);
const shown = { text: z.string().max(40_000), parse: z.literal('none'), blocks: z.array(block).max(50).optional() };

export const methods = {
  'auth.test': { type: 'json', body: z.strictObject({}) },
  'apps.connections.open': { type: 'json', body: z.strictObject({}) },
  'chat.postMessage': {
    type: 'json',
    body: z.strictObject({
      channel,
      thread_ts: ts.optional(),
      ...shown,
      unfurl_links: z.literal(false),
      unfurl_media: z.literal(false),
      mrkdwn: z.literal(true),
      metadata: z.strictObject({ event_type: z.string().regex(/^[a-z0-9_]+$/u), event_payload: z.record(z.string(), z.string()) }),
    }),
  },
  'chat.update': { type: 'json', body: z.strictObject({ channel, ts, ...shown }) },
  'files.getUploadURLExternal': { type: 'form', body: z.strictObject({ filename: z.string().min(1), length: z.string().regex(/^\d+$/u) }) },
  'files.completeUploadExternal': {
    type: 'json',
    body: z.strictObject({
      files: z.array(z.strictObject({ id: z.string(), title: z.string().optional() })).min(1),
      channel_id: channel,
      thread_ts: ts.optional(),
    }),
  },
  'conversations.history': {
    type: 'form',
    body: z.strictObject({ channel, limit: z.string().regex(/^\d{1,3}$/u), include_all_metadata: z.literal('true'), cursor: z.string().optional() }),
  },
  'conversations.replies': {
    type: 'form',
    body: z.strictObject({ channel, ts, limit: z.string().regex(/^\d{1,3}$/u), include_all_metadata: z.literal('true'), cursor: z.string().optional() }),
  },
} as const;

/** The one thing that is said over a socket. */
export const acknowledgement = z.strictObject({ envelope_id: z.string().min(1) });

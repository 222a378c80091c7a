// What Discord takes, written from its documentation (https://discord.com/developers/docs): resources/message, interactions/receiving-and-responding,
// interactions/application-commands, components/reference and events/gateway-events.
import { z } from 'zod';

const characters = (most: number) => z.string().refine((text) => [...text].length <= most, `at most ${most} characters`);

const button = z.strictObject({
  type: z.literal(2),
  style: z.int().min(1).max(4),
  label: characters(80).min(1),
  custom_id: characters(100).min(1),
});
const row = z.strictObject({ type: z.literal(1), components: z.array(button).min(1).max(5) });
const buttonsDiffer = (rows: readonly z.output<typeof row>[]): boolean => {
  const ids = rows.flatMap(({ components }) => components.map(({ custom_id }) => custom_id));
  return new Set(ids).size === ids.length;
};

const shown = {
  allowed_mentions: z.strictObject({ parse: z.array(z.enum(['roles', 'users', 'everyone'])).max(0) }),
  flags: z.literal(4),
  components: z.array(row).max(5).refine(buttonsDiffer, 'each button has an id of its own'),
  attachments: z
    .array(z.strictObject({ id: z.int(), filename: z.string().min(1) }))
    .max(10)
    .optional(),
};

export const messageBody = z.strictObject({ content: characters(2_000).optional(), nonce: characters(25), enforce_nonce: z.literal(true), ...shown });
export const editBody = z.strictObject({ content: characters(2_000), ...shown });

/** https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object */
export const callbackBody = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal(5), data: z.strictObject({ flags: z.literal(64) }) }),
  z.strictObject({ type: z.literal(6) }),
]);

const option = z.strictObject({
  type: z.literal(3),
  name: z.string().regex(/^[-_'\p{L}\p{N}]{1,32}$/u),
  description: characters(100).min(1),
  required: z.boolean().optional(),
});
export const commandsBody = z
  .array(
    z.strictObject({
      name: z.string().regex(/^[-_'\p{L}\p{N}]{1,32}$/u),
      description: characters(100).min(1),
      type: z.literal(1),
      contexts: z.array(z.int().min(0).max(2)),
      options: z.array(option).max(25),
    }),
  )
  .max(100);

/** Frames of an app: https://discord.com/developers/docs/events/gateway-events#send-events */
export const sentFrame = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal(1), d: z.int().nullable() }),
  z.strictObject({
    op: z.literal(2),
    d: z.strictObject({
      token: z.string(),
      intents: z.int(),
      properties: z.strictObject({ os: z.string(), browser: z.string(), device: z.string() }),
    }),
  }),
  z.strictObject({ op: z.literal(6), d: z.strictObject({ token: z.string(), session_id: z.string(), seq: z.int() }) }),
]);

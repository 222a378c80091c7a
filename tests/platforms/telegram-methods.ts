// What the Bot API takes, strictly, as https://core.telegram.org/bots/api#available-methods has it; members CoPaw never sends are left out, so that a new one is seen.
import { z } from 'zod';

const chat_id = z.int();
const message_thread_id = z.int().positive().optional();
const parse_mode = z.literal('HTML').optional();
const reply_markup = z
  .strictObject({
    inline_keyboard: z.array(
      z.array(
        z.strictObject({
          text: z.string().min(1),
          callback_data: z.string().refine((data) => Buffer.byteLength(data) >= 1 && Buffer.byteLength(data) <= 64, 'BUTTON_DATA_INVALID'),
        }),
      ),
    ),
  })
  .optional();
const link_preview_options = z.strictObject({ is_disabled: z.boolean() }).optional();
const allowed_updates = z.array(z.enum(['message', 'edited_message', 'callback_query', 'message_reaction', 'my_chat_member']));
const caption = z.string().optional();

export const methods = {
  getMe: z.strictObject({}),
  // https://core.telegram.org/bots/api#getupdates
  getUpdates: z.strictObject({
    offset: z.int().optional(),
    limit: z.int().min(1).max(100).optional(),
    timeout: z.int().min(0).max(50).optional(),
    allowed_updates: allowed_updates.optional(),
  }),
  // https://core.telegram.org/bots/api#setwebhook
  setWebhook: z.strictObject({
    url: z.string(),
    secret_token: z.string().regex(/^[A-Za-z0-9_-]{1,256}$/u),
    max_connections: z.int().min(1).max(100).optional(),
    allowed_updates: allowed_updates.optional(),
    drop_pending_updates: z.literal(false).optional(),
  }),
  deleteWebhook: z.strictObject({ drop_pending_updates: z.literal(false).optional() }),
  getWebhookInfo: z.strictObject({}),
  // https://core.telegram.org/bots/api#setmycommands
  setMyCommands: z.strictObject({
    commands: z.array(z.strictObject({ command: z.string().regex(/^[a-z0-9_]{1,32}$/u), description: z.string().min(1).max(256) })).max(100),
  }),
  sendMessage: z.strictObject({ chat_id, message_thread_id, text: z.string().min(1), parse_mode, link_preview_options, reply_markup }),
  editMessageText: z.strictObject({ chat_id, message_id: z.int(), text: z.string().min(1), parse_mode, link_preview_options, reply_markup }),
  editMessageCaption: z.strictObject({ chat_id, message_id: z.int(), caption, parse_mode, reply_markup }),
  sendDocument: z.strictObject({ chat_id, message_thread_id, caption, parse_mode, reply_markup }),
  sendPhoto: z.strictObject({ chat_id, message_thread_id, caption, parse_mode, reply_markup }),
  // https://core.telegram.org/bots/api#sendmediagroup
  sendMediaGroup: z.strictObject({
    chat_id,
    message_thread_id,
    media: z
      .array(z.strictObject({ type: z.enum(['photo', 'document']), media: z.string().startsWith('attach://'), caption, parse_mode }))
      .min(2)
      .max(10)
      .refine((media) => new Set(media.map(({ type }) => type)).size === 1, 'documents are not mixed with anything else'),
  }),
  // https://core.telegram.org/bots/api#sendchataction
  sendChatAction: z.strictObject({ chat_id, message_thread_id, action: z.literal('typing') }),
  // https://core.telegram.org/bots/api#answercallbackquery
  answerCallbackQuery: z.strictObject({ callback_query_id: z.string().min(1), text: z.string().min(1).max(200).optional() }),
  getFile: z.strictObject({ file_id: z.string().min(1) }),
} as const;

export type Method = keyof typeof methods;
export const isMethod = (name: string): name is Method => Object.hasOwn(methods, name);
export const isSend = (name: Method): boolean => ['sendMessage', 'sendDocument', 'sendPhoto', 'sendMediaGroup'].includes(name);

export interface Uploaded {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A request as JSON, or as a form whose members are JSON or plain text. */
export async function readRequest(type: string, body: Uint8Array): Promise<{ params: Record<string, unknown>; files: Map<string, Uploaded> }> {
  const files = new Map<string, Uploaded>();
  if (type === 'application/json') return { params: JSON.parse(Buffer.from(body).toString()), files };
  if (!type.startsWith('multipart/form-data; boundary=')) throw new Error(`a body of type ${type}`);
  const params: Record<string, unknown> = {};
  for (const [name, value] of await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()) {
    if (typeof value === 'string') params[name] = ['chat_id', 'message_thread_id', 'media', 'reply_markup'].includes(name) ? JSON.parse(value) : value;
    else files.set(name, { name: value.name, bytes: new Uint8Array(await value.arrayBuffer()) });
  }
  return { params, files };
}

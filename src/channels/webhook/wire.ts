// What a generic webhook brings and takes, parsed: one JSON object for one event, described in docs/channels/webhook.md.

import { z } from 'zod';
import type { IncomingFile } from '../../core/channel.ts';
import type { Inbound } from '../../core/inbound.ts';
import { base64File, fileOf } from '../base64-file.ts';

const id = z.string().min(1).max(256);
const base = {
  id: id.describe('Of this event, once and for all: a repeated one is not answered again.'),
  sender: z.object({ id, name: z.string().max(200).optional() }),
  chat: z
    .object({ id, group: z.boolean().default(false), thread: id.optional() })
    .optional()
    .describe('Absent: the direct chat of the sender.'),
  at: z.number().int().nonnegative().optional().describe('Milliseconds since the epoch; absent: now.'),
};
const text = z.string().max(100_000);

const event = z.discriminatedUnion('type', [
  z
    .object({
      type: z.literal('message'),
      ...base,
      text: text.default(''),
      replyTo: id.optional(),
      mentioned: z.boolean().default(false).describe('In a group: it is addressed to CoPaw.'),
      forwarded: z.boolean().default(false),
      files: z.array(base64File).max(10).default([]),
    })
    .refine(({ text: words, files }) => words.trim() !== '' || files.length > 0, 'A message has text or files.'),
  z.object({ type: z.literal('edit'), ...base, target: id, text }),
  z.object({ type: z.literal('delete'), ...base, target: id }),
  z.object({ type: z.literal('reaction'), ...base, target: id, emoji: z.string().min(1).max(64), added: z.boolean().default(true) }),
  z.object({ type: z.literal('choice'), ...base, target: id, value: z.string().min(1).max(500) }),
]);

/** A message where nothing else is said. */
export const webhookEvent = z.preprocess(
  (value) => (typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.hasOwn(value, 'type') ? { ...value, type: 'message' } : value),
  event,
);

export interface Received {
  readonly event: Inbound;
  readonly files?: readonly IncomingFile[];
}

export function toInbound(given: z.output<typeof event>, now: number): Received {
  const { type: kind, chat, sender, at = now, ...own } = given;
  const place = { chat: placeOf(chat, sender.id), sender: { id: sender.id, ...(sender.name === undefined ? {} : { name: sender.name }) }, at };
  if (kind !== 'message') return { event: { kind, ...own, ...place } as Inbound };
  const { id: messageId, text: words, replyTo, mentioned, forwarded, files } = given;
  const flags = { ...(replyTo === undefined ? {} : { replyTo }), ...(mentioned ? { mentioned } : {}), ...(forwarded ? { forwarded } : {}) };
  return { event: { kind, id: messageId, ...place, text: words, ...flags }, files: files.map(fileOf) };
}

function placeOf(chat: z.output<typeof event>['chat'], sender: string): Inbound['chat'] {
  const { id: chatId = sender, group = false, thread } = chat ?? {};
  return { id: chatId, kind: group ? 'group' : 'direct', ...(thread === undefined ? {} : { thread }) };
}

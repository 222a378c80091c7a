// What the stream brings, parsed: its frames, and one message to the bot as what it is for CoPaw.
import { z } from 'zod';
import type { IncomingFile } from '../../core/channel.ts';
import type { Inbound, Voice } from '../../core/inbound.ts';

const id = z.string().min(1).max(256);
const optional = <T>(schema: z.ZodType<T>) => schema.optional().catch(undefined);

export const streamFrame = z.object({ type: z.string(), headers: z.object({ topic: z.string(), messageId: id }), data: z.string() });
export type StreamFrame = z.output<typeof streamFrame>;

const code = optional(z.string().min(1));
/** A part of rich text, or all of a picture, file, recording or film. */
const piece = z.object({ text: optional(z.string()), downloadCode: code, fileName: optional(z.string().min(1)), recognition: optional(z.string()) });
export const botMessage = z.object({
  ...{ msgId: id, conversationId: id, conversationType: z.enum(['1', '2']), senderId: id, msgtype: z.string() },
  ...{ senderStaffId: optional(id), senderNick: optional(z.string().min(1)), robotCode: optional(id), isInAtList: optional(z.boolean()) },
  createAt: z.coerce.number(),
  text: optional(z.object({ content: z.string() })),
  content: optional(piece.extend({ richText: optional(z.array(piece)) })),
});

export interface Received {
  readonly event: Inbound;
  readonly files: readonly IncomingFile[];
}

const names: Readonly<Record<string, string>> = { picture: 'picture', audio: 'recording', video: 'video.mp4', file: 'file' };

/**
 * People are known by their number in the organisation, the only one that can be written to; whoever has none by the id that the platform
 * gives them for this app. Undefined: nothing that CoPaw acts on.
 */
export function toInbound(
  given: z.output<typeof botMessage>,
  open: (downloadCode: string, signal: AbortSignal) => Promise<AsyncIterable<Uint8Array>>,
): Received | undefined {
  const { msgId, conversationId, conversationType, senderId, senderStaffId, senderNick, createAt, isInAtList } = given;
  const read = contentOf(given);
  if (!read) return undefined;
  return {
    event: {
      ...{ kind: 'message', id: msgId, at: createAt, text: read.text },
      chat: { id: conversationId, kind: conversationType === '1' ? 'direct' : 'group' },
      sender: { id: senderStaffId ?? senderId, ...(senderNick === undefined ? {} : { name: senderNick }) },
      ...(isInAtList === true ? { mentioned: true } : {}),
    },
    files: read.files.map(({ downloadCode, ...file }) => ({ ...file, open: (signal) => open(downloadCode, signal) })),
  };
}

interface Content {
  readonly text: string;
  readonly files: readonly { readonly name: string; readonly voice?: Voice; readonly downloadCode: string }[];
}

function contentOf({ msgtype, text, content, conversationType }: z.output<typeof botMessage>): Content | undefined {
  // Where the bot was called its name is taken out, and the blanks around it stay.
  const trimmed = (words: string): string => (conversationType === '2' ? words.trim() : words);
  if (msgtype === 'text') return text && { text: trimmed(text.content), files: [] };
  if (!content) return undefined;
  if (msgtype === 'richText') {
    const parts = content.richText ?? [];
    const files = parts.flatMap(({ downloadCode }) => (downloadCode === undefined ? [] : [{ name: 'picture', downloadCode }]));
    return { text: trimmed(parts.map((part) => part.text ?? '').join('')), files };
  }
  const name = Object.hasOwn(names, msgtype) ? names[msgtype] : undefined;
  const { downloadCode, fileName, recognition = '' } = content;
  if (name === undefined || downloadCode === undefined) return undefined;
  const voice = msgtype === 'audio' ? { voice: recognition === '' ? ('said' as const) : ('written' as const) } : {};
  return { text: recognition, files: [{ name: fileName ?? name, ...voice, downloadCode }] };
}

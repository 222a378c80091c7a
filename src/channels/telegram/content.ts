// What a message of Telegram holds beside its text: files to be fetched later, and what is said in words because it is no file.
import { z } from 'zod';
import type { IncomingFile } from '../../core/channel.ts';
import type { Language } from '../../core/config.ts';

const size = z.number().nonnegative().optional();
const fileId = z.string().min(1).max(1_000);
const named = z.object({ file_id: fileId, file_name: z.string().optional(), file_size: size });
const unnamed = z.object({ file_id: fileId, file_size: size });

export const content = z.object({
  caption: z.string().optional(),
  migrate_to_chat_id: z.int().optional(),
  photo: z.array(z.object({ file_id: fileId, width: z.number(), height: z.number(), file_size: size })).default([]),
  animation: named.optional(),
  document: named.optional(),
  audio: named.optional(),
  video: named.optional(),
  video_note: unnamed.optional(),
  voice: unnamed.optional(),
  sticker: z.object({ emoji: z.string().optional(), set_name: z.string().optional() }).optional(),
  dice: z.object({ emoji: z.string(), value: z.number() }).optional(),
  contact: z.object({ phone_number: z.string(), first_name: z.string(), last_name: z.string().default('') }).optional(),
  location: z.object({ latitude: z.number(), longitude: z.number() }).optional(),
  venue: z.object({ title: z.string(), address: z.string() }).optional(),
  poll: z.object({ question: z.string(), options: z.array(z.object({ text: z.string() })) }).optional(),
});

export type OpenFile = (id: string, size: number | undefined, signal: AbortSignal) => Promise<AsyncIterable<Uint8Array>>;

export interface Content {
  readonly words: string;
  readonly files: readonly IncomingFile[];
}

const names = {
  en: { sticker: 'sticker', contact: 'contact', location: 'location', poll: 'poll' },
  zh: { sticker: '贴纸', contact: '联系人', location: '位置', poll: '投票' },
} as const satisfies Record<Language, object>;

export function contentOf(one: z.output<typeof content> & { readonly message_id: number }, language: Language, open: OpenFile): Content {
  const file = (
    found: { file_id: string; file_size?: number | undefined } | undefined,
    name: string,
    more: Pick<IncomingFile, 'voice'> = {},
  ): readonly IncomingFile[] =>
    found
      ? [
          {
            ...more,
            name,
            ...(found.file_size === undefined ? {} : { size: found.file_size }),
            open: (signal) => open(found.file_id, found.file_size, signal),
          },
        ]
      : [];
  const id = one.message_id;
  const files = [
    ...file(one.photo.toSorted((a, b) => b.width * b.height - a.width * a.height)[0], `photo-${id}.jpg`),
    // An animation comes as a document too, for older clients.
    ...(one.animation
      ? file(one.animation, one.animation.file_name ?? `animation-${id}.mp4`)
      : file(one.document, one.document?.file_name ?? `document-${id}`)),
    ...file(one.audio, one.audio?.file_name ?? `audio-${id}.mp3`),
    ...file(one.video, one.video?.file_name ?? `video-${id}.mp4`),
    ...file(one.video_note, `video-${id}.mp4`),
    ...file(one.voice, `voice-${id}.ogg`, { voice: 'said' }),
  ];
  return { files, words: said(one, names[language]) };
}

function said({ sticker, dice, contact, location, venue, poll }: z.output<typeof content>, say: (typeof names)[Language]): string {
  const where = location && `${location.latitude}, ${location.longitude}`;
  const words = [
    sticker && [say.sticker, sticker.emoji, sticker.set_name].filter(Boolean).join(' '),
    dice && `${dice.emoji} ${dice.value}`,
    contact && `${say.contact}: ${`${contact.first_name} ${contact.last_name}`.trim()}, ${contact.phone_number}`,
    where === undefined ? undefined : [`${say.location}: ${where}`, venue?.title, venue?.address].filter(Boolean).join(', '),
    poll && `${say.poll}: ${poll.question} (${poll.options.map(({ text }) => text).join(' / ')})`,
  ];
  return words.flatMap((one) => (one ? [`[${one}]`] : [])).join('\n');
}

/** The text with the addresses that are hidden behind words written out. Offsets count UTF-16 units, as text here does. */
export function withLinks(
  text: string,
  entities: readonly { readonly type: string; readonly offset: number; readonly length: number; readonly url?: string | undefined }[],
): string {
  let shown = text;
  for (const { type, offset, length, url } of entities.toSorted((a, b) => b.offset - a.offset)) {
    const end = offset + length;
    if (type === 'text_link' && url !== undefined && end <= text.length && text.slice(offset, end) !== url)
      shown = `${shown.slice(0, end)} (${url})${shown.slice(end)}`;
  }
  return shown;
}

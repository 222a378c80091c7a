// What goes into a room: the content of events, for words and for files.

import { type PartKey, partName, type Sendable } from '../../core/channel.ts';
import { partField } from './wire.ts';

type Content = Readonly<Record<string, unknown>>;

/** Bytes that both bodies of one event may have: an edit holds its words twice, and an event with what the server adds 65,536 (size limits of the spec). */
export const mostWords = 24_000;

/** `after`: the latest event of the thread, for clients that know none. */
export interface ThreadPlace {
  readonly root: string;
  readonly after: string;
}

/** Nobody is called by what a model writes. */
const nobody = { 'm.mentions': {} };

/** `last`: nothing more of this part follows, so whoever finds it knows that all of it arrived. */
const mark = (key: PartKey, last: boolean): Content => ({ [partField]: { key: partName(key), last } });

export function wordsContent(message: Sendable, key: PartKey, thread: ThreadPlace | undefined, last: boolean): Content {
  return { ...bodies(message), ...nobody, ...inThread(thread), ...mark(key, last) };
}

export function editContent(message: Sendable, target: string): Content {
  const words = bodies(message);
  const fallback = { ...words, body: `* ${words.body}` };
  return {
    ...fallback,
    ...nobody,
    'm.new_content': { ...words, ...nobody },
    'm.relates_to': { rel_type: 'm.replace', event_id: target },
    [partField]: { edit: true },
  };
}

export function fileContent(
  file: { readonly name: string; readonly mediaType: string; readonly size: number; readonly uri: string },
  key: PartKey,
  thread: ThreadPlace | undefined,
  last: boolean,
): Content {
  const { name, mediaType, size, uri } = file;
  const info = { mimetype: mediaType, size };
  return { msgtype: messageType(mediaType), body: name, filename: name, url: uri, info, ...nobody, ...inThread(thread), ...mark(key, last) };
}

function bodies({ text, plain }: Sendable): { readonly msgtype: string; readonly body: string; readonly format?: string; readonly formatted_body?: string } {
  if (plain === undefined) return { msgtype: 'm.text', body: text };
  return { msgtype: 'm.text', body: plain, format: 'org.matrix.custom.html', formatted_body: text };
}

function inThread(thread: ThreadPlace | undefined): Content {
  if (thread === undefined) return {};
  const { root, after } = thread;
  return { 'm.relates_to': { rel_type: 'm.thread', event_id: root, is_falling_back: true, 'm.in_reply_to': { event_id: after } } };
}

function messageType(mediaType: string): string {
  const [family] = mediaType.split('/', 1);
  return family === 'image' || family === 'audio' || family === 'video' ? `m.${family}` : 'm.file';
}

// What is sent, as Discord takes it: nobody is called, nothing is previewed, and the same part has the same nonce.
import { createHash } from 'node:crypto';
import type { PartKey, Sendable } from '../../core/channel.ts';
import { CoPawError } from '../../core/error.ts';
import { type FormPart, multipart } from '../multipart.ts';
import type { PlatformRequest } from '../platform-request.ts';

/** Of one message. https://discord.com/developers/docs/resources/message#create-message */
const mostFiles = 10;
const mostFileBytes = 20 * 1024 * 1024;
const mostRequestBytes = 24 * 1024 * 1024;
const mostButtons = 25;
const buttonsInRow = 5;
const mostLabel = 80;
const suppressEmbeds = 1 << 2;

type Body = Pick<PlatformRequest, 'json' | 'body' | 'headers' | 'timeoutMs'>;

/** At most 25 characters. */
export const nonceOf = ({ answerId, part }: PartKey, piece = 0): string =>
  createHash('sha256')
    .update(JSON.stringify([answerId, part, piece]))
    .digest('base64url')
    .slice(0, 24);

/** The files of each message that a part needs. Throws `send-refused` where one is too large for Discord. */
export async function inMessages(files: NonNullable<Sendable['files']>): Promise<readonly (readonly FormPart[])[]> {
  const messages: FormPart[][] = [[]];
  let size = 0;
  for (const { name, mediaType, bytes } of files) {
    const value = await bytes();
    if (value.byteLength > mostFileBytes) throw new CoPawError('send-refused', `${name} is larger than the 20 MB that Discord takes.`);
    const last = messages.at(-1);
    const fits = last && last.length < mostFiles && size + value.byteLength <= mostRequestBytes;
    const target = fits ? last : [];
    if (!fits) {
      messages.push(target);
      size = 0;
    }
    size += value.byteLength;
    target.push({ name: `files[${target.length}]`, value, fileName: name, mediaType });
  }
  return messages;
}

/** `meaning`: what a button means, short enough. */
export function messageBody(
  { text, choices = [] }: Pick<Sendable, 'text' | 'choices'>,
  files: readonly FormPart[],
  nonce: string | undefined,
  meaning: (value: string) => string,
): Body {
  const json = {
    ...(text === '' && nonce !== undefined ? {} : { content: text }),
    ...(nonce === undefined ? {} : { nonce, enforce_nonce: true }),
    allowed_mentions: { parse: [] },
    flags: suppressEmbeds,
    components: rows(choices.slice(0, mostButtons).map(({ label, value }) => ({ type: 2, style: 2, label: cut(label), custom_id: meaning(value) }))),
    ...(files.length === 0 ? {} : { attachments: files.map(({ fileName }, id) => ({ id, filename: fileName })) }),
  };
  if (files.length === 0) return { json };
  const { contentType, body } = multipart([{ name: 'payload_json', value: JSON.stringify(json), mediaType: 'application/json' }, ...files]);
  return { body, headers: { 'content-type': contentType }, timeoutMs: 55_000 };
}

function rows(buttons: readonly object[]): object[] {
  const all: object[] = [];
  for (let at = 0; at < buttons.length; at += buttonsInRow) all.push({ type: 1, components: buttons.slice(at, at + buttonsInRow) });
  return all;
}

const cut = (label: string): string => ([...label].length <= mostLabel ? label : `${[...label].slice(0, mostLabel - 1).join('')}…`);

// The head of a mail as fields, in their order and with nothing made of them; and the few that are read apart: addresses, ids, words in other alphabets.

export interface Field {
  /** In small letters. */
  readonly name: string;
  /** Unfolded, as it was written. */
  readonly value: string;
}

/** Undefined where the head is not written as heads are: then nothing in it can be trusted. */
export function fieldsOf(head: string): readonly Field[] | undefined {
  const lines = head.replace(/\r\n/gu, '\n').split('\n');
  while (lines.length > 1 && lines.at(-1) === '') lines.pop();
  const fields: { name: string; value: string }[] = [];
  for (const line of lines) {
    if (/[\0\r]/u.test(line)) return undefined;
    const last = fields.at(-1);
    if (/^[ \t]/u.test(line)) {
      if (!last) return undefined;
      last.value += ` ${line.trim()}`;
      continue;
    }
    const [, name = '', value = ''] = /^([!-9;-~]+)[ \t]*:(.*)$/u.exec(line) ?? [];
    if (name === '') return undefined;
    fields.push({ name: name.toLowerCase(), value: value.trim() });
  }
  return fields;
}

export const valuesOf = (fields: readonly Field[], name: string): readonly string[] => fields.flatMap((field) => (field.name === name ? [field.value] : []));

/** Cuts at a character outside of quotes and comments, and takes the comments out. Undefined where they do not close. */
export function cut(value: string, at: string): readonly string[] | undefined {
  const parts = [''];
  let quoted = false;
  let depth = 0;
  for (let index = 0; index < value.length; index++) {
    const one = value[index] ?? '';
    const escaped = one === '\\' && (quoted || depth > 0);
    const piece = escaped ? value.slice(index, index + 2) : one;
    if (escaped) index++;
    else if (one === '"' && depth === 0) quoted = !quoted;
    else if (one === '(' && !quoted) depth++;
    if (one === at && !escaped && !quoted && depth === 0) parts.push('');
    else if (depth === 0) parts[parts.length - 1] += piece;
    if (one === ')' && !escaped && !quoted && depth > 0) depth--;
    else if (one === ')' && !escaped && !quoted) return undefined;
  }
  return quoted || depth > 0 ? undefined : parts;
}

const plainAddress = /^[a-z0-9.!#$%&'*+/_~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/u;

export interface Mailbox {
  /** In small letters. */
  readonly address: string;
  readonly name?: string;
}

/** A name and an address. Whoever writes more has something else in mind, and a stranger's field is read before it is known whose it is. */
const longestMailbox = 1_000;

/** The one person a field names. Undefined for several, groups, and every way of writing that two programs could read as two different people. */
export function oneMailbox(value: string): Mailbox | undefined {
  if (value.length > longestMailbox) return undefined;
  if (/<[^>]*\(/u.test(withoutQuotes(value))) return undefined;
  const people = cut(value, ',');
  const [person = ''] = people ?? [];
  if (people?.length !== 1 || cut(person, ';')?.length !== 1) return undefined;
  const [before = '', inside, ...more] = cut(person, '<') ?? [];
  const written = inside === undefined ? before : /^([^<>"\s]+)>\s*$/u.exec(inside)?.[1];
  const address = written?.trim().toLowerCase() ?? '';
  if (more.length > 0 || !plainAddress.test(address) || address.length > 254 || (inside !== undefined && /[<>@:]/u.test(withoutQuotes(before))))
    return undefined;
  const name = inside === undefined ? '' : readable(before.replaceAll('"', '').replace(/\\(.)/gu, '$1')).trim();
  return { address, ...(name === '' ? {} : { name: name.slice(0, 200) }) };
}

const withoutQuotes = (text: string): string => text.replace(/"(?:[^"\\]|\\.)*"/gu, '');

/** Words in other alphabets (RFC 2047), for people to read; never to compare. Control characters are left out. */
export function readable(text: string): string {
  const joined = text.replace(/(=\?[^?\s]+\?[bq]\?[^?\s]*\?=)\s+(?==\?[^?\s]+\?[bq]\?)/giu, '$1');
  const words = joined.replace(/=\?([^?*\s]{1,40})(?:\*[^?\s]*)?\?([bq])\?([^?\s]*)\?=/giu, (all, charset: string, way: string, body: string) => {
    const latin = body.replaceAll('_', ' ').replace(/=([0-9a-f]{2})/giu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    const bytes = way.toLowerCase() === 'b' ? Buffer.from(body, 'base64') : Buffer.from(latin, 'latin1');
    try {
      return new TextDecoder(charset).decode(bytes);
    } catch {
      return all;
    }
  });
  return words.replace(/[\p{Cc}\p{Bidi_Control}]+/gu, ' ');
}

/** Ids of messages in a field, without their brackets. */
export const idsIn = (value = ''): readonly string[] => [...value.matchAll(/<([^\s<>]{1,250})>/gu)].map(([, id = '']) => id);

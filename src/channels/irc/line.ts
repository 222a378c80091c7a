// One line of IRC (RFC 1459, IRCv3 message tags): taken apart, and put together so that no word can become a second command.
import { CoPawError } from '../../core/error.ts';

export interface Line {
  readonly tags: ReadonlyMap<string, string>;
  /** Nick, or name of a server. */
  readonly from: string;
  readonly command: string;
  readonly params: readonly string[];
}

const escapes: Readonly<Record<string, string>> = { ':': ';', s: ' ', '\\': '\\', r: '\r', n: '\n' };

export function parseLine(text: string): Line | undefined {
  const parts = /^(?:@(?<tags>[^ ]*) +)?(?::(?<from>[^ ]*) +)?(?<command>[A-Za-z]+|\d{3})(?<rest>(?: .*)?)$/su.exec(text)?.groups;
  if (!parts) return undefined;
  const { tags = '', from = '', command = '', rest = '' } = parts;
  const [middle = '', ...last] = rest.split(' :');
  const params = middle.split(' ').filter((param) => param !== '');
  return {
    ...{ tags: new Map(tags.split(';').map(tagOf)), from: from.split('!')[0] ?? '', command: command.toUpperCase() },
    params: last.length === 0 ? params : [...params, last.join(' :')],
  };
}

function tagOf(text: string): readonly [string, string] {
  const [name = '', ...value] = text.split('=');
  return [name, value.join('=').replace(/\\(.?)/gsu, (_, character: string) => escapes[character] ?? character)];
}

/** As it is written to the server, with its end. The last parameter may be any words on one line; the others have no spaces. */
export function writeLine(command: string, ...params: readonly string[]): string {
  const last = params.length - 1;
  const words = params.map((param, index) => {
    const isBroken = /[\r\n\0]/u.test(param) || (index !== last && (param === '' || param.includes(' ') || param.startsWith(':')));
    if (isBroken) throw new CoPawError('send-refused', 'This would be more than one command of IRC.');
    return index === last ? `:${param}` : param;
  });
  return `${[command, ...words].join(' ')}\r\n`;
}

/** Names are the same in small and capital letters; in many networks these four too. Where it is not known they are not: two people never become one. */
export function fold(name: string, mapping: string): string {
  const small = name.replace(/[A-Z]/gu, (letter) => letter.toLowerCase());
  if (mapping !== 'rfc1459' && mapping !== 'strict-rfc1459') return small;
  const more = small.replaceAll('[', '{').replaceAll(']', '}').replaceAll('\\', '|');
  return mapping === 'strict-rfc1459' ? more : more.replaceAll('~', '^');
}

/** A channel, or a nick: one, and no mask. */
export const isChannel = (name: string): boolean => /^[#&+!][^\s,:\p{Cc}]{1,199}$/u.test(name);
export const isNick = (name: string): boolean => /^[^\s,:@!*?$#&+\p{Cc}][^\s,:@!*?\p{Cc}]{0,63}$/u.test(name);

/** Colours, bold and the rest of what clients make of control characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const format = /\u0003(?:\d{1,2}(?:,\d{1,2})?)?|\u0004(?:[0-9A-Fa-f]{6})?|\p{Cc}/gu;
export const withoutFormat = (text: string): string => text.replace(format, '');

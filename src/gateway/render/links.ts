// Which links of a model's text may be followed, and the character references that Markdown leaves in text.
import { inTheOpen } from './open-text.ts';

const schemes: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:', 'tg:']);

/** The absolute address, with nothing in it that could end a link in any dialect; undefined for other schemes, relative addresses and nonsense. */
export function safeLink(href: string): string | undefined {
  const url = URL.parse(href);
  if (!url || !schemes.has(url.protocol)) return undefined;
  const written = url.href === `${href}/` ? href : url.href;
  return written.replace(/["'<>\\`|{}^]/gu, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Words that look like an address of their own. */
const likeAddress = /^\s*(?:[a-z][a-z\d+.-]*:\/\/|www\.)/iu;
export const posesAsAddress = (words: string): boolean => likeAddress.test(words);

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  copy: '©',
  hellip: '…',
  mdash: '—',
  ndash: '–',
};

/** `&amp;`, `&#39;` and their like as the characters they stand for; once, so that `&amp;lt;` stays `&lt;`. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/giu, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return named[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? inTheOpen(String.fromCodePoint(code)) : whole;
  });
}

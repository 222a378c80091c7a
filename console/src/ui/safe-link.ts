// Which links of a model's text may be followed, and the few character references that Markdown leaves in text.

import { readable } from './visible.ts';

const schemes: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);

/** The absolute URL when its scheme is http, https or mailto; undefined for anything else, relative ones included. */
export function safeLink(href: string): string | undefined {
  const url = URL.parse(href);
  return url && schemes.has(url.protocol) ? url.href : undefined;
}

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
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/giu, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return named[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? readable(String.fromCodePoint(code)) : whole;
  });
}
